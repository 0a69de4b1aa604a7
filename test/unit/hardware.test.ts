import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createIoProvider } from '../../src/hardware/lines/io-provider.js';
import type { LineIo } from '../../src/hardware/lines/line-io.js';
import { createLines, type Lines } from '../../src/hardware/lines/lines.js';
import {
  openRelay,
  type RelayDriver,
  type RelayOptions,
  type RelayReport,
} from '../../src/hardware/relay/relay-driver.js';
import { ManualClock } from './manual-clock.js';

/** An IO plugin whose lines are two wires of the test. */
class FakeIo extends EventEmitter implements LineIo {
  readonly name = 'Fake';
  readonly MODES = Object.freeze({ INPUT: 0, OUTPUT: 1, ANALOG: 2, PWM: 3, SERVO: 4 });
  readonly HIGH = 1;
  readonly LOW = 0;
  readonly pins = Array.from({ length: 28 }, () => ({ supportedModes: [0, 1], mode: 0, value: 0, report: 0 }));
  readonly analogPins = [];
  isReady = true;
  /** Everything done to the lines, in order. */
  readonly done: string[] = [];
  busy = false;
  feed: (level: number) => void = () => undefined;

  normalize(pin: string | number): number {
    return typeof pin === 'number' ? pin : Number(pin.slice('GPIO'.length));
  }

  pinMode(pin: number, mode: number): void {
    this.done.push(`mode ${pin} ${mode}`);
  }

  digitalWrite(pin: number, value: number): void {
    if (this.busy) throw new Error('EBUSY');
    this.done.push(`write ${pin} ${value}`);
  }

  digitalRead(_pin: number, listener: (level: number) => void): void {
    this.feed = listener;
  }

  get levels(): number[] {
    return this.done.filter((one) => one.startsWith('write 17 ')).map((one) => Number(one.slice(9)));
  }
}

interface Opened {
  readonly io: FakeIo;
  readonly clock: ManualClock;
  readonly driver: RelayDriver;
  readonly reports: RelayReport[];
}

async function opened(options: Partial<RelayOptions> = {}, io = new FakeIo()): Promise<Opened> {
  const clock = new ManualClock();
  const driver = await openRelay({
    lines: linesOn(io),
    pins: ['GPIO17'],
    pinsOf: {},
    feedbacks: [],
    feedbackActiveLow: false,
    feedbackPull: 'none',
    gapUs: 20_000,
    pulseUs: 50_000,
    operateUs: 8000,
    atRest: 'a',
    boards: ['a', 'b'],
    kind: 'changeover',
    activeLow: false,
    settleUs: 20_000,
    first: 'a',
    clock,
    ...options,
  });
  const reports: RelayReport[] = [];
  driver.reports.subscribe((report) => reports.push(report));
  return { io, clock, driver, reports };
}

function linesOn(io: FakeIo): Lines {
  return createLines([createIoProvider({ name: 'the test', has: () => true, openIo: () => Promise.resolve(io) })]);
}

const moved = (to: string, proved: boolean): RelayReport => ({ type: 'relayMoved', to, proved });
const stuck = (to: string): RelayReport => ({ type: 'relayStuck', to });

describe('R13: which level connects which board', () => {
  const table: [
    atRest: string | null,
    activeLow: boolean,
    kind: RelayOptions['kind'],
    levels: { a: number; b: number },
  ][] = [
    ['a', false, 'changeover', { a: 0, b: 1 }],
    ['a', true, 'changeover', { a: 1, b: 0 }],
    ['b', false, 'changeover', { a: 1, b: 0 }],
    ['b', true, 'changeover', { a: 0, b: 1 }],
    [null, false, 'changeover', { a: 0, b: 1 }],
    [null, true, 'changeover', { a: 1, b: 0 }],
    ['a', false, 'latching', { a: 0, b: 1 }],
    ['a', true, 'latching', { a: 1, b: 0 }],
    ['b', false, 'latching', { a: 1, b: 0 }],
    ['b', true, 'latching', { a: 0, b: 1 }],
  ];
  for (const [atRest, activeLow, kind, levels] of table) {
    const named = `${kind}, at rest ${atRest ?? 'none'}${activeLow ? ', active low' : ''}`;
    it(`${named}: a is ${levels.a}, b is ${levels.b}, and the first level is the lease's`, async () => {
      for (const [first, other] of [
        ['a', 'b'],
        ['b', 'a'],
      ] as const) {
        const { io, driver } = await opened({ atRest, activeLow, kind, first });
        // The very first thing done to the line, and the only one: no mode, no other level before.
        expect(io.done).toEqual([`write 17 ${levels[first]}`]);
        expect(driver.commanded).toBe(first);
        driver.moveTo(other);
        driver.moveTo(first);
        expect(io.levels).toEqual([levels[first], levels[other], levels[first]]);
      }
    });
  }
});

describe('without a feedback line', () => {
  it('a move is told after the settle time, as not proved', async () => {
    const { clock, driver, reports } = await opened();
    clock.advance(20_000);
    driver.moveTo('b');
    clock.advance(19_999);
    expect(reports).toEqual([moved('a', false)]);
    clock.advance(1);
    expect(reports).toEqual([moved('a', false), moved('b', false)]);
    expect(driver.proved).toBe(false);
  });

  it('a later move replaces an earlier one, whose report never comes', async () => {
    const { clock, driver, reports } = await opened();
    driver.moveTo('b');
    clock.advance(10_000);
    driver.moveTo('a');
    clock.advance(100_000);
    expect(reports).toEqual([moved('a', false)]);
    expect(clock.alarms).toBe(0);
  });

  it('R13: a line that cannot be written is tried again and is then a relay that is stuck, never one that moved', async () => {
    const { io, clock, driver, reports } = await opened({ maxRetries: 2, retryEveryUs: 5000 });
    clock.advance(20_000);
    io.busy = true;
    driver.moveTo('b');
    clock.advance(29_999);
    expect(reports).toEqual([moved('a', false)]);
    clock.advance(1);
    expect(reports).toEqual([moved('a', false), stuck('b')]);
    expect(driver.retries).toBe(2);
    io.busy = false;
    driver.moveTo('b');
    clock.advance(20_000);
    expect(reports.at(-1)).toEqual(moved('b', false));
  });

  it('R13: an IO plugin that has failed since makes no move', async () => {
    const { io, clock, driver, reports } = await opened({ maxRetries: 1 });
    clock.advance(20_000);
    io.emit('error', new Error('unplugged'));
    driver.moveTo('b');
    clock.advance(100_000);
    expect(reports).toEqual([moved('a', false), stuck('b')]);
  });
});

describe('R13: with a feedback line', () => {
  const wired = { feedbacks: ['GPIO27'] };

  it('reads it as an input and never drives it', async () => {
    const { io } = await opened(wired);
    expect(io.done).toEqual(['write 17 0', 'mode 27 0']);
  });

  it('a move is told as soon as it is proved, once', async () => {
    const { io, clock, driver, reports } = await opened(wired);
    io.feed(0);
    expect(reports).toEqual([moved('a', true)]);
    driver.moveTo('b');
    clock.advance(8000);
    expect(driver.proved).toBe(false);
    io.feed(1);
    io.feed(1);
    clock.advance(100_000);
    expect(reports).toEqual([moved('a', true), moved('b', true)]);
    expect(driver).toMatchObject({ commanded: 'b', proved: true, retries: 0 });
  });

  it('high is the side of the coil, whatever the level of the coil and whoever is there', async () => {
    for (const [atRest, activeLow] of [
      ['a', true],
      ['b', false],
      ['b', true],
    ] as const) {
      const { io, driver, reports } = await opened({ ...wired, atRest, activeLow, first: atRest });
      io.feed(0);
      const other = atRest === 'a' ? 'b' : 'a';
      driver.moveTo(other);
      io.feed(1);
      expect(reports).toEqual([moved(atRest, true), moved(other, true)]);
    }
  });

  it('a relay that does not follow is commanded again, then called stuck', async () => {
    const { io, clock, driver, reports } = await opened({ ...wired, maxRetries: 3, retryEveryUs: 5000 });
    io.feed(0);
    driver.moveTo('b');
    clock.advance(20_000 + 3 * 5000 - 1);
    expect(reports).toEqual([moved('a', true)]);
    clock.advance(1);
    expect(reports).toEqual([moved('a', true), stuck('b')]);
    expect(io.levels).toEqual([0, 1, 1, 1, 1]);
    clock.advance(1_000_000);
    io.feed(0);
    clock.advance(1_000_000);
    expect(reports).toHaveLength(2);
    expect(driver.proved).toBe(false);
    io.feed(1); // somebody knocked at it
    expect(reports.at(-1)).toEqual(moved('b', true));
  });

  it('the first level is proved too: a relay that stands elsewhere at the start is found out', async () => {
    const { io, clock, reports } = await opened({ ...wired, maxRetries: 0 });
    io.feed(1);
    clock.advance(20_000);
    expect(reports).toEqual([stuck('a')]);
  });

  it('called back while in flight, it is not proved by the side it has not left yet', async () => {
    const { io, clock, driver, reports } = await opened(wired);
    io.feed(0);
    driver.moveTo('b');
    clock.advance(1000);
    driver.moveTo('a');
    expect(reports).toEqual([moved('a', true)]);
    clock.advance(20_000);
    expect(reports).toEqual([moved('a', true), moved('a', true)]);
  });

  it('commanded to where it stands, it is proved at once', async () => {
    const { io, driver, reports } = await opened(wired);
    io.feed(0);
    driver.moveTo('a');
    expect(reports).toEqual([moved('a', true), moved('a', true)]);
  });

  it('a contact that leaves by itself is commanded back, and called stuck when it stays away', async () => {
    const { io, clock, reports } = await opened({ ...wired, first: 'b', maxRetries: 1 });
    io.feed(1);
    io.feed(0);
    clock.advance(40_000);
    expect(reports).toEqual([moved('b', true), stuck('b')]);
    expect(io.levels).toEqual([1, 1]);
  });
});

describe('opening and closing', () => {
  it('R27: closing leaves the line as it is and rings no more', async () => {
    const { io, clock, driver, reports } = await opened({ feedbacks: ['GPIO27'] });
    io.feed(0);
    driver.moveTo('b');
    driver.close();
    io.feed(1);
    driver.moveTo('a');
    clock.advance(1_000_000);
    expect(io.levels).toEqual([0, 1]);
    expect(clock.alarms).toBe(0);
    expect(reports).toEqual([moved('a', true)]);
  });

  it('a late subscriber hears the last report', async () => {
    const { clock, driver } = await opened();
    clock.advance(20_000);
    const late: RelayReport[] = [];
    driver.reports.subscribe((report) => late.push(report));
    expect(late).toEqual([moved('a', false)]);
  });

  it('a line that is in use is RELAY_UNAVAILABLE; a plugin that is not ready yet is waited for', async () => {
    const busy = new FakeIo();
    busy.busy = true;
    await expect(opened({}, busy)).rejects.toMatchObject({ code: 'RELAY_UNAVAILABLE', value: 'GPIO17' });
    const late = new FakeIo();
    late.isReady = false;
    setImmediate(() => {
      late.emit('connect');
      late.isReady = true;
      late.emit('ready');
    });
    await expect(opened({}, late)).resolves.toBeDefined();
  });

  it('leaves the signals of the process alone', async () => {
    const before = process.listenerCount('SIGINT');
    await opened();
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it('says what is missing when there is nothing that has the line', async () => {
    const lines = createLines([
      createIoProvider({
        name: 'the test',
        has: (line) => line.startsWith('GPIO'),
        openIo: () => Promise.reject(new Error('opened')),
      }),
    ]);
    await expect(lines.openOutput('D7', { activeLow: false })).rejects.toMatchObject({
      code: 'RELAY_UNAVAILABLE',
      value: 'D7',
      expected: 'a line of the test',
    });
  });
});
