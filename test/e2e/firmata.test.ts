import five from 'johnny-five';
import { afterEach, describe, expect, test } from 'vitest';
import { WallClock } from '../../src/clock/clock.js';
import { createFirmataProvider } from '../../src/hardware/firmata/firmata-provider.js';
import type { LineProvider } from '../../src/hardware/lines/line-provider.js';
import { createLines, type Lines } from '../../src/hardware/lines/lines.js';
import { openByteSession } from '../../src/serial/session/byte-session.js';
import { until } from '../until.js';
import { FirmataStage } from './firmata-stage.js';

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0).reverse()) close();
});

interface Rig {
  readonly stage: FirmataStage;
  readonly provider: LineProvider;
  readonly lines: Lines;
  /** What the provider said was wrong, in order; null: nothing any more. */
  readonly troubles: (string | null)[];
}

async function rig(kind: 'uno' | 'mega' = 'uno'): Promise<Rig> {
  const stage = await FirmataStage.create(kind);
  toClose.push(() => stage.stop());
  return attach(stage);
}

/** A gateway's view of the board; another one may have had it before. */
function attach(stage: FirmataStage): Rig {
  const provider = createFirmataProvider({
    port: 'usb-1.4',
    openStream: () => openByteSession({ path: stage.port.portPath, baudRate: 57_600 }),
    clock: new WallClock(),
  });
  const lines = createLines([provider]);
  toClose.push(() => lines.close());
  const troubles: (string | null)[] = [];
  provider.changes.subscribe((trouble) => troubles.push(trouble));
  return { stage, provider, lines, troubles };
}

const output = (lines: Lines, line: string, activeLow = false) => lines.openOutput(line, { activeLow });

describe('a Firmata board with the real StandardFirmata', () => {
  test("johnny-five's Relay moves its pins, each alone, and nothing before the first command", async () => {
    const { stage, lines } = await rig();
    const seven = await output(lines, 'D7');
    const six = await output(lines, 'D6');
    expect(stage.changes).toEqual([]);
    seven.set(true);
    await until(() => stage.isOn(7));
    six.set(true);
    await until(() => stage.isOn(6));
    seven.set(false);
    await until(() => !stage.isOn(7));
    expect(stage.changes).toEqual([
      { pin: 7, on: true },
      { pin: 6, on: true },
      { pin: 7, on: false },
    ]);
  });

  test('R27: a gateway that comes back finds the levels as they are, and writing one pin leaves the others', async () => {
    const { stage, lines } = await rig();
    (await output(lines, 'D7')).set(true);
    (await output(lines, 'D5')).set(true);
    await until(() => stage.isOn(7) && stage.isOn(5));
    lines.close();
    const again = attach(stage);
    const seven = await output(again.lines, 'D7');
    seven.set(true);
    seven.set(false);
    await until(() => !stage.isOn(7));
    expect(stage.changesOf(7)).toEqual([true, false]);
    expect(stage.changesOf(5)).toEqual([true]);
  });

  test('an analog pin is an output too, and not the pin of its channel number', async () => {
    const { stage, lines } = await rig();
    (await output(lines, 'D14')).set(true);
    await until(() => stage.isOn(14));
    expect(stage.changesOf(0)).toEqual([]);
    (await output(lines, 'D14')).set(false);
    await until(() => !stage.isOn(14));
  });

  test('a line is read at once and at every change, with and without a pull-up', async () => {
    const { stage, lines } = await rig();
    stage.board.setLevel(8, 1);
    stage.board.setLevel(9, null);
    const heard: (boolean | null)[] = [];
    const pulled: (boolean | null)[] = [];
    await lines.openInput('D8', { activeLow: false, pull: 'none' }, (on) => heard.push(on));
    await lines.openInput('D9', { activeLow: true, pull: 'up' }, (on) => pulled.push(on));
    await until(
      () => heard.length === 1 && pulled.at(-1) === false,
      () => [heard, pulled],
    );
    stage.board.setLevel(8, 0);
    stage.board.setLevel(9, 0);
    await until(
      () => heard.length === 2 && pulled.at(-1) === true,
      () => [heard, pulled],
    );
    expect(heard).toEqual([true, false]);
  });

  test('refused: a pull-down, the pins of the serial line, and a pin that the board has not', async () => {
    const { lines } = await rig();
    const opening = lines.openInput('D8', { activeLow: false, pull: 'down' }, () => undefined);
    await expect(opening).rejects.toMatchObject({ code: 'RELAY_UNAVAILABLE' });
    for (const line of ['D0', 'D1', 'D40']) {
      const opened = await output(lines, line);
      expect(() => opened.set(true)).toThrow(/no pin/);
      expect(opened.trouble).toMatch(/no pin/);
    }
  });

  test('unplugged, it is a condition with a name; plugged in again it goes on by itself, commanded levels first', async () => {
    const { stage, provider, lines, troubles } = await rig();
    const seven = await output(lines, 'D7');
    const heard: (boolean | null)[] = [];
    stage.board.setLevel(8, 1);
    await lines.openInput('D8', { activeLow: false, pull: 'none' }, (on) => heard.push(on));
    seven.set(true);
    await until(() => stage.isOn(7) && heard.at(-1) === true);
    stage.port.unplug({ losesPower: true });
    await until(() => seven.trouble !== null);
    expect(provider.trouble).toMatch(/^not there: unplugged/);
    expect(heard).toEqual([true, null]);
    expect(stage.changesOf(7)).toEqual([true, false]);
    stage.board.setLevel(8, 0);
    // Commanded while it is away: that is what it comes back with.
    seven.set(false);
    seven.set(true);
    stage.port.plug({ losesPower: true });
    await until(
      () => provider.trouble === null,
      () => troubles,
    );
    await until(() => heard.length === 3);
    expect(stage.changesOf(7)).toEqual([true, false, true]);
    expect(heard).toEqual([true, null, false]);
  });

  test('a restart that nobody ordered is noticed by its greeting, and pins are written again', async () => {
    const { stage, lines, troubles } = await rig();
    const seven = await output(lines, 'D7');
    seven.set(true);
    await until(() => stage.isOn(7));
    stage.board.resetExternal();
    await until(
      () => stage.changesOf(7).length === 3,
      () => [stage.changes, troubles],
    );
    expect(stage.changesOf(7)).toEqual([true, false, true]);
    await until(() => troubles.at(-1) === null && troubles.some((trouble) => /restarted/.test(trouble ?? '')));
    expect(troubles.some((trouble) => /does not answer/.test(trouble ?? ''))).toBe(true);
  });

  test('a reset of its pins that it does not tell (a byte 0xff on the line) is found by asking, and undone', async () => {
    const { stage, lines, troubles } = await rig();
    const seven = await output(lines, 'D7');
    const analog = await output(lines, 'D15');
    const heard: (boolean | null)[] = [];
    stage.board.setLevel(8, 1);
    await lines.openInput('D8', { activeLow: false, pull: 'none' }, (on) => heard.push(on));
    seven.set(true);
    analog.set(true);
    await until(() => stage.isOn(7) && stage.isOn(15) && heard.at(-1) === true);
    stage.port.link.fromHost(Uint8Array.of(0xff));
    await until(
      () => stage.changesOf(7).length === 3 && stage.changesOf(15).length === 3,
      () => stage.changes,
    );
    expect(stage.changesOf(7)).toEqual([true, false, true]);
    expect(stage.changesOf(15)).toEqual([true, false, true]);
    await until(() => troubles.at(-1) === null && troubles.some((trouble) => /forgotten/.test(trouble ?? '')));
    const before = heard.length;
    stage.board.setLevel(8, 0);
    await until(
      () => heard.length > before && heard.at(-1) === false,
      () => heard,
    );
  });

  test('a board that hangs is a condition, and is back when it answers', async () => {
    const { stage, provider, lines, troubles } = await rig();
    const seven = await output(lines, 'D7');
    seven.set(true);
    await until(() => stage.isOn(7));
    stage.port.link.cut();
    await until(() => provider.trouble !== null);
    expect(provider.trouble).toMatch(/does not answer/);
    stage.port.link.mend();
    await until(
      () => provider.trouble === null,
      () => troubles,
    );
    expect(stage.changesOf(7)).toEqual([true]);
  });

  test('what StandardFirmata does to its pins after a reset: digital ones low outputs, analog ones open', async () => {
    const { stage, lines } = await rig();
    const [active, analog] = [await output(lines, 'D7', true), await output(lines, 'D14', true)];
    active.set(false);
    analog.set(false);
    await until(() => stage.isOn(7) && stage.isOn(14));
    stage.board.resetExternal();
    expect([stage.isOn(7), stage.isOn(14)]).toEqual([false, false]);
    await until(() => (stage.board.readRam(0x2a, 1)[0] ?? 0) === 0xfc);
    // DDRD: 2 to 7 drive, and low: a module that a low level switches on is on. DDRC: A0 to A5 do not drive.
    expect((stage.board.readRam(0x27, 1)[0] ?? 0) & 1).toBe(0);
    await until(() => stage.isOn(7) && stage.isOn(14));
  });

  test('a Mega serves as well, with its upper pins', async () => {
    const { stage, lines } = await rig('mega');
    (await output(lines, 'D49')).set(true);
    (await output(lines, 'D22')).set(true);
    await until(() => stage.isOn(49) && stage.isOn(22));
    expect(stage.changes).toEqual([
      { pin: 49, on: true },
      { pin: 22, on: true },
    ]);
  });

  test('a port that has no Firmata board behind it is refused, with what is wrong', async () => {
    const provider = createFirmataProvider({
      port: 'usb-1.4',
      openStream: () => Promise.reject(new Error('there is no such port')),
      clock: {
        nowUs: () => 0,
        alarm: (atUs, ring) => {
          // Retries and the limit ring in their order, at once.
          const timer = setTimeout(ring, atUs / 100_000);
          return () => clearTimeout(timer);
        },
      },
    });
    await expect(createLines([provider]).openOutput('D7', { activeLow: false })).rejects.toMatchObject({
      code: 'RELAY_UNAVAILABLE',
      message: expect.stringContaining('there is no such port'),
    });
  });

  test('the plugin is one that johnny-five takes for itself', async () => {
    const { lines, stage } = await rig();
    const { board, pin } = await lines.boardOf('D7');
    new five.Relay({ board, pin, type: 'NO' }).close();
    await until(() => stage.isOn(7));
    expect(stage.changesOf(7)).toEqual([true]);
  });
});
