import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { SerialPort } from 'serialport';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BoardConfig } from '../../src/config/config.js';
import { factsOfKind } from '../../src/config/load/board-files.js';
import { BoardPorts, type BoardPortsOptions } from '../../src/gateway/ports/board-ports.js';
import { HARNESS } from '../../src/link/harness/harness-dialect.js';
import type { PortError } from '../../src/serial/ports/port-error.js';
import { BoundedOpener } from '../../src/serial/session/bounded-opener.js';
import { openSerialSession, type SerialSession } from '../../src/serial/session/serial-session.js';
import { eightBits } from '../../src/values/line-settings.js';
import { HostTree, type Plugged } from '../unit/host-tree.js';
import { ManualClock } from '../unit/manual-clock.js';
import { until as waitUntil } from '../until.js';
import { PseudoTerminal } from './pseudo-terminal.js';

const FRAME = Uint8Array.of(0, 1, 2, 3, 0);
const SETTLE_US = 1_500_000;

let host: HostTree;
let clock: ManualClock;
let boardPorts: BoardPorts;
let lines: string[];
const toClose: (() => void)[] = [];

beforeEach(() => {
  host = new HostTree();
  clock = new ManualClock();
  lines = [];
  boardPorts = makeBoardPorts();
});
afterEach(() => {
  vi.restoreAllMocks();
  boardPorts.close();
  for (const close of toClose.splice(0).reverse()) close();
  host.remove();
});

function makeBoardPorts(options: Partial<BoardPortsOptions> = {}): BoardPorts {
  const said = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(String((JSON.parse(chunk.toString()) as { msg: string }).msg));
      done();
    },
  });
  return new BoardPorts({ clock, log: pino({ base: null }, said), host, ...options });
}

/** A board that is plugged in: a pseudo-terminal that the made host shows as a USB port. */
function plug(plugged: Omit<Plugged, 'device'>): PseudoTerminal {
  const terminal = new PseudoTerminal();
  toClose.push(() => terminal.unplug());
  execFileSync('stty', ['-F', terminal.path, 'hupcl']); // with which every serial port begins
  host.plug({ ...plugged, device: terminal.path });
  return terminal;
}

function board(name: string, place: string, more: Partial<BoardConfig> = {}): BoardConfig {
  return {
    ...{ board: name, kind: 'uno', port: { type: 'usb', place }, match: null, reset: null },
    ...{ line: eightBits(500_000), rs485: false, address: null, firmware: null },
    ...more,
    facts: factsOfKind(more.kind ?? 'uno'),
  };
}

async function opened(wanted: BoardConfig): Promise<SerialSession> {
  const session = await boardPorts.open(wanted, HARNESS);
  toClose.push(() => session.close());
  return session;
}

const hangsUp = (path: string): boolean => !execFileSync('stty', ['-F', path, '-a']).toString().includes('-hupcl');

const until = (what: () => boolean) => waitUntil(what, () => lines.join(' | '));

/** Whatever does not wait for the clock has happened by then. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 150));
}

describe('opening', () => {
  it('R27: DTR stays up when the port is closed, also by a death of the gateway: HUPCL is off', async () => {
    const terminal = plug({ name: 'ttyACM0', at: '1.2' });
    expect(hangsUp(terminal.path)).toBe(true);
    const session = await opened(board('a', '1.2'));
    expect(hangsUp(terminal.path)).toBe(false);
    expect(lines.filter((line) => line.includes('has restarted it'))).toHaveLength(1);
    session.close();
    await session.closed;
  });

  it('the option of serialport by itself leaves HUPCL on', async () => {
    const terminal = plug({ name: 'ttyACM0', at: '1.2' });
    const session = await openSerialSession({ path: terminal.path, baudRate: 500_000, maxFrameBytes: 64 });
    toClose.push(() => session.close());
    expect(hangsUp(terminal.path)).toBe(true);
  });

  it('an opening that finds DTR held has restarted nothing, and is not told to have', async () => {
    const terminal = plug({ name: 'ttyACM0', at: '1.2' });
    execFileSync('stty', ['-F', terminal.path, '-hupcl']);
    await opened(board('a', '1.2'));
    expect(lines.filter((line) => line.includes('restarted'))).toEqual([]);
  });

  it('boards that opening resets are opened in turns: the next when the last has answered', async () => {
    const first = plug({ name: 'ttyACM0', at: '1.2' });
    plug({ name: 'ttyACM1', at: '1.3' });
    await opened(board('a', '1.2'));
    let isOpen = false;
    const second = opened(board('b', '1.3')).then(() => {
      isOpen = true;
    });
    await settle();
    expect(isOpen).toBe(false);
    first.send(FRAME);
    await second;
    expect(isOpen).toBe(true);
  });

  it('in turns also when both are asked for at once, as at the start of a gateway', async () => {
    const first = plug({ name: 'ttyACM0', at: '1.2' });
    plug({ name: 'ttyACM1', at: '1.3' });
    const open: string[] = [];
    const both = ['1.2', '1.3'].map((at) => opened(board(at, at)).then(() => open.push(at)));
    await until(() => open.length > 0);
    await settle();
    expect(open).toEqual(['1.2']);
    first.send(FRAME);
    await Promise.all(both);
    expect(open).toEqual(['1.2', '1.3']);
  });

  it('or when the last has had its time, or has gone, or did not open', async () => {
    const first = plug({ name: 'ttyACM0', at: '1.2' });
    plug({ name: 'ttyACM1', at: '1.3' });
    plug({ name: 'ttyACM2', at: '1.4' });
    await expect(boardPorts.open(board('x', '1.9'), HARNESS)).rejects.toMatchObject({ condition: 'not-there' });
    await opened(board('a', '1.2'));
    const second = opened(board('b', '1.3'));
    first.unplug();
    await second;
    const third = opened(board('c', '1.4'));
    await settle();
    clock.advance(SETTLE_US);
    expect((await third).counters.bytesIn).toBe(0);
  });

  it('boards that opening does not reset wait for nobody', async () => {
    plug({ name: 'ttyACM0', at: '1.2' });
    plug({ name: 'ttyACM1', at: '1.3' });
    await opened(board('a', '1.2', { kind: 'posix' }));
    await opened(board('b', '1.3', { kind: 'posix' }));
    expect(boardPorts.statusOf('b')).toMatchObject({ place: 'usb-1.3', trouble: null });
  });
});

describe('what is the matter with a port', () => {
  const conditionOf = (name: string): string | undefined => boardPorts.statusOf(name)?.trouble?.name;

  it('nothing plugged in; and back under another name, as after noise from a relay', async () => {
    const first = plug({ name: 'ttyACM0', at: '1.2' });
    const session = await opened(board('a', '1.2'));
    host.unplug('ttyACM0');
    first.unplug();
    expect(await session.closed).toBe('unplugged');
    await expect(boardPorts.open(board('a', '1.2'), HARNESS)).rejects.toMatchObject({ condition: 'not-there' });
    expect(conditionOf('a')).toBe('not-there');
    expect(boardPorts.statusOf('a')).toMatchObject({ device: null });
    const again = plug({ name: 'ttyACM1', at: '1.2' });
    const next = await opened(board('a', '1.2'));
    expect(boardPorts.statusOf('a')).toMatchObject({
      device: join(host.dev, 'ttyACM1'),
      place: 'usb-1.2',
      trouble: null,
    });
    const frames: number[] = [];
    next.frames.subscribe((frame) => frames.push(...frame));
    again.send(FRAME);
    await until(() => frames.length > 0);
    expect(frames).toEqual([1, 2, 3]);
  });

  it('taken by another program, which is named', async () => {
    const terminal = plug({ name: 'ttyACM0', at: '1.2' });
    const other = await openSerialSession({ path: terminal.path, baudRate: 9600, maxFrameBytes: 64 });
    toClose.push(() => other.close());
    host.process(812, 'screen', [terminal.path]);
    await expect(boardPorts.open(board('a', '1.2'), HARNESS)).rejects.toMatchObject({
      condition: 'taken',
      message: `cannot open ${join(host.dev, 'ttyACM0')}: screen (process 812) has it open`,
    });
    expect(boardPorts.statusOf('a')?.trouble).toEqual({
      name: 'taken',
      text: expect.stringContaining('screen (process 812)'),
      remedy: 'end screen (process 812): no two programs can talk to one board',
    });
  });

  it.each(['uno', 'posix'] as const)(
    'one port for both boards (%s), by two names: the second does not share it',
    async (kind) => {
      plug({ name: 'ttyACM0', at: '1.2' });
      const path = join(host.dev, 'ttyACM0');
      const [first, second] = await Promise.allSettled([
        opened(board('a', '1.2', { kind: 'posix' })),
        opened(board('b', '', { kind, port: { type: 'path', path } })),
      ]);
      expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected']);
      const [had, refused] = first.status === 'fulfilled' ? ['a', 'b'] : ['b', 'a'];
      expect(boardPorts.statusOf(refused)?.trouble).toEqual({
        name: 'taken',
        text: expect.stringContaining(`board ${had} is there; both boards are given one port`),
        remedy: 'give each board a port of its own: copycat ports shows them',
      });
      expect(conditionOf(had)).toBeUndefined();
    },
  );

  it('the wrong board in the socket is not touched', async () => {
    plug({ name: 'ttyACM0', at: '1.2', vendor: '1a86', product: '7523' });
    const match = { vendor: '2341', product: null, serial: null };
    await expect(boardPorts.open(board('a', '1.2', { match }), HARNESS)).rejects.toMatchObject({
      condition: 'wrong-board',
    });
    expect(conditionOf('a')).toBe('wrong-board');
  });

  it('a baud rate that its driver does not make', async () => {
    plug({ name: 'ttyACM0', at: '1.2' });
    boardPorts = makeBoardPorts({
      openSession: (options) =>
        openSerialSession({
          ...options,
          // What a driver says that has fallen back: pseudo-terminals make every rate.
          prepare: async (port) => options.prepare?.({ ...port, actualBaudRate: async () => 9600 }),
        }),
    });
    await expect(boardPorts.open(board('a', '1.2'), HARNESS)).rejects.toMatchObject({
      condition: 'baud-unsupported',
      message: expect.stringContaining('does not make 500000 baud: it runs at 9600'),
    });
    expect(conditionOf('a')).toBe('baud-unsupported');
  });

  it('a parity that its driver does not make: a pseudo-terminal takes the setting and drops it', async () => {
    plug({ name: 'ttyACM0', at: '1.2' });
    const wanted = board('a', '1.2', { line: { baudRate: 115_200, dataBits: 8, parity: 'even', stopBits: 1 } });
    await expect(boardPorts.open(wanted, HARNESS)).rejects.toMatchObject({
      condition: 'line-unsupported',
      message: expect.stringContaining('does not do 8E1: it runs at 8N1'),
    });
    expect(conditionOf('a')).toBe('line-unsupported');
  });

  it('a UART without an RS-485 mode of its own, as a pseudo-terminal is', async () => {
    plug({ name: 'ttyACM0', at: '1.2' });
    await expect(boardPorts.open(board('a', '1.2', { rs485: true }), HARNESS)).rejects.toMatchObject({
      condition: 'line-unsupported',
      message: expect.stringMatching(/ has no RS-485 mode of its own \(ENOTTY\)$/),
    });
    expect(conditionOf('a')).toBe('line-unsupported');
  });

  it('what is no serial port', async () => {
    const nothing = board('a', '', { port: { type: 'path', path: '/dev/null' } });
    await expect(boardPorts.open(nothing, HARNESS)).rejects.toMatchObject({ condition: 'not-a-port' });
  });

  it('no right to open it, with the group that has it', async () => {
    const terminal = new PseudoTerminal();
    toClose.push(() => terminal.unplug());
    chmodSync(terminal.path, 0o000);
    const said = JSON.parse(await openedByAnother(terminal.path)) as Pick<PortError, 'condition' | 'expected'>;
    expect(said).toEqual({ condition: 'permission-denied', expected: expect.stringContaining('group dialout') });
  });

  it('hung: it opens, is asked, and no byte ever comes; a byte ends it', async () => {
    const terminal = plug({ name: 'ttyACM0', at: '1.2' });
    const session = await opened(board('a', '1.2'));
    clock.advance(60_000_000);
    expect(conditionOf('a')).toBeUndefined(); // nobody has asked it anything
    session.write(FRAME);
    clock.advance(5_000_000);
    expect(conditionOf('a')).toBeUndefined();
    clock.advance(2_000_000);
    expect(conditionOf('a')).toBe('hung');
    terminal.send(FRAME);
    await until(() => conditionOf('a') === undefined);
    clock.advance(60_000_000);
    expect(conditionOf('a')).toBeUndefined();
  });
});

describe('a close that blocks', () => {
  it('delays neither the notice of an unplug nor the way back under another name, nor the other board', async () => {
    const first = plug({ name: 'ttyACM0', at: '1.2' });
    plug({ name: 'ttyACM1', at: '1.3' });
    const session = await opened(board('a', '1.2'));
    first.send(FRAME);
    const close = vi.spyOn(SerialPort.prototype, 'close').mockImplementation(() => undefined);
    host.unplug('ttyACM0');
    first.unplug();
    expect(await session.closed).toBe('unplugged');
    await until(() => close.mock.calls.length > 0); // and it never comes back
    await opened(board('b', '1.3', { kind: 'posix' }));
    plug({ name: 'ttyACM2', at: '1.2' });
    await opened(board('a', '1.2'));
    expect(boardPorts.statusOf('a')).toMatchObject({ device: join(host.dev, 'ttyACM2'), trouble: null });
  });

  it('of a port that is still there is told as our own', async () => {
    const terminal = plug({ name: 'ttyACM0', at: '1.2' });
    const session = await opened(board('a', '1.2'));
    host.process(process.pid, 'node', [terminal.path]);
    vi.spyOn(SerialPort.prototype, 'flush').mockImplementation(() => undefined);
    session.close();
    expect(await session.closed).toBe('closed by the gateway');
    await expect(boardPorts.open(board('a', '1.2'), HARNESS)).rejects.toMatchObject({
      condition: 'taken',
      message: expect.stringContaining('this gateway, which is still closing it'),
    });
  });

  it('an opening that the system holds up is given up, is not made twice, and is adopted when it comes', async () => {
    plug({ name: 'ttyACM0', at: '1.2' });
    const openings: (() => void)[] = [];
    const tries = vi.spyOn(BoundedOpener.prototype, 'open');
    boardPorts = makeBoardPorts({
      openSession: (options) =>
        new Promise((resolve, reject) => {
          openings.push(() => void openSerialSession(options).then(resolve, reject));
        }),
    });
    const first = expect(boardPorts.open(board('a', '1.2'), HARNESS)).rejects.toMatchObject({
      condition: 'does-not-open',
    });
    await until(() => openings.length === 1);
    clock.advance(10_000_000);
    await first;
    const second = opened(board('a', '1.2'));
    await until(() => tries.mock.calls.length === 2);
    expect(openings).toHaveLength(1);
    openings[0]?.();
    await second;
    expect(boardPorts.statusOf('a')).toMatchObject({ trouble: null, device: join(host.dev, 'ttyACM0') });
  });
});

describe('the log of a port', () => {
  const tryOpen = async (): Promise<void> => {
    const session = await boardPorts.open(board('a', '1.2', { kind: 'posix' }), HARNESS).catch(() => null);
    if (session === null) return;
    session.close();
    await session.closed;
  };

  it('tells once what stays the same, however often it is tried', async () => {
    for (let tries = 0; tries < 50; tries++) {
      await tryOpen();
      clock.advance(1_000_000);
    }
    expect(lines).toEqual([
      'board a: nothing is plugged in at usb-1.2; there is no USB serial port at all; tried again for ever',
    ]);
  });

  it('of a port that comes and goes, three lines, then one in ten seconds, with how often', async () => {
    for (let times = 0; times < 10; times++) {
      const terminal = plug({ name: 'ttyACM0', at: '1.2' });
      await tryOpen();
      host.unplug('ttyACM0');
      terminal.unplug();
      await tryOpen();
    }
    const told = lines.filter((line) => !line.includes('latency'));
    expect(told).toHaveLength(3);
    clock.advance(10_000_000);
    expect(lines.at(-1)).toMatch(/^board a: nothing is plugged in.*\(17 changes in ten seconds\)/);
    expect(lines.filter((line) => !line.includes('latency'))).toHaveLength(4);
    clock.advance(60_000_000);
    expect(lines.filter((line) => !line.includes('latency'))).toHaveLength(4);
  });
});

/** What another user is told who opens it: root may open anything, so that it takes another user where tests are root's. */
async function openedByAnother(path: string): Promise<string> {
  const module = fileURLToPath(import.meta.resolve('#built/serial/session/serial-session.js'));
  const program = `const { openSerialSession } = await import(${JSON.stringify(module)});
await openSerialSession({ path: ${JSON.stringify(path)}, baudRate: 500000, maxFrameBytes: 64 }).then(
  () => console.log('"it opened"'),
  ({ condition, expected }) => console.log(JSON.stringify({ condition, expected })),
);`;
  const isRoot = process.getuid?.() === 0;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(isRoot ? { uid: 65_534, gid: 65_534 } : {}),
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await once(child, 'close');
  return said;
}
