import { describe, expect, it } from 'vitest';
import { GpioIo } from '../../../src/hardware/gpio/gpio-io.js';
import { createGpioProvider } from '../../../src/hardware/gpio/gpio-provider.js';
import { FakeGpio } from '../fake-gpio.js';
import { ManualClock } from '../manual-clock.js';

const IDLE_US = 10_000;
const BUSY_US = 1000;

const turn = () => new Promise((resolve) => setImmediate(resolve));

function plugin() {
  const [gpio, clock] = [new FakeGpio(), new ManualClock()];
  const io = new GpioIo(gpio, clock, null);
  const errors: unknown[] = [];
  let recoveries = 0;
  io.on('error', (error) => errors.push(error));
  io.on('recovered', () => recoveries++);
  return { gpio, clock, io, errors, recoveries: () => recoveries };
}

const internal = (value: string) => expect.objectContaining({ code: 'INTERNAL', value });

describe("the host's GPIO as a plugin of johnny-five", () => {
  it('is connected and then ready, when its listeners are there', async () => {
    const { io } = plugin();
    const said: string[] = [];
    for (const event of ['connect', 'ready']) io.on(event, () => said.push(`${event} ${io.isReady}`));
    expect([io.isReady, said]).toEqual([false, []]);
    await turn();
    expect([io.isReady, said]).toEqual([true, ['connect false', 'ready true']]);
    expect(io.MODES).toEqual({ INPUT: 0, OUTPUT: 1, ANALOG: 2, PWM: 3, SERVO: 4 });
    expect([io.pins, io.analogPins]).toEqual([[], []]);
  });

  it('takes a number for the line of that number', () => {
    const { io, gpio } = plugin();
    expect([io.normalize(17), io.normalize('GPIO4')]).toEqual(['GPIO17', 'GPIO4']);
    io.digitalWrite(17, 1);
    expect([gpio.done, io.readLevel('GPIO17')]).toEqual([['GPIO17=1'], 1]);
  });

  it('R13: takes an output with its first level, whatever mode is named before', () => {
    const { io, gpio } = plugin();
    io.pinMode('GPIO17', io.MODES.OUTPUT);
    expect([gpio.line('GPIO17').request, io.pins]).toEqual([null, []]);
    io.digitalWrite('GPIO17', true);
    io.digitalWrite('GPIO17', false);
    io.digitalWrite('GPIO17', 1);
    io.digitalWrite('GPIO17', 0);
    expect(gpio.done).toEqual(['GPIO17=1', 'GPIO17=0', 'GPIO17=1', 'GPIO17=0']);
  });

  it('lists its pins as johnny-five wants to see them, in the order in which they were named', () => {
    const { io, gpio, clock } = plugin();
    io.digitalWrite('GPIO17', 1);
    gpio.drive('GPIO27', 1);
    io.digitalRead('GPIO27', () => undefined);
    io.pinMode('GPIO5', io.MODES.INPUT);
    const pin = { supportedModes: [0, 1], analogChannel: 127 };
    expect(io.pins).toEqual([
      { ...pin, mode: 1, value: 1, report: 0 },
      { ...pin, mode: 0, value: 0, report: 1 },
      { ...pin, mode: 0, value: 0, report: 0 },
    ]);
    clock.advance(0);
    io.digitalWrite('GPIO17', 0);
    expect(io.pins.map(({ value }) => value)).toEqual([0, 1, 0]);
  });

  it('an input has the resistor that was named before, and none else', () => {
    const { io, gpio } = plugin();
    io.setPull(27, 'up');
    io.pinMode('GPIO27', io.MODES.INPUT);
    io.pinMode('GPIO5', io.MODES.INPUT);
    expect([gpio.line('GPIO27').request, gpio.line('GPIO5').request]).toEqual([
      { direction: 'input', consumer: 'copycat', pull: 'up' },
      { direction: 'input', consumer: 'copycat', pull: 'none' },
    ]);
  });

  it('a line is for one use: what is read is not driven, what is driven is not read, what nobody holds has no level', () => {
    const { io, gpio } = plugin();
    io.pinMode('GPIO27', io.MODES.INPUT);
    io.digitalWrite('GPIO17', 1);
    expect(() => io.digitalWrite('GPIO27', 1)).toThrow(internal('GPIO27'));
    expect(() => io.digitalRead('GPIO17', () => undefined)).toThrow(internal('GPIO17'));
    expect(() => io.pinMode('GPIO17', io.MODES.INPUT)).toThrow(internal('GPIO17'));
    expect(() => io.readLevel('GPIO5')).toThrow(internal('GPIO5'));
    expect(gpio.done).toEqual(['GPIO17=1']);
  });

  it.each([
    ['mode 2', (io: GpioIo) => io.pinMode(17, io.MODES.ANALOG)],
    ['analog input', (io: GpioIo) => io.analogRead(17)],
    ['PWM', (io: GpioIo) => io.analogWrite(17)],
    ['servo', (io: GpioIo) => io.servoWrite(17)],
  ])('has no %s, says so and takes no line', (what, use) => {
    const { io, gpio } = plugin();
    expect(() => use(io)).toThrow(
      expect.objectContaining({
        code: 'RELAY_UNAVAILABLE',
        message: `a GPIO line of the host has no ${what}`,
        value: 17,
        expected: 'digital input or output; analog pins are on a Firmata board (A0)',
      }),
    );
    expect(gpio.line('GPIO17').request).toBeNull();
  });
});

describe('an input of the host', () => {
  it('tells its level soon, each change once, and is looked at every 10 ms', () => {
    const { io, gpio, clock } = plugin();
    const heard: number[] = [];
    io.digitalRead('GPIO27', (level) => heard.push(level));
    expect(heard).toEqual([]);
    clock.advance(0);
    clock.advance(5 * IDLE_US);
    expect(heard).toEqual([0]);
    gpio.drive('GPIO27', 1);
    clock.advance(IDLE_US - 1);
    expect(heard).toEqual([0]);
    clock.advance(1);
    expect(heard).toEqual([0, 1]);
    expect(clock.alarms).toBe(1);
  });

  it('has several listeners; one that comes later is told the present level, which may be another by then', async () => {
    const { io, gpio, clock } = plugin();
    const [first, later]: [number[], number[]] = [[], []];
    gpio.drive('GPIO27', 1);
    io.digitalRead('GPIO27', (level) => first.push(level));
    await turn();
    // Nobody has looked yet: there is no level to tell.
    expect(first).toEqual([]);
    clock.advance(0);
    io.digitalRead('GPIO27', (level) => later.push(level));
    expect(later).toEqual([]);
    gpio.drive('GPIO27', 0);
    clock.advance(0);
    await turn();
    expect([first, later]).toEqual([
      [1, 0],
      [0, 0],
    ]);
    clock.advance(IDLE_US);
    expect(first).toHaveLength(2);
  });

  it('whose line cannot be read tells a later listener the level that it had, in its turn', async () => {
    const { io, gpio, clock } = plugin();
    gpio.drive('GPIO27', 1);
    io.digitalRead('GPIO27', () => undefined);
    clock.advance(0);
    const later: number[] = [];
    io.digitalRead('GPIO27', (level) => later.push(level));
    gpio.line('GPIO27').refusal = 'EIO';
    clock.advance(0);
    expect(later).toEqual([]);
    await turn();
    expect(later).toEqual([1]);
  });

  it('that nobody listens to is not looked at, alone or beside one that is', () => {
    const { io, gpio, clock, errors } = plugin();
    io.pinMode('GPIO5', io.MODES.INPUT);
    io.digitalWrite('GPIO17', 1);
    io.expectChange();
    expect(clock.alarms).toBe(0);
    io.digitalRead('GPIO27', () => undefined);
    gpio.line('GPIO5').refusal = 'EIO';
    gpio.line('GPIO17').refusal = 'EIO';
    clock.advance(10 * IDLE_US);
    expect(errors).toEqual([]);
  });

  it('is looked at every millisecond for a quarter of a second when it is about to change, and then seldom again', () => {
    const { io, gpio, clock } = plugin();
    const heardUs: number[] = [];
    io.digitalRead('GPIO27', () => heardUs.push(clock.nowUs()));
    clock.advance(5 * IDLE_US);
    heardUs.length = 0;
    io.expectChange();
    const sinceUs = clock.nowUs();
    // Each look shows another level: what is told is when it was looked at.
    for (let level = 1; clock.nowUs() - sinceUs < 300_000; level = 1 - level) {
      gpio.drive('GPIO27', level === 1 ? 1 : 0);
      const { length } = heardUs;
      while (heardUs.length === length) clock.advance(500);
    }
    const gaps = heardUs.map((atUs, index) => atUs - (heardUs[index - 1] ?? sinceUs));
    expect(gaps.slice(0, 250)).toEqual(Array.from({ length: 250 }, () => BUSY_US));
    expect(new Set(gaps.slice(250))).toEqual(new Set([IDLE_US]));
  });

  it('R27: of a plugin that is closed is given back, and outputs stay held', () => {
    const { io, gpio, clock } = plugin();
    io.digitalWrite('GPIO17', 1);
    io.digitalRead('GPIO27', () => undefined);
    clock.advance(0);
    io.close();
    expect([gpio.line('GPIO27').request, gpio.line('GPIO17').request?.direction]).toEqual([null, 'output']);
    io.expectChange();
    expect(clock.alarms).toBe(0);
    // One that was never listened to has nothing to stop.
    plugin().io.close();
  });
});

describe('lines of the host that cannot be read', () => {
  it('are one trouble, told once, until all can be read again; then every level is told anew', () => {
    const { io, gpio, clock, errors, recoveries } = plugin();
    const heard: string[] = [];
    for (const name of ['GPIO27', 'GPIO5', 'GPIO6']) io.digitalRead(name, (level) => heard.push(`${name} ${level}`));
    clock.advance(0);
    heard.length = 0;
    for (const name of ['GPIO27', 'GPIO5']) gpio.line(name).refusal = 'EIO';
    clock.advance(3 * IDLE_US);
    expect(errors).toEqual([expect.objectContaining({ code: 'EIO' })]);
    gpio.line('GPIO27').refusal = null;
    clock.advance(3 * IDLE_US);
    expect([recoveries(), errors.length, heard]).toEqual([0, 1, []]);
    gpio.line('GPIO5').refusal = null;
    clock.advance(3 * IDLE_US);
    expect([recoveries(), errors.length]).toEqual([1, 1]);
    expect(heard).toEqual(['GPIO27 0', 'GPIO5 0', 'GPIO6 0']);
    gpio.line('GPIO5').refusal = 'EIO';
    clock.advance(IDLE_US);
    expect(errors).toHaveLength(2);
  });

  it('tell no level meanwhile, neither an old one nor another', () => {
    const { io, gpio, clock } = plugin();
    const heard: number[] = [];
    gpio.line('GPIO27').refusal = 'ENODEV';
    io.digitalRead('GPIO5', () => undefined);
    gpio.line('GPIO5').refusal = 'ENODEV';
    clock.advance(IDLE_US);
    io.digitalRead('GPIO6', (level) => heard.push(level));
    gpio.line('GPIO6').refusal = 'ENODEV';
    clock.advance(3 * IDLE_US);
    expect(heard).toEqual([]);
    expect(io.pins.map(({ value }) => value)).toEqual([0, 0]);
  });
});

describe("the provider of the host's GPIO", () => {
  it('has the lines that are called GPIO and a number, and no others', () => {
    const provider = createGpioProvider({ clock: new ManualClock(), chip: null });
    expect(['GPIO0', 'GPIO17'].every((line) => provider.has(line))).toBe(true);
    expect(['GPIO', 'GPIO17x', 'xGPIO17', 'D7', '17'].some((line) => provider.has(line))).toBe(false);
    // Never opened, it has nothing to let go of.
    provider.close();
  });

  it('R27: closed, looks at its lines no more', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const provider = createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(gpio) });
    const io = await provider.open();
    io.digitalRead('GPIO27', () => undefined);
    expect(clock.alarms).toBe(1);
    provider.close();
    expect([clock.alarms, gpio.line('GPIO27').request]).toEqual([0, null]);
  });
});
