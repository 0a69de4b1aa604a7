import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WallClock } from '../../src/clock/clock.js';
import { createBoardLink } from '../../src/link/board-link.js';
import { HARNESS } from '../../src/link/harness/harness-dialect.js';
import { encodeFrame, MAX_ENCODED_BYTES } from '../../src/protocol/frame-codec.js';
import { openSerialSession, type SerialSession } from '../../src/serial/session/serial-session.js';
import { until } from '../until.js';
import { PseudoTerminal } from './pseudo-terminal.js';

const FRAME = encodeFrame({ kind: 'done', session: 1, seq: 7, stale: false, readBack: [1, 2] });
const CONTENT = [...FRAME.subarray(1, -1)];

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0)) close();
});

function terminal(): PseudoTerminal {
  const made = new PseudoTerminal();
  toClose.push(() => made.unplug());
  return made;
}

async function opened(path: string): Promise<{ session: SerialSession; frames: number[][] }> {
  const session = await openSerialSession({ path, baudRate: 500_000, maxFrameBytes: MAX_ENCODED_BYTES });
  toClose.push(() => session.close());
  const frames: number[][] = [];
  session.frames.subscribe((frame) => frames.push([...frame]));
  return { session, frames };
}

/** Sends all of it at the terminal's pace. */
async function sendAll(board: PseudoTerminal, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const sent = board.send(bytes.subarray(at, at + 4096));
    at += sent;
    if (sent === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

describe('frames over a pseudo-terminal', () => {
  it('passes every byte both ways', async () => {
    const board = terminal();
    const { session, frames } = await opened(board.path);
    const everything = Uint8Array.from({ length: 255 }, (_, index) => index + 1);
    for (let at = 0; at < 255; at += 51) board.send(Uint8Array.of(0, ...everything.subarray(at, at + 51), 0));
    await until(
      () => frames.length === 5,
      () => frames.length,
    );
    expect(frames.flat()).toEqual([...everything]);
    expect(session.write(Uint8Array.of(0, 255, 17, 19, 13, 10, 3, 4, 0))).toBe(true);
    await until(
      () => board.received.length === 9,
      () => board.received,
    );
    expect(board.received).toEqual([0, 255, 17, 19, 13, 10, 3, 4, 0]);
  });

  it('puts a frame together from pieces, and keeps two of one piece apart', async () => {
    const board = terminal();
    const { frames } = await opened(board.path);
    for (const byte of FRAME) {
      board.send(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    board.send(Uint8Array.of(...FRAME, ...FRAME, ...FRAME));
    await until(
      () => frames.length === 4,
      () => frames,
    );
    expect(frames).toEqual([CONTENT, CONTENT, CONTENT, CONTENT]);
  });

  it('bytes from before the opening are not its bytes', async () => {
    const board = terminal();
    board.send(FRAME);
    const { frames } = await opened(board.path);
    board.send(Uint8Array.of(0, 9, 0));
    await until(() => frames.length > 0);
    expect(frames).toEqual([[9]]);
  });

  it('R6: a board that never sends a delimiter costs no memory and is counted', async () => {
    const board = terminal();
    const { session, frames } = await opened(board.path);
    const total = 300_000;
    await sendAll(board, new Uint8Array(total).fill(0x55));
    await until(
      () => session.counters.bytesIn === total,
      () => session.counters,
    );
    expect(session.counters.overlongBytes).toBe(total - MAX_ENCODED_BYTES - 1);
    expect(frames.map((frame) => frame.length)).toEqual([MAX_ENCODED_BYTES + 1]); // too long for the decoder, so seen
    board.send(Uint8Array.of(0, ...FRAME));
    await until(() => frames.length === 2);
    expect(frames[1]).toEqual(CONTENT);
  });

  it('R6: garbage at full speed is passed in pieces no longer than a frame', async () => {
    const board = terminal();
    const { session, frames } = await opened(board.path);
    let random = 1;
    const garbage = Uint8Array.from({ length: 200_000 }, () => {
      random = (random * 1103515245 + 12345) & 0x7fffffff;
      return random >>> 16;
    });
    await sendAll(board, garbage);
    await until(
      () => session.counters.bytesIn === garbage.length,
      () => session.counters,
    );
    const passed = frames.reduce((bytes, frame) => bytes + frame.length, 0);
    const zeros = garbage.reduce((count, byte) => (byte === 0 ? count + 1 : count), 0);
    expect(Math.max(...frames.map((frame) => frame.length))).toBe(MAX_ENCODED_BYTES + 1);
    // Every byte was passed, dropped and counted, a delimiter, or is held for the frame that has begun.
    const held = garbage.length - zeros - passed - session.counters.overlongBytes;
    expect(held).toBeGreaterThanOrEqual(0);
    expect(held).toBeLessThanOrEqual(MAX_ENCODED_BYTES);
  });

  it('notices an unplug in the middle of a frame, says so once, and passes nothing of the half', async () => {
    const board = terminal();
    const { session, frames } = await opened(board.path);
    board.send(FRAME.subarray(0, 5));
    await until(() => session.counters.bytesIn === 5);
    board.unplug();
    expect(await session.closed).toMatch(/^unplugged/);
    expect(frames).toEqual([]);
    expect(session.write(FRAME)).toBe(false);
    expect(session.counters.droppedWrites).toBe(1);
  });

  it('survives a write at the moment of an unplug', async () => {
    const board = terminal();
    const { session } = await opened(board.path);
    board.unplug();
    session.write(FRAME);
    session.write(FRAME);
    expect(await session.closed).toMatch(/^unplugged/);
    session.close();
    session.close();
  });

  it('R6: what a stuck board does not take is dropped and counted, never kept', async () => {
    const board = terminal();
    const { session } = await opened(board.path);
    board.stopReading();
    const block = new Uint8Array(1024).fill(0x55);
    let refused = 0;
    for (let blocks = 0; blocks < 200; blocks++) {
      if (!session.write(block)) refused++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(refused).toBeGreaterThan(100);
    expect(session.counters.droppedWrites).toBe(refused);
    expect(session.counters.bytesOut).toBe((200 - refused) * 1024);
    session.close();
    expect(await session.closed).toBe('closed by the gateway');
  });

  it('a closed session takes and gives nothing, and the port can be opened again', async () => {
    const board = terminal();
    const { session, frames } = await opened(board.path);
    session.close();
    expect(session.write(FRAME)).toBe(false);
    board.send(FRAME);
    const again = await until(() => opened(board.path).catch(() => null)); // locked until the first one is quite gone
    board.send(FRAME);
    await until(() => again.frames.length > 0);
    expect(frames).toEqual([]);
    expect(again.frames).toEqual([CONTENT]);
    expect(board.received).toEqual([]); // what was written to the closed one was not kept for the next
  });

  it('says why a port cannot be opened', async () => {
    await expect(opened('/dev/no-such-port')).rejects.toMatchObject({
      code: 'PORT_UNAVAILABLE',
      message: 'cannot open /dev/no-such-port: there is no such port',
      value: '/dev/no-such-port',
    });
    const board = terminal();
    await opened(board.path);
    await expect(opened(board.path)).rejects.toMatchObject({
      code: 'PORT_UNAVAILABLE',
      message: `cannot open ${board.path}: another program has it open`,
    });
  });
});

describe('bytes of a protocol that cuts for itself', () => {
  it('are handed on as they come, 0x00 and all', async () => {
    const board = terminal();
    const session = await openSerialSession({ path: board.path, baudRate: 19_200, maxFrameBytes: 4, cut: 'bytes' });
    toClose.push(() => session.close());
    const heard: number[] = [];
    session.frames.subscribe((bytes) => heard.push(...bytes));
    const everything = Array.from({ length: 256 }, (_, index) => index);
    board.send(Uint8Array.from(everything));
    await until(() => heard.length === 256);
    expect(heard).toEqual(everything);
    expect(session.counters).toMatchObject({ bytesIn: 256, overlongBytes: 0 });
  });

  it('are cut at a delimiter of several bytes', async () => {
    const board = terminal();
    const cut = { delimiter: Buffer.from('\r\n') };
    const session = await openSerialSession({ path: board.path, baudRate: 19_200, maxFrameBytes: 8, cut });
    toClose.push(() => session.close());
    const lines: string[] = [];
    session.frames.subscribe((line) => lines.push(Buffer.from(line).toString()));
    board.send(Buffer.from('SET 40\r\n\r\nok\0\r\nfar too long a line\r\nGET\r\n'));
    await until(() => lines.length === 4);
    expect(lines).toEqual(['SET 40', 'ok\0', 'far too l', 'GET']);
  });
});

describe('a link over a pseudo-terminal', () => {
  it('comes back when the board is plugged in again, with nothing of the old plug', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copycat-serial-'));
    const path = join(folder, 'board');
    let board = terminal();
    symlinkSync(board.path, path);
    const link = createBoardLink({
      dialect: HARNESS,
      board: 'a',
      clock: new WallClock(),
      retry: { firstUs: 1000, maxUs: 4000 },
      openSession: () => openSerialSession({ path, baudRate: 500_000, maxFrameBytes: MAX_ENCODED_BYTES }),
    });
    toClose.push(() => link.close());
    const heard: string[] = [];
    const notes: string[] = [];
    link.events.subscribe((event) => heard.push(event.type));
    link.others.subscribe((note) => notes.push(note.kind));
    link.start();
    await until(() => heard.length === 1);
    board.send(Uint8Array.of(...FRAME, ...FRAME.subarray(0, 6)));
    await until(() => heard.length === 2);
    rmSync(path);
    board.unplug();
    await until(() => heard.length === 3 && notes.length === 1);
    link.send(1, { kind: 'wait', seq: 7 });
    link.flush();
    board = terminal();
    symlinkSync(board.path, path);
    await until(() => heard.length === 4);
    board.send(FRAME.subarray(6));
    board.send(FRAME);
    await until(() => heard.length === 5);
    expect(heard).toEqual(['linkOpened', 'messageReceived', 'linkLost', 'linkOpened', 'messageReceived']);
    expect(notes).toEqual(['openFailed']);
    expect(link.counters).toMatchObject({ opens: 2, framesIn: 2, framesOut: 0, droppedWrites: 1 });
    expect(board.received).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
