import { afterEach, describe, expect, it } from 'vitest';
import type { FirmataIo } from '../../../src/hardware/firmata/firmata-io.js';
import { createFirmataProvider } from '../../../src/hardware/firmata/firmata-provider.js';
import type { FirmataStream } from '../../../src/hardware/firmata/firmata-stream.js';
import type { LineProvider } from '../../../src/hardware/lines/line-provider.js';
import { createLines } from '../../../src/hardware/lines/lines.js';
import { until } from '../../until.js';
import { ManualClock } from '../manual-clock.js';
import { MEGA, ScriptedFirmata } from './fixture/scripted-firmata.js';

const ROUND_US = 200_000;

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0).reverse()) close();
});

interface Rig {
  readonly board: ScriptedFirmata;
  readonly clock: ManualClock;
  readonly provider: LineProvider;
  /** What `changes` told. */
  readonly told: (string | null)[];
  readonly isCompleted: () => boolean;
  /** How often its port was opened, in vain or not. */
  readonly tries: () => number;
  /** What the next openings of the port end with; null: they are as they should be. */
  refusal: Error | string | null;
  /** Lets time pass, and whatever comes of it in this process. */
  readonly pass: (us: number) => Promise<void>;
}

function rig(openStream?: () => Promise<FirmataStream>, board = new ScriptedFirmata()): Rig {
  const clock = new ManualClock();
  let tries = 0;
  const provider = createFirmataProvider({
    port: 'usb-1.4',
    clock,
    openStream: async () => {
      tries += 1;
      if (made.refusal !== null) throw made.refusal;
      return await (openStream?.() ?? Promise.resolve(board.open()));
    },
  });
  toClose.push(() => provider.close());
  const told: (string | null)[] = [];
  let isCompleted = false;
  provider.changes.subscribe({ next: (trouble) => told.push(trouble), complete: () => (isCompleted = true) });
  const made: Rig = {
    ...{ board, clock, provider, told, refusal: null, tries: () => tries, isCompleted: () => isCompleted },
    pass: async (us) => {
      clock.advance(us);
      await board.quiet();
    },
  };
  return made;
}

/** The same, with the board connected and its plugin in hand. */
async function up(board?: ScriptedFirmata): Promise<Rig & { readonly io: FirmataIo }> {
  const made = rig(undefined, board);
  const io = (await made.provider.open()) as FirmataIo; // the provider's own plugin: the interface has fewer methods
  await made.board.quiet();
  made.board.heard = [];
  return { ...made, io };
}

/** A port that is refused, and was tried `tries` times by now. */
async function refused(made: Rig, tries: number): Promise<void> {
  await until(
    () => made.tries() === tries && made.clock.alarms > 0,
    () => made.tries(),
  );
  await made.board.quiet();
}

describe('the provider of a Firmata board', () => {
  it('has the lines D2 … and A0 …, whose names are its pins', () => {
    const { provider } = rig();
    expect(provider.name).toBe('the Firmata board at usb-1.4');
    expect(['D7', 'D13', 'A0', 'A15'].map((line) => provider.has(line))).toEqual([true, true, true, true]);
    expect(['GPIO7', 'D', 'D7x', 'xD7', '7', 'B1', ''].some((line) => provider.has(line))).toBe(false);
    expect([provider.pinOf('D7'), provider.pinOf('D13'), provider.pinOf('A3')]).toEqual([7, 13, 'A3']);
  });

  it('touches no port before a line is opened, and opens it once', async () => {
    const { provider, board, told, tries } = rig();
    expect([tries(), provider.trouble]).toEqual([0, 'not opened yet']);
    const io = await provider.open();
    await board.quiet();
    expect(await provider.open()).toBe(io);
    expect([tries(), provider.trouble, told]).toEqual([1, null, [null]]);
  });

  it('tries a port that is not there again: after a quarter of a second, then twice as long, two seconds at most', async () => {
    const made = rig();
    made.refusal = new Error('there is no such port');
    const opening = made.provider.open();
    await refused(made, 1);
    expect(made.provider.trouble).toBe('not there: there is no such port');
    made.refusal = 'busy';
    let tries = 1;
    for (const waitUs of [250_000, 500_000, 1_000_000, 2_000_000, 2_000_000]) {
      await made.pass(waitUs - 1);
      expect(made.tries()).toBe(tries);
      made.clock.advance(1);
      tries += 1;
      // Its next try is waited for with an alarm, beside the one of whoever waits for the board.
      await until(() => made.tries() === tries && made.clock.alarms === 2);
    }
    expect(made.told).toEqual(['not there: there is no such port', 'not there: busy']);
    made.refusal = null;
    made.clock.advance(2_000_000);
    await opening;
    expect([made.provider.trouble, made.told.at(-1)]).toEqual([null, null]);
  });

  it('begins with a quarter of a second again after a board that worked', async () => {
    const made = rig();
    made.refusal = new Error('there is no such port');
    const opening = made.provider.open();
    await refused(made, 1);
    for (let tries = 2; tries <= 4; tries++) {
      made.clock.advance(2_000_000);
      await until(() => made.tries() === tries && made.clock.alarms === 2);
    }
    made.refusal = null;
    made.clock.advance(2_000_000);
    await opening;
    await made.board.quiet();
    made.board.stream.end('unplugged');
    await made.board.quiet();
    expect(made.provider.trouble).toBe('not there: unplugged');
    made.clock.advance(249_999);
    expect(made.tries()).toBe(5);
    made.clock.advance(1);
    await until(() => made.provider.trouble === null);
    expect(made.tries()).toBe(6);
  });

  it('is refused to whoever has waited fifteen seconds, with what is wrong; later it may be had', async () => {
    const made = rig();
    made.refusal = new Error('there is no such port');
    let failure: unknown = null;
    const opening = made.provider.open().catch((error: unknown) => {
      failure = error;
    });
    await refused(made, 1);
    made.clock.advance(14_999_999);
    await made.board.quiet();
    expect(failure).toBeNull();
    made.clock.advance(1);
    await opening;
    expect(failure).toMatchObject({
      code: 'RELAY_UNAVAILABLE',
      message: 'the Firmata board at usb-1.4 cannot be used: not there: there is no such port',
      value: 'usb-1.4',
      expected: 'a board with StandardFirmata on it (docs/relay-board.md)',
    });
    await until(() => made.clock.alarms === 1);
    const { length } = made.told;
    made.refusal = null;
    const again = made.provider.open();
    made.clock.advance(2_000_000);
    await again;
    expect(made.told.slice(length)).toEqual([null]);
    // Nobody waits any more: what rings is the next question to the board.
    expect(made.clock.alarms).toBe(1);
  });

  it('R27: closed, gives its board back as it is, says nothing more and never comes back', async () => {
    const { provider, board, clock, told, tries, isCompleted, io } = await up();
    io.digitalWrite(7, 1);
    provider.close();
    await board.quiet();
    expect([board.stream.isClosed, clock.alarms, isCompleted()]).toEqual([true, 0, true]);
    clock.advance(60_000_000);
    await board.quiet();
    expect([tries(), told, board.driven]).toEqual([1, [null], ['D7=1']]);
  });

  it('closed while it waits for a board, waits no more', async () => {
    const made = rig();
    made.refusal = new Error('there is no such port');
    void made.provider.open().catch(() => undefined);
    await refused(made, 1);
    expect(made.clock.alarms).toBe(2);
    made.provider.close();
    expect([made.clock.alarms, made.isCompleted()]).toEqual([0, true]);
  });

  it('closed while its port is being opened, closes what comes of it', async () => {
    let come: (stream: FirmataStream) => void = () => undefined;
    const stream = new Promise<FirmataStream>((resolve) => {
      come = resolve;
    });
    const made = rig(() => stream);
    void made.provider.open().catch(() => undefined);
    await until(() => made.tries() === 1);
    made.provider.close();
    come(made.board.open());
    await until(() => made.board.stream.isClosed);
    await made.board.quiet();
    expect([made.board.heard, made.clock.alarms, made.told]).toEqual([[], 0, []]);
  });

  it('closed and never opened, has touched nothing', () => {
    const { provider, tries, isCompleted } = rig();
    provider.close();
    expect([tries(), isCompleted()]).toEqual([0, true]);
  });
});

describe('a Firmata board as a plugin of johnny-five', () => {
  it('is the same for the life of the process, and ready once', async () => {
    const { io, provider, board, pass } = await up();
    expect(io.isReady).toBe(true);
    expect(io.pins).toHaveLength(20);
    expect(io.analogPins).toEqual([14, 15, 16, 17, 18, 19]);
    expect(io.MODES).toEqual({ INPUT: 0, OUTPUT: 1, ANALOG: 2 });
    expect(io.RESOLUTION).toEqual({ ADC: 1023, PWM: 255 });
    expect([io.normalize(7), io.normalize('A0')]).toEqual([7, 'A0']);
    let said = 0;
    for (const event of ['connect', 'ready']) io.on(event, () => said++);
    board.stream.end('unplugged');
    await board.quiet();
    await pass(250_000);
    await until(() => provider.trouble === null);
    expect([await provider.open(), said]).toEqual([io, 0]);
  });

  it('tells johnny-five that it is connected, and then that it is ready, when its handshake is over', async () => {
    const { board, provider } = rig();
    const lines = createLines([provider]);
    const output = await lines.openOutput('D7', { activeLow: false });
    output.set(true);
    expect(board.driven).toEqual(['D7=1']);
    lines.close();
  });

  it('R13: an output is taken by its first level, whatever mode it is said to have', async () => {
    const { io, board } = await up();
    io.pinMode(7, io.MODES.OUTPUT);
    io.pinMode('A2', io.MODES.ANALOG);
    expect(board.heard).toEqual([]);
    io.digitalWrite(7, 1);
    io.digitalWrite('A0', 1);
    io.digitalWrite(7, 0);
    expect(board.driven).toEqual(['D7=1', 'D14=1', 'D7=0']);
  });

  it('an input is read, at once and at every change, by the listener that was named last', async () => {
    const { io, board } = await up();
    const heard: string[] = [];
    io.digitalRead(10, (level) => heard.push(`one ${level}`));
    io.digitalRead(10, (level) => heard.push(`other ${level}`));
    expect(board.pins[10]).toMatchObject({ mode: 0, written: 0 });
    // One of the same eight that nobody listens to.
    io.pinMode(9, io.MODES.INPUT);
    await board.quiet();
    board.drive(10, 1);
    await board.quiet();
    expect(heard.at(-1)).toBe('other 1');
    expect(heard.some((one) => one.startsWith('one'))).toBe(false);
  });

  it('a mode names an input, and keeps the pull-up that it has', async () => {
    const { io, board } = await up();
    io.setPull(8, 'up');
    io.pinMode(8, io.MODES.INPUT);
    io.digitalRead(8, () => undefined);
    expect(board.pins[8]).toMatchObject({ mode: 0, written: 1 });
    io.setPull(8, 'none');
    expect(board.pins[8]).toMatchObject({ mode: 0, written: 0 });
    io.pinMode(9, io.MODES.INPUT);
    expect(board.pins[9]).toMatchObject({ mode: 0, written: 0 });
  });

  it("johnny-five's Button switches a pull-up by writing to its input: it stays an input", async () => {
    const { io, board } = await up();
    io.digitalRead(8, () => undefined);
    io.digitalWrite(8, 1);
    expect(board.pins[8]).toMatchObject({ mode: 0, written: 1 });
    io.digitalWrite(8, 0);
    expect(board.pins[8]).toMatchObject({ mode: 0, written: 0 });
    expect(board.driven).toEqual([]);
  });

  it('has no pull-down, and says what there is', async () => {
    const { io } = await up();
    expect(() => io.setPull(8, 'down')).toThrow(
      expect.objectContaining({
        code: 'RELAY_UNAVAILABLE',
        message: 'pin 8 of the Firmata board has no pull-down resistor',
        value: 'down',
        expected: 'feedback-pull: up, or none and a resistor of your own',
      }),
    );
    expect(io.memory.inputs.size).toBe(0);
  });

  it('analog channels are named by A0 … or by their pins, and tell counts and when they came', async () => {
    const { io, board, clock } = await up();
    const heard: number[] = [];
    expect(io.lastAnalogUs('A3')).toBeNull();
    io.analogRead('A3', (counts) => heard.push(counts));
    expect([board.reports(3), board.reports(0)]).toEqual([true, false]);
    clock.advance(1000);
    const atUs = clock.nowUs();
    // Nobody listens to this one.
    board.sample(4, 1);
    board.sample(3, 900);
    await board.quiet();
    expect([heard, io.lastAnalogUs('A3'), io.lastAnalogUs(17)]).toEqual([[900], atUs, atUs]);
    expect([io.channelOf(14), io.channelOf('A5'), io.channelOf(19)]).toEqual([0, 5, 5]);
  });

  it('a Mega has more of them', async () => {
    const { io } = await up(new ScriptedFirmata(MEGA));
    expect([io.channelOf('A15'), io.channelOf(54), io.channelOf(69)]).toEqual([15, 0, 15]);
    expect(() => io.channelOf('A16')).toThrow(expect.objectContaining({ expected: 'A0 to A15' }));
  });

  it.each(['A6', 'A16', 'xA1', 'A1x', 7, 20])('%s is no analog channel, and it says which there are', async (pin) => {
    const { io } = await up();
    expect(() => io.analogRead(pin, () => undefined)).toThrow(
      expect.objectContaining({ code: 'RELAY_UNAVAILABLE', value: pin, expected: 'A0 to A5' }),
    );
  });

  it.each([0, 1, 20, 40, 'A6', -1])('%s is no pin to drive or read: the serial line, or not there', async (pin) => {
    const { io, board } = await up();
    for (const use of [
      () => io.digitalWrite(pin, 1),
      () => io.digitalRead(pin, () => undefined),
      () => io.setPull(pin, 'up'),
      () => io.pinMode(pin, io.MODES.INPUT),
    ]) {
      expect(use).toThrow(expect.objectContaining({ code: 'RELAY_UNAVAILABLE', value: pin }));
    }
    expect(board.heard).toEqual([]);
  });

  it('says which pins there are', async () => {
    const { io } = await up();
    expect(() => io.digitalWrite(20, 1)).toThrow(
      expect.objectContaining({
        message: 'the Firmata board has no pin 20 for this',
        expected: 'a pin that the board offers, from D2 to D19',
      }),
    );
  });
});

describe('a Firmata board that comes and goes', () => {
  it('R13: what is commanded while it is away is what it comes back with, its last word and no other', async () => {
    const { io, board, provider, pass } = await up();
    io.digitalWrite(7, 1);
    const heard: number[] = [];
    board.stream.end('unplugged');
    await board.quiet();
    expect(provider.trouble).toBe('not there: unplugged');
    io.digitalWrite(7, 0);
    io.digitalWrite(6, 1);
    io.digitalRead(8, (level) => heard.push(level));
    io.analogRead('A1', () => undefined);
    io.setPull(9, 'up');
    io.pinMode(10, io.MODES.INPUT);
    io.digitalWrite(10, 1);
    expect(board.stream.writtenAfterEnd).toBe(0);
    board.drive(8, 1);
    await pass(250_000);
    await until(() => provider.trouble === null);
    await board.quiet();
    expect(board.driven).toEqual(['D7=1', 'D7=0', 'D6=1']);
    expect([board.pins[8]?.mode, board.pins[10]?.mode, board.reports(1)]).toEqual([0, 0, true]);
    for (const pin of [9, 10]) expect(board.pins[pin]).toMatchObject({ mode: 0, written: 1 });
    expect(heard.at(-1)).toBe(1);
  });

  it('R13: a restart that nobody ordered is told and over at once; levels are as they were commanded', async () => {
    const { io, board, provider, told } = await up();
    io.digitalWrite(7, 1);
    told.length = 0;
    board.restart();
    await board.quiet();
    expect(told).toEqual(['it restarted, and its pins were as after a reset', null]);
    expect([provider.trouble, board.driven]).toEqual([null, ['D7=1', 'D7=0', 'D7=1']]);
  });

  it('one that hangs is told once, however long, and opened anew in the end', async () => {
    const { board, provider, told, tries, pass } = await up();
    board.isSilent = true;
    for (let rounds = 0; rounds < 31; rounds++) await pass(ROUND_US);
    expect(told).toEqual([null, 'it does not answer']);
    board.isSilent = false;
    await pass(ROUND_US);
    expect(told.at(-1)).toBe('not there: it does not answer');
    await pass(250_000);
    await until(() => provider.trouble === null);
    expect([tries(), board.streams.map((stream) => stream.isClosed)]).toEqual([2, [true, false]]);
  });
});
