import { afterEach, describe, expect, test } from 'vitest';
import { WallClock } from '../../src/clock/clock.js';
import { createFirmataProvider } from '../../src/hardware/firmata/firmata-provider.js';
import { createLines } from '../../src/hardware/lines/lines.js';
import { openReadings, type ReadingSource } from '../../src/hardware/lines/readings.js';
import { openByteSession } from '../../src/serial/session/byte-session.js';
import { until } from '../until.js';
import { FirmataStage } from './firmata-stage.js';

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0).reverse()) close();
});

async function read(stage: FirmataStage, source: ReadingSource) {
  const clock = new WallClock();
  const provider = createFirmataProvider({
    port: 'usb-1.4',
    openStream: () => openByteSession({ path: stage.port.portPath, baudRate: 57_600 }),
    clock,
  });
  const lines = createLines([provider]);
  toClose.push(() => lines.close());
  const readings = await openReadings(lines, source, clock);
  toClose.push(() => readings.close());
  const values: number[] = [];
  const troubles: (string | null)[] = [];
  readings.values.subscribe((value) => values.push(value));
  readings.troubles.subscribe((trouble) => troubles.push(trouble));
  return { values, troubles };
}

async function stageOf(): Promise<FirmataStage> {
  const stage = await FirmataStage.create();
  toClose.push(() => stage.stop());
  return stage;
}

describe("johnny-five's parts on a Firmata board", () => {
  test('Sensor gives counts; while the board is away it gives nothing, and says so', async () => {
    const stage = await stageOf();
    stage.board.setVolts(0, 2.5);
    const { values, troubles } = await read(stage, { type: 'sensor', pin: 'A0', everyUs: 50_000 });
    await until(
      () => values.at(-1) === 512,
      () => values,
    );
    // Not the 0 that johnny-five gives before there is a value.
    expect(values.every((value) => value === 512)).toBe(true);
    stage.board.setVolts(0, 5);
    await until(
      () => values.at(-1) === 1023,
      () => values,
    );
    stage.port.unplug({ losesPower: true });
    await until(
      () => troubles.at(-1) !== null,
      () => troubles,
    );
    expect(troubles.at(-1)).toMatch(/^not there: unplugged/);
    const before = values.length;
    stage.board.setVolts(0, 1.25);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(values.length).toBe(before);
    stage.port.plug({ losesPower: true });
    await until(
      () => values.at(-1) === 256,
      () => [values, troubles],
    );
    expect(troubles.at(-1)).toBeNull();
  });

  test('Thermometer gives thousandths of a degree', async () => {
    const stage = await stageOf();
    // TMP36: 750 mV at 25 degC, 10 mV for each degree.
    stage.board.setVolts(1, 0.75);
    const { values } = await read(stage, { type: 'thermometer', pin: 'A1', controller: 'TMP36', everyUs: 50_000 });
    await until(
      () => Math.abs((values.at(-1) ?? 0) - 25_000) <= 1000,
      () => values,
    );
  });

  test('a thermometer on a bus is refused, and one that johnny-five does not know', async () => {
    const stage = await stageOf();
    for (const controller of ['MPU6050', 'NONSENSE']) {
      const reading = read(stage, { type: 'thermometer', pin: 'A1', controller, everyUs: 50_000 });
      await expect(reading).rejects.toMatchObject({ code: 'RELAY_UNAVAILABLE' });
      for (const close of toClose.splice(1).reverse()) close();
    }
  });

  test('Button gives every edge, and no first one where it is up', async () => {
    const stage = await stageOf();
    stage.board.setLevel(4, 0);
    const { values } = await read(stage, { type: 'button', pin: 'D4' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(values).toEqual([]);
    stage.board.setLevel(4, 1);
    await until(() => values.length === 1);
    stage.board.setLevel(4, 0);
    await until(() => values.length === 2);
    expect(values).toEqual([1, 0]);
  });
});
