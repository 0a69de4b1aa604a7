import firmata from 'firmata-io';
import { afterEach, describe, expect, it } from 'vitest';
import { FirmataConnection } from '../../../src/hardware/firmata/firmata-connection.js';
import { OUTPUT, PinMemory } from '../../../src/hardware/firmata/pin-memory.js';
import { ManualClock } from '../manual-clock.js';
import { ScriptedFirmata } from './fixture/scripted-firmata.js';

const ROUND_US = 200_000;

const opened: FirmataConnection[] = [];
afterEach(() => {
  for (const connection of opened.splice(0)) connection.end('the test is over');
});

interface Rig {
  readonly board: ScriptedFirmata;
  readonly clock: ManualClock;
  readonly memory: PinMemory;
  readonly connection: FirmataConnection;
  /** What it said of the board and its pins, in order. */
  readonly said: unknown[];
  /** How long firmata-io was told to wait for a board that speaks first. */
  readonly waits: number[];
  /** One round of questions, and their answers. */
  readonly round: () => Promise<void>;
}

/** A connection, not yet greeted. firmata-io is the real one; it does not wait for a board that will not speak first. */
function rig(prepare: (board: ScriptedFirmata, memory: PinMemory) => void = () => undefined): Rig {
  const [board, clock, memory] = [new ScriptedFirmata(), new ManualClock(), new PinMemory()];
  prepare(board, memory);
  const [said, waits]: [unknown[], number[]] = [[], []];
  const connection = new FirmataConnection({
    ...{ clock, memory, stream: board.open() },
    createFirmata: (transport, reportVersionTimeoutMs) => {
      waits.push(reportVersionTimeoutMs);
      // However slow this machine is: who greets is not asked.
      return new firmata.Firmata(transport, { reportVersionTimeout: board.restartsWhenOpened ? 1_000_000 : 0 });
    },
    events: {
      condition: (trouble) => said.push(trouble),
      digital: (pin, level) => said.push(`D${pin} is ${level}`),
      analog: (channel, counts) => said.push(`A${channel} is ${counts}`),
    },
  });
  opened.push(connection);
  const round = async () => {
    clock.advance(ROUND_US);
    await board.quiet();
  };
  return { board, clock, memory, connection, said, waits, round };
}

/** The same, with its handshake over and nothing in the test's lists. */
async function up(prepare?: (board: ScriptedFirmata, memory: PinMemory) => void): Promise<Rig> {
  const made = rig(prepare);
  await made.board.quiet();
  expect(made.connection.isUp).toBe(true);
  made.said.length = 0;
  made.board.heard = [];
  return made;
}

async function reasonOf(connection: FirmataConnection): Promise<string | null> {
  return await Promise.race([connection.ended, new Promise<null>((resolve) => setImmediate(() => resolve(null)))]);
}

describe('the handshake with a Firmata board', () => {
  it('ends with a board that works, and begins with the questions of the protocol', async () => {
    const { board, connection, said } = rig();
    expect(connection.isUp).toBe(false);
    await board.quiet();
    expect(connection.isUp).toBe(true);
    expect(said).toEqual([null]);
    expect(board.heard.slice(0, 2)).toEqual(['capabilities?', 'analog pins?']);
    // Not D0 and D1: they are the serial line.
    expect(board.heard.slice(2, 20)).toEqual(Array.from({ length: 18 }, (_, index) => `pin ${index + 2}?`));
  });

  it('asks a board that runs already, and so does not greet, after a fifth of a second', async () => {
    const { board, connection, waits } = rig((made) => {
      made.restartsWhenOpened = false;
    });
    expect(waits).toEqual([200]);
    await new Promise((resolve) => setTimeout(resolve, 2));
    await board.quiet();
    expect(board.heard.slice(0, 2)).toEqual(['version?', 'firmware?']);
    expect(connection.isUp).toBe(true);
  });

  it('never has more on its way than the 64 bytes that the board has room for', async () => {
    const { board } = await up();
    expect(board.mostUnread).toBeLessThanOrEqual(64);
  });

  it('that takes six seconds has failed: it ends, says why, and closes the port', async () => {
    const { board, clock, connection } = rig((made) => {
      made.isSilent = true;
    });
    clock.advance(5_999_999);
    expect([await reasonOf(connection), board.stream.isClosed]).toEqual([null, false]);
    clock.advance(1);
    expect(await reasonOf(connection)).toBe('it does not answer as a board with StandardFirmata does');
    expect(board.stream.isClosed).toBe(true);
    expect(connection.isUp).toBe(false);
  });

  it('that is over is no failure six seconds later', async () => {
    const { connection, round } = await up();
    for (let rounds = 0; rounds < 35; rounds++) await round();
    expect(await reasonOf(connection)).toBeNull();
  });

  it('R27: finds the levels of a running board, and writing one pin keeps its neighbours', async () => {
    const { board, memory, connection } = rig((made) => {
      made.restartsWhenOpened = false;
      made.pins[5] = { mode: 1, written: 1, outside: null };
      made.pins[6] = { mode: 1, written: 0, outside: null };
      // An input's pull-up is no level of an output, and the serial line is no pin of ours.
      made.pins[4] = { mode: 0, written: 1, outside: null };
      made.pins[1] = { mode: 1, written: 1, outside: null };
    });
    await new Promise((resolve) => setTimeout(resolve, 2));
    await board.quiet();
    memory.setOutput(7, 1);
    connection.writeOutput(7);
    expect(board.heard.at(-1)).toBe('port 0 = 10100000');
    expect(board.driven).toEqual(['D7=1']);
  });

  it('R13: the relay is written before anything is asked, and inputs are made when all is known', async () => {
    const { board, said } = rig((made, memory) => {
      memory.setOutput(7, 1);
      memory.setInput(8, true);
      memory.channels.add(2);
      made.drive(8, 1);
    });
    await board.quiet();
    expect(board.heard.slice(0, 4)).toEqual(['port 0 = 10000000', 'mode 8 0', 'port 1 = 00000001', 'capabilities?']);
    expect(board.heard.slice(23)).toEqual([
      ...['mode 8 0', 'port 1 = 00000001', 'report port 1 1', 'report channel 2 1'],
      ...['pin 7?', 'pin 8?', 'report port 1 1', 'report channel 2 1'],
      ...['report port 1 1', 'report channel 2 1'],
    ]);
    expect(board.driven).toEqual(['D7=1']);
    expect(said.filter((one) => one === null)).toHaveLength(1);
    expect(said).toContain('D8 is 1');
  });

  it('that is ended in its middle asks and says nothing more', async () => {
    const { board, connection, said, clock } = rig();
    while (!board.heard.includes('pin 2?')) await new Promise((resolve) => setImmediate(resolve));
    connection.end('closed by the gateway');
    board.heard = [];
    await board.quiet();
    expect([board.heard, said, connection.isUp, clock.alarms]).toEqual([[], [], false, 0]);
    expect(board.stream.writtenAfterEnd).toBe(0);
  });
});

describe('the end of a connection', () => {
  it('is told once, with its first reason; the port is closed and nothing is left to ring', async () => {
    const { board, clock, connection } = await up();
    connection.end('one');
    connection.end('other');
    expect(await connection.ended).toBe('one');
    expect([board.stream.isClosed, connection.isUp, clock.alarms]).toEqual([true, false, 0]);
  });

  it('comes with the end of its port, and has its reason', async () => {
    const { board, connection } = await up();
    board.stream.end('unplugged');
    expect(await connection.ended).toBe('unplugged');
    expect(connection.isUp).toBe(false);
  });

  it('R27: before the greeting writes nothing later, to a port that another may have by then', async () => {
    const { board, connection } = rig((made) => {
      made.restartsWhenOpened = false;
    });
    connection.end('closed by the gateway');
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([board.heard, board.stream.writtenAfterEnd]).toEqual([[], 0]);
  });

  it('makes what arrives later no news: a greeting, an answer', async () => {
    const { board, connection, said } = await up((_, memory) => memory.setOutput(7, 1));
    connection.end('closed by the gateway');
    board.forget();
    for (const bytes of [
      [0xf9, 2, 5],
      [0xf0, 0x6e, 7, 1, 0, 0xf7],
    ])
      board.stream.bytes.next(Uint8Array.from(bytes));
    expect([said, board.stream.writtenAfterEnd]).toEqual([[], 0]);
  });
});

describe('pins of a connected Firmata board', () => {
  it('R13: an output shows its level and no other; its mode is named only where it is not an output yet', async () => {
    const { board, memory, connection } = await up();
    memory.setOutput(7, 1);
    connection.writeOutput(7);
    expect(board.heard).toEqual(['port 0 = 10000000']);
    board.heard = [];
    memory.setOutput(14, 1);
    connection.writeOutput(14);
    memory.setOutput(14, 0);
    connection.writeOutput(14);
    expect(board.heard).toEqual(['mode 14 1', 'port 1 = 01000000', 'port 1 = 00000000']);
    expect(board.driven).toEqual(['D7=1', 'D14=1', 'D14=0']);
    expect(connection.firmata.pins[14]?.mode).toBe(OUTPUT);
  });

  it('an input gets its mode, its pull-up and its report, and tells each level', async () => {
    const { board, memory, connection, said } = await up();
    memory.setInput(8, true);
    connection.readInput(8);
    await board.quiet();
    expect(board.heard).toEqual(['mode 8 0', 'port 1 = 00000001', 'report port 1 1']);
    board.drive(8, 0);
    await board.quiet();
    expect(said).toEqual(['D8 is 1', 'D8 is 0']);
  });

  it('an analog channel is reported, and tells its counts', async () => {
    const { board, memory, connection, said } = await up();
    memory.channels.add(3);
    connection.report();
    board.sample(3, 700);
    await board.quiet();
    expect([board.heard, said]).toEqual([['report channel 3 1'], ['A3 is 700']]);
  });

  it('that are of no use to anybody write nothing', async () => {
    const { board, connection } = await up();
    connection.report();
    expect(board.heard).toEqual([]);
  });
});

describe('a Firmata board that may forget its pins', () => {
  it('is asked five times a second what each pin in use does; levels of inputs with it', async () => {
    const { board, clock, round } = await up((_, memory) => {
      memory.setOutput(7, 1);
      memory.setInput(8, false);
    });
    clock.advance(ROUND_US - 1);
    expect(board.heard).toEqual([]);
    clock.advance(1);
    expect(board.heard).toEqual(['pin 7?', 'pin 8?', 'report port 1 1']);
    await board.quiet();
    await round();
    expect(board.heard).toHaveLength(6);
  });

  it('is asked for one pin of no interest where none is in use: that shows that it lives', async () => {
    const { board, memory, round } = await up();
    memory.channels.add(3);
    await round();
    expect(board.heard).toEqual(['pin 2?']);
  });

  it('R13: that was reset in silence is found, its relay is written again, and nothing is said while all is well', async () => {
    const { board, said, round } = await up((_, memory) => memory.setOutput(7, 1));
    await round();
    expect(said).toEqual([]);
    board.forget();
    board.heard = [];
    await round();
    expect(board.driven).toEqual(['D7=1', 'D7=0', 'D7=1']);
    expect(said).toEqual(['it had forgotten what pin 7 does: its pins were reset, or a byte was lost', null]);
    // The mode of an output is not named: it is one, and would go low for a moment.
    expect(board.heard.filter((words) => words.startsWith('mode'))).toEqual([]);
    await round();
    expect(said).toHaveLength(2);
  });

  it('R13: an analog pin that was reset is no output any more, and is made one again', async () => {
    const { board, memory, connection, said, round } = await up();
    memory.setOutput(15, 0);
    connection.writeOutput(15);
    await round();
    expect(said).toEqual([]);
    board.forget();
    board.heard = [];
    await round();
    expect(board.heard).toContain('mode 15 1');
    expect(board.pins[15]).toMatchObject({ mode: 1, written: 0 });
    expect(said).toEqual([expect.stringContaining('what pin 15 does'), null]);
  });

  it('R13: an output at the wrong level, in either direction, is as forgotten as one that is none', async () => {
    const { board, memory, connection, said, round } = await up((_, made) => made.setOutput(6, 0));
    board.pins[6] = { mode: 1, written: 1, outside: null };
    await round();
    expect([board.pins[6]?.written, said.length]).toEqual([0, 2]);
    memory.setOutput(6, 1);
    connection.writeOutput(6);
    board.pins[6] = { mode: 0, written: 1, outside: null };
    await round();
    expect([board.pins[6]?.mode, said.length]).toEqual([1, 4]);
  });

  it('an input that has become an output is made an input again and reported; one that is an input is well', async () => {
    const { board, said, round } = await up((_, memory) => memory.setInput(8, false));
    await round();
    said.length = 0;
    board.forget();
    board.heard = [];
    await round();
    expect(board.pins[8]?.mode).toBe(0);
    expect(said.slice(0, 2)).toEqual([expect.stringContaining('what pin 8 does'), null]);
    // Asked once more because of the first answer; reported again when it is an input: until then there was nothing to tell.
    expect(board.heard).toEqual(['pin 8?', 'report port 1 1', 'pin 8?', 'mode 8 0', 'report port 1 1']);
  });

  it('R27: an answer to a question from before a write says nothing about it', async () => {
    const { board, memory, connection, said, clock } = await up((_, made) => made.setOutput(7, 1));
    board.isHeld = true;
    clock.advance(ROUND_US);
    memory.setOutput(7, 0);
    connection.writeOutput(7);
    memory.setInput(8, false);
    connection.readInput(8);
    board.letThrough();
    await board.quiet();
    expect(said.filter((one) => typeof one !== 'string' || one.includes('forgotten'))).toEqual([]);
    expect(board.heard.filter((words) => words === 'pin 7?')).toHaveLength(1);
    expect(board.driven).toEqual(['D7=1', 'D7=0']);
  });

  it('R32: nor where the next question was asked before it was read, as after a stall of this process', async () => {
    const { board, memory, connection, said, clock } = await up((_, made) => made.setOutput(7, 1));
    board.isHeld = true;
    clock.advance(ROUND_US);
    memory.setOutput(7, 0);
    connection.writeOutput(7);
    clock.advance(ROUND_US);
    board.letThrough();
    await board.quiet();
    expect(said).toEqual([]);
    expect(board.driven).toEqual(['D7=1', 'D7=0']);
  });

  it('an answer about a pin that nobody uses says that it lives, and nothing else', async () => {
    const { board, said, round } = await up();
    await round();
    board.pins[2] = { mode: 0, written: 1, outside: null };
    await round();
    expect(said).toEqual([]);
  });
});

describe('a Firmata board that restarts', () => {
  it('R13: greets, and has its relay again before anything is said about it', async () => {
    const { board, said } = await up((_, memory) => memory.setOutput(7, 1));
    board.restart();
    await board.quiet();
    expect(board.heard.slice(0, 2)).toEqual(['port 0 = 10000000', 'pin 7?']);
    expect(board.driven).toEqual(['D7=1', 'D7=0', 'D7=1']);
    expect(said).toEqual(['it restarted, and its pins were as after a reset', null]);
  });

  it('is not taken for one that forgot, by an answer from before', async () => {
    const { board, said, clock } = await up((_, memory) => memory.setOutput(7, 1));
    board.isHeld = true;
    board.restart();
    clock.advance(ROUND_US);
    board.letThrough();
    await board.quiet();
    expect(said).toEqual(['it restarted, and its pins were as after a reset', null]);
  });

  it('in the middle of the handshake only gets its pins: there is nothing yet that has become true', async () => {
    const { board, said, connection } = rig((_, memory) => memory.setOutput(7, 1));
    while (!board.heard.includes('analog pins?')) await new Promise((resolve) => setImmediate(resolve));
    board.restart();
    await board.quiet();
    expect(said).toEqual([null]);
    expect(connection.isUp).toBe(true);
    expect(board.driven).toEqual(['D7=1', 'D7=0', 'D7=1']);
  });
});

describe('a Firmata board that does not answer', () => {
  const SILENT = 'it does not answer';

  it('has left three rounds unanswered when the fourth is asked: that is told then and at each later one, until it answers', async () => {
    const { board, said, round, connection } = await up((_, memory) => memory.setOutput(7, 1));
    await round();
    board.isSilent = true;
    for (let rounds = 0; rounds < 3; rounds++) await round();
    expect(said).toEqual([]);
    await round();
    await round();
    expect(said).toEqual([SILENT, SILENT]);
    board.isSilent = false;
    await round();
    expect(said).toEqual([SILENT, SILENT, SILENT, null]);
    expect(connection.isUp).toBe(true);
  });

  it('counts rounds from its last answer, not from the first', async () => {
    const { board, said, round } = await up((_, memory) => memory.setOutput(7, 1));
    for (const isSilent of [true, true, false, true, true, false]) {
      board.isSilent = isSilent;
      await round();
    }
    expect(said).toEqual([]);
  });

  it('R13: but greets is alive, and is silent only after as many rounds again', async () => {
    const { board, said, round } = await up((_, memory) => memory.setOutput(7, 1));
    board.isSilent = true;
    for (let rounds = 0; rounds < 3; rounds++) await round();
    board.stream.arrive(Uint8Array.of(0xf9, 2, 5));
    expect(said.splice(0)).toEqual([expect.stringContaining('it restarted'), null]);
    // The questions behind the greeting are the first round.
    await round();
    await round();
    expect(said).toEqual([]);
    await round();
    expect(said).toEqual([SILENT]);
  });

  it('is given up after 31 rounds: the port is opened anew', async () => {
    const { board, round, connection, clock } = await up((_, memory) => memory.setOutput(7, 1));
    await round();
    board.isSilent = true;
    for (let rounds = 0; rounds < 31; rounds++) await round();
    expect(await reasonOf(connection)).toBeNull();
    await round();
    expect(await reasonOf(connection)).toBe(SILENT);
    expect([board.stream.isClosed, clock.alarms]).toEqual([true, 0]);
  });

  it('R32: while this process stood still, is not silent: nothing was asked', async () => {
    const { board, said, clock } = await up((_, memory) => memory.setOutput(7, 1));
    clock.stall(60_000_000);
    await board.quiet();
    expect(said).toEqual([]);
  });
});
