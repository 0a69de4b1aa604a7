import { afterEach, describe, expect, it } from 'vitest';
import { type ByteSession, openByteSession } from '../../src/serial/session/byte-session.js';
import { PseudoTerminal } from './pseudo-terminal.js';

// What a read and a write by the descriptor have to bear: short ones, a buffer that is full, an end while something waits.

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0)) close();
});

function terminal(): PseudoTerminal {
  const made = new PseudoTerminal();
  toClose.push(() => made.unplug());
  return made;
}

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; tries < 4000; tries++) {
    if (what()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`never came: ${what}`);
}

/** The system closes a port in a thread of its own, and until then it is locked. */
async function openedAgain(path: string): Promise<ByteSession> {
  for (let tries = 0; ; tries++) {
    try {
      return await openByteSession({ path, baudRate: 500_000 });
    } catch (error) {
      if (tries > 400) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a port that is read and written directly', () => {
  it('what a slow port does not take at once goes later, every byte once and in order', async () => {
    const board = terminal();
    board.stopReading();
    const session = await openByteSession({ path: board.path, baudRate: 500_000 });
    toClose.push(() => session.close());
    const sent: number[] = [];
    // Until the terminal's own buffer and ours are full.
    for (let at = 0; ; at++) {
      const piece = Uint8Array.from({ length: 100 }, (_, index) => (at * 7 + index) & 0xff);
      if (!session.write(piece)) break;
      sent.push(...piece);
      await turn();
    }
    expect(sent.length).toBeGreaterThan(4096);
    board.startReading();
    await until(() => board.received.length >= sent.length);
    expect(board.received).toEqual(sent);
    expect(session.write(Uint8Array.of(1, 2, 3))).toBe(true);
    await until(() => board.received.length === sent.length + 3);
  });

  it('what waits when it is closed is never sent, and nothing of it reaches the next session', async () => {
    const board = terminal();
    board.stopReading();
    const session = await openByteSession({ path: board.path, baudRate: 500_000 });
    while (session.write(new Uint8Array(100).fill(0xaa))) await turn();
    session.close();
    expect(await session.closed).toBe('closed by the gateway');
    const next = await openedAgain(board.path);
    toClose.push(() => next.close());
    board.startReading();
    next.write(Uint8Array.of(0xbb));
    await until(() => board.received.includes(0xbb));
    // What the terminal had taken before is the terminal's; what was ours is gone.
    expect(board.received.indexOf(0xbb)).toBe(board.received.length - 1);
    expect(board.received.length).toBeLessThan(8192 + 100);
  });

  it('says once that the device is gone, while it waits for bytes and for room', async () => {
    const board = terminal();
    board.stopReading();
    const session = await openByteSession({ path: board.path, baudRate: 500_000 });
    const pieces: Uint8Array[] = [];
    let completed = 0;
    session.bytes.subscribe({ next: (bytes) => pieces.push(bytes), complete: () => completed++ });
    while (session.write(new Uint8Array(100))) await turn();
    board.unplug();
    expect(await session.closed).toMatch(/^unplugged/);
    expect(session.write(Uint8Array.of(1))).toBe(false);
    expect(completed).toBe(1);
    expect(pieces).toEqual([]);
  });

  it('what one turn says leaves in one write', async () => {
    const board = terminal();
    const reads: number[] = [];
    board.onData = (bytes) => reads.push(bytes.length);
    const session = await openByteSession({ path: board.path, baudRate: 500_000 });
    toClose.push(() => session.close());
    for (let piece = 0; piece < 5; piece++) session.write(new Uint8Array(20).fill(piece));
    await until(() => board.received.length === 100);
    expect(reads).toEqual([100]);
  });
});
