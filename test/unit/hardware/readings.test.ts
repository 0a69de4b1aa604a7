import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { createIoProvider } from '../../../src/hardware/lines/io-provider.js';
import type { LineIo } from '../../../src/hardware/lines/line-io.js';
import { createLines } from '../../../src/hardware/lines/lines.js';
import { openReadings, type ReadingSource } from '../../../src/hardware/lines/readings.js';
import { until } from '../../until.js';
import { ManualClock } from '../manual-clock.js';

/** A plugin with analog pins, read by the real johnny-five. */
class AnalogIo extends EventEmitter implements LineIo {
  readonly name = 'Fake';
  readonly MODES = Object.freeze({ INPUT: 0, OUTPUT: 1, ANALOG: 2, PWM: 3, SERVO: 4 });
  readonly HIGH = 1;
  readonly LOW = 0;
  readonly pins = Array.from({ length: 20 }, () => ({ supportedModes: [0, 1, 2], mode: 0, value: 0, report: 0 }));
  readonly analogPins = [14, 15, 16, 17, 18, 19];
  readonly isReady = true;
  readonly written: string[] = [];
  heardUs: number | null = null;
  /** How often the gateway asked for the age of a value: once for each that johnny-five gave, old or new. */
  asked = 0;
  feed: (value: number) => void = () => undefined;

  pinMode(): void {
    // Not asked about.
  }
  digitalWrite(pin: number, value: number): void {
    this.written.push(`${pin} ${value}`);
  }
  digitalRead(_pin: number, listener: (value: number) => void): void {
    this.feed = listener;
  }
  analogRead(_pin: number, listener: (value: number) => void): void {
    this.feed = listener;
  }
  lastAnalogUs(): number | null {
    this.asked++;
    return this.heardUs;
  }
}

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0).reverse()) close();
});

async function reading(source: ReadingSource, atUs = 5_000_000) {
  const io = new AnalogIo();
  const clock = new ManualClock();
  clock.advance(atUs);
  const provider = createIoProvider({ name: 'the test', has: () => true, openIo: () => Promise.resolve(io) });
  const lines = createLines([provider]);
  const readings = await openReadings(lines, source, clock);
  toClose.push(() => readings.close());
  const values: number[] = [];
  const troubles: (string | null)[] = [];
  let ended = false;
  readings.values.subscribe({ next: (value) => values.push(value), complete: () => (ended = true) });
  readings.troubles.subscribe((trouble) => troubles.push(trouble));
  return {
    ...{ io, clock, readings, values, troubles },
    ended: () => ended,
    /** A value of the pin, now. */
    give: (value: number) => {
      io.heardUs = clock.nowUs();
      io.feed(value);
    },
    /** johnny-five has given what it had twice, so that it was given at least once since this was called. */
    rounds: async () => {
      const before = io.asked;
      await until(() => io.asked >= before + 2);
    },
  };
}

describe('a sensor', () => {
  const source: ReadingSource = { type: 'sensor', pin: 'A0', everyUs: 1000 };

  it('gives counts, and not the 0 that johnny-five gives before there is a value', async () => {
    const { values, troubles, give, rounds } = await reading(source);
    await rounds();
    expect(values).toEqual([]);
    give(512);
    await until(() => values.includes(512));
    await rounds();
    expect(new Set(values)).toEqual(new Set([512]));
    expect(troubles).toEqual([null]);
  });

  it('that falls silent gives nothing and says so once; that it speaks again, too', async () => {
    const { clock, values, troubles, give, rounds } = await reading(source);
    give(300);
    await until(() => values.length > 0);
    clock.advance(1_000_000);
    await rounds();
    expect(troubles).toEqual([null]);
    clock.advance(1);
    await rounds();
    const before = values.length;
    await rounds();
    expect(values.length).toBe(before);
    expect(troubles).toEqual([null, 'A0 gives no values']);
    give(301);
    await until(() => values.at(-1) === 301);
    expect(troubles).toEqual([null, 'A0 gives no values', null]);
  });

  it('that never gave anything is as silent, a second after it was opened', async () => {
    const { clock, values, troubles, rounds } = await reading(source);
    clock.advance(1_000_000);
    await rounds();
    expect(troubles).toEqual([null]);
    clock.advance(1);
    await rounds();
    expect(troubles).toEqual([null, 'A0 gives no values']);
    expect(values).toEqual([]);
  });

  it('that is read seldom may be silent for three of its periods', async () => {
    // Three of these are longer than the second that any sensor may be silent for.
    const { clock, troubles, give, io } = await reading({ ...source, everyUs: 334_000 });
    give(7);
    clock.advance(1_002_000);
    await until(() => io.asked > 0);
    expect(troubles).toEqual([null]);
    clock.advance(1);
    const before = io.asked;
    await until(() => io.asked > before);
    expect(troubles).toEqual([null, 'A0 gives no values']);
  });

  it('whose lines are in trouble says that, and gives nothing meanwhile, though values come', async () => {
    const { io, values, troubles, give, rounds } = await reading(source);
    give(100);
    await until(() => values.length > 0);
    io.emit('error', new Error('unplugged'));
    await rounds();
    const before = values.length;
    give(200);
    await rounds();
    expect(values.length).toBe(before);
    expect(troubles).toEqual([null, 'unplugged']);
    io.emit('recovered');
    await until(() => values.at(-1) === 200);
    expect(troubles).toEqual([null, 'unplugged', null]);
  });

  it('R27: that is closed is read no more', async () => {
    const { io, values, readings, give, rounds, ended } = await reading(source);
    give(1);
    await until(() => values.length > 0);
    await rounds();
    readings.close();
    expect(ended()).toBe(true);
    const before = io.asked;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(io.asked).toBe(before);
  });
});

describe('a thermometer', () => {
  it('gives whole thousandths of a degree Celsius', async () => {
    const { values, give } = await reading({ type: 'thermometer', pin: 'A1', controller: 'LM35', everyUs: 1000 });
    give(51);
    await until(() => values.length > 0);
    // 51 of 1023 counts at 5 V are 249.27 mV, 10 mV for each degree; johnny-five rounds to a whole one.
    expect(values[0]).toBe(25_000);
  });

  it('R27: that is closed is read no more', async () => {
    const { io, values, readings, give, rounds } = await reading({
      ...{ type: 'thermometer', pin: 'A1', controller: 'TMP36', everyUs: 1000 },
    });
    give(150);
    await until(() => values.length > 0);
    await rounds();
    readings.close();
    const before = io.asked;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(io.asked).toBe(before);
  });

  it('of a kind that is not read at one analog pin is refused by its name', async () => {
    await expect(
      reading({ type: 'thermometer', pin: 'A1', controller: 'NONSENSE', everyUs: 1000 }),
    ).rejects.toMatchObject({
      code: 'RELAY_UNAVAILABLE',
      value: 'NONSENSE',
      message: expect.stringContaining('a NONSENSE cannot be read at'),
      expected: expect.stringContaining('TMP36, LM35, LM335 or ANALOG'),
      cause: expect.any(Error),
    });
  });
});

describe('a button', () => {
  const source: ReadingSource = { type: 'button', pin: 'D4' };

  it('gives its edges, the first of them a press, and writes nothing to its line', async () => {
    const { io, values, troubles } = await reading(source);
    io.feed(0);
    io.feed(1);
    await until(() => values.length === 1);
    io.feed(0);
    await until(() => values.length === 2);
    expect(values).toEqual([1, 0]);
    expect(troubles).toEqual([null]);
    expect(io.written).toEqual([]);
  });

  it('that bounces and ends where it began gives nothing', async () => {
    const { io, values } = await reading(source);
    io.feed(1);
    io.feed(0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    io.feed(1);
    await until(() => values.length === 1);
    io.feed(0);
    io.feed(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    io.feed(0);
    await until(() => values.length === 2);
    expect(values).toEqual([1, 0]);
  });

  it('says what is wrong with its lines, and that it is over, until it is closed', async () => {
    const { io, readings, values, troubles, ended } = await reading(source);
    io.emit('error', 'unplugged');
    io.emit('recovered');
    expect(troubles).toEqual([null, 'unplugged', null]);
    readings.close();
    io.emit('error', 'unplugged');
    io.feed(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    io.feed(0);
    expect(troubles).toEqual([null, 'unplugged', null]);
    expect(values).toEqual([]);
    expect(ended()).toBe(true);
  });
});
