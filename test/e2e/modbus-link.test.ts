import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { WallClock } from '../../src/clock/clock.js';
import { type BoardLink, createBoardLink } from '../../src/link/board-link.js';
import { modbusDialect } from '../../src/link/modbus/modbus-dialect.js';
import type { FromBoard, Result } from '../../src/pair/result/messages.js';
import { openSerialSession } from '../../src/serial/session/serial-session.js';
import { RegisterMemory } from '../unit/modbus/register-memory.js';
import { hex, lineOf, OPTIONS, toHex, withCrc } from '../unit/modbus/wired-slave.js';
import { until } from '../until.js';
import { PseudoTerminal } from './pseudo-terminal.js';

const LINE = lineOf('115200-8N1');

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0)) close();
});

function terminal(): PseudoTerminal {
  const made = new PseudoTerminal();
  toClose.push(() => made.unplug());
  return made;
}

/** The link of one board over a real port, with an open session. */
async function linked(path: string) {
  const dialect = modbusDialect({ ...OPTIONS, slaves: new Map([['a', { address: 5, line: LINE }]]) });
  const link: BoardLink = createBoardLink({
    ...{ board: 'a', dialect, clock: new WallClock(), retry: { firstUs: 1000, maxUs: 4000 } },
    openSession: () => openSerialSession({ path, ...LINE, maxFrameBytes: dialect.maxFrameBytes, cut: dialect.cut }),
  });
  toClose.push(() => link.close());
  const heard: FromBoard[] = [];
  let opens = 0;
  link.events.subscribe((event) => {
    if (event.type === 'messageReceived') heard.push(event.message);
    if (event.type === 'linkOpened') opens++;
  });
  link.start();
  const greet = async (): Promise<void> => {
    const hellos = () => heard.filter(({ kind }) => kind === 'hello').length;
    const before = hellos();
    // As the core does: who does not answer is asked again.
    const isGreeted = (): boolean => {
      if (hellos() > before) return true;
      link.send(0, { kind: 'helloRequest' });
      link.flush();
      return false;
    };
    await until(isGreeted, () => heard, 300);
    link.send(0, { kind: 'open', newSession: 1, wasSession: 0, boot: null, resume: false, nextSeq: 1 });
    link.flush();
    await until(() => hellos() > before + 1);
  };
  let seq = 0;
  const ask = async (payload: string): Promise<string> => {
    const rest = { probe: false, recall: false, position: 0, pairTimeMs: 0, observed: null };
    link.send(1, { kind: 'input', seq: ++seq, ...rest, payload: hex(payload) });
    link.flush();
    const own = seq;
    const result = await until(() => heard.find((one): one is Result => one.kind === 'result' && one.seq === own));
    return toHex(result.parts[0]?.body ?? new Uint8Array());
  };
  await until(() => opens > 0);
  await greet();
  return { link, heard, ask, greet, opens: () => opens };
}

/** What a slave does at its end of the line: a frame is what came in one piece, as its request was one write. */
function serve(board: PseudoTerminal, memory: RegisterMemory, pieces: number[]): void {
  board.onData = (bytes) => {
    pieces.push(bytes.length);
    if (bytes[0] !== 5 || toHex(withCrc([...bytes.subarray(0, -2)])) !== toHex(bytes)) return;
    board.send(withCrc([5, ...memory.answer(bytes.subarray(1, -2))]));
  };
}

describe('a Modbus RTU slave at a real port', () => {
  it('is asked and answers, each frame in one write, 0x00 and all', async () => {
    const board = terminal();
    const memory = new RegisterMemory();
    const pieces: number[] = [];
    memory.holding.set([0, 0x0500, 0, 0xffff], 16);
    serve(board, memory, pieces);
    const { link, ask } = await linked(board.path);
    expect(await ask('01 03 0010 0004')).toBe('030800000500' + '0000ffff');
    expect(await ask('01 10 0020 0002 04 1234 0000')).toBe('1000200002');
    expect(memory.holding[0x20]).toBe(0x1234);
    expect(await ask('01 2b 0e 01 00')).toBe('ab01');
    expect(pieces.slice(-3)).toEqual([8, 13, 7]);
    expect(new Set(pieces.slice(0, -3))).toEqual(new Set([8])); // the questions before
    expect(link.counters).toMatchObject({ badCrc: 0, lateAnswers: 0, droppedWrites: 0 });
  });

  it('comes back when it is plugged in again, and nothing of before is an answer', async () => {
    const board = terminal();
    const memory = new RegisterMemory();
    serve(board, memory, []);
    const { link, ask, greet, opens } = await linked(board.path);
    await ask('01 06 0001 0007');
    link.reopen();
    await until(() => opens() === 2);
    await greet();
    memory.holding[1] = 8;
    expect(await ask('01 03 0001 0001')).toBe('03020008');
  });
});

describe('a slave that others have written', () => {
  it('Debian’s pymodbus is read, written and asked for what it has not', async () => {
    const [near, far] = [terminal(), terminal()];
    near.onData = (bytes) => void far.send(bytes);
    far.onData = (bytes) => void near.send(bytes);
    const slave: ChildProcess = spawn('/usr/bin/python3', ['test/e2e/pymodbus-slave.py', far.path], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    toClose.push(() => slave.kill());
    let isUp = false;
    slave.stdout?.on('data', () => {
      isUp = true;
    });
    await until(() => isUp);
    const { ask } = await linked(near.path);
    expect(await ask('01 10 0010 0003 06 0001 0203 0000')).toBe('1000100003');
    expect(await ask('01 03 0010 0003')).toBe('0306000102030000');
    expect(await ask('01 05 0007 ff00')).toBe('050007ff00');
    expect(await ask('01 01 0000 0010')).toBe('01028000');
    expect(await ask('01 16 0010 00f0 000f')).toBe('16001000f0000f');
    expect(await ask('01 17 0010 0001 0020 0001 02 beef')).toBe('1702000f');
    expect(await ask('01 06 0020 1234')).toBe('0600201234');
    expect(await ask('01 04 0fff 0001')).toBe('8402');
    for (let round = 0; round < 50; round++) {
      expect(await ask(`01 06 0030 ${round.toString(16).padStart(4, '0')}`)).toMatch(/^060030/);
      expect(await ask('01 03 0030 0001')).toBe(`0302${round.toString(16).padStart(4, '0')}`);
    }
  });
});
