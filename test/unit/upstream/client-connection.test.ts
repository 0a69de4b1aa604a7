import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ClientConnection } from '../../../src/upstream/clients/client-connection.js';
import { type Line, LineCutter } from '../../../src/upstream/clients/line-cutter.js';
import { ManualClock } from '../manual-clock.js';

/** The end of a connection, without a network: what it was told to do is written down. */
class FakeSocket extends EventEmitter {
  readonly did: string[] = [];
  readonly written: string[] = [];
  destroyed = false;
  writable = true;
  writableLength = 0;
  isCorked = false;

  write(text: string): void {
    this.written.push(text);
  }
  /** What is gathered meanwhile leaves in one piece: that is the network's, and of no concern here. */
  cork(): void {
    this.isCorked = true;
  }
  uncork(): void {
    this.isCorked = false;
  }
  pause(): void {
    this.did.push('pause');
  }
  resume(): void {
    this.did.push('resume');
  }
  end(ended?: () => void): void {
    this.did.push('end');
    ended?.();
  }
  destroy(): void {
    this.did.push('destroy');
    this.destroyed = true;
  }
}

function connected() {
  const socket = new FakeSocket();
  const clock = new ManualClock();
  clock.advance(1_000_000);
  const lines: unknown[] = [];
  const events: string[] = [];
  const world = { isPaused: false };
  const connection = new ClientConnection<Line>(socket as unknown as Duplex, new LineCutter(20), clock, 100, {
    request: (_connection, line) => lines.push(line.isTooLong ? line : line.bytes.toString()),
    ready: () => events.push('ready'),
    left: () => events.push('left'),
    closed: () => events.push('closed'),
    isPaused: () => world.isPaused,
  });
  const did = () => socket.did.splice(0);
  return {
    ...{ socket, clock, connection, lines, events, world, did },
    hear: (text: string | Buffer) => socket.emit('data', Buffer.from(text)),
  };
}

describe('lines of a client', () => {
  it('wait for their turn, and nothing more is read meanwhile', () => {
    const { hear, connection, events, lines, did } = connected();
    hear('on');
    expect([connection.isReady, connection.owesNothing, events.splice(0)]).toEqual([false, true, ['ready']]);
    expect(did()).toEqual(['resume']);
    hear('e\n  two \n');
    expect([connection.isReady, connection.owesNothing, events.splice(0)]).toEqual([true, false, ['ready']]);
    expect(did()).toEqual(['pause']);
    connection.takeOne();
    expect(did()).toEqual(['pause']);
    connection.takeOne();
    expect(lines).toEqual(['one', '  two ']);
    expect(did()).toEqual(['resume']);
    expect(connection.isReady).toBe(false);
  });

  it('make it not idle, from when they are taken', () => {
    const { hear, connection, clock } = connected();
    expect(connection.idleSinceUs).toBe(1_000_000);
    clock.advance(5);
    hear('one\n');
    clock.advance(5);
    expect(connection.idleSinceUs).toBe(1_000_000);
    connection.takeOne();
    expect(connection.idleSinceUs).toBe(1_000_010);
  });

  it('R6: are not taken while intake is paused, and the client is not read', () => {
    const { hear, connection, world, did } = connected();
    world.isPaused = true;
    hear('one\n');
    expect(connection.isReady).toBe(false);
    world.isPaused = false;
    expect(connection.isReady).toBe(true);
    connection.takeOne();
    did();
    world.isPaused = true;
    connection.proceed();
    expect(did()).toEqual(['pause']);
    world.isPaused = false;
    connection.proceed();
    expect(did()).toEqual(['resume']);
  });

  it('R6: that are too long are told so as soon as that is known, whole or not', () => {
    const { hear, connection, lines } = connected();
    hear('x'.repeat(20));
    expect(connection.isReady).toBe(false);
    hear('\n');
    connection.takeOne();
    expect(lines).toEqual(['x'.repeat(20)]);
    for (const text of [`${'x'.repeat(21)}\n`, 'x'.repeat(21)]) {
      const bad = connected();
      bad.hear(text);
      bad.connection.takeOne();
      expect(bad.lines).toEqual([{ isTooLong: true, byteCount: 21 }]);
    }
  });
});

describe('a client that ends its side', () => {
  it('has its last line taken without a newline, and gets its answers before the connection ends', () => {
    const { hear, socket, connection, lines, events, did } = connected();
    hear('last');
    did();
    events.length = 0;
    connection.unanswered.add('tcp:1');
    expect(connection.inWork).toBe(1);
    socket.emit('end');
    expect(events).toEqual(['ready']);
    expect(connection.isReady).toBe(true);
    expect(did()).toEqual(['pause']);
    connection.takeOne();
    expect(lines).toEqual(['last']);
    expect(did()).not.toContain('end');
    expect(connection.owesNothing).toBe(false);
    connection.unanswered.clear();
    expect(connection.owesNothing).toBe(true);
    connection.proceed();
    expect(did()).toEqual(['end']);
    connection.proceed();
    expect(did()).toEqual([]);
    expect(connection.isReady).toBe(false);
  });

  it('and owes nothing is ended at once', () => {
    const { socket, did } = connected();
    socket.emit('end');
    expect(did()).toEqual(['end']);
  });
});

describe('what is said to a client', () => {
  it('makes it not idle', () => {
    const { connection, socket, clock } = connected();
    clock.advance(7);
    expect(connection.send('said')).toBe(true);
    expect(socket.written).toEqual(['said']);
    expect(connection.idleSinceUs).toBe(1_000_007);
  });

  it('R6: up to the limit may be unread; beyond, it is cut off and nothing was handed over', () => {
    const { connection, socket, did } = connected();
    socket.writableLength = 100;
    expect(connection.send('x')).toBe(true);
    expect(connection.cutOff).toBe(false);
    socket.writableLength = 101;
    expect(connection.send('x')).toBe(false);
    expect(connection.cutOff).toBe(true);
    expect(did()).toEqual(['destroy']);
    socket.destroyed = false;
    socket.writableLength = 0;
    expect(connection.send('x')).toBe(false);
    connection.proceed();
    expect(did()).toEqual([]);
    expect(socket.written).toHaveLength(2);
  });

  it.each(['destroyed', 'ended'])('does not reach a socket that is %s, and is not said to', (how) => {
    const { connection, socket } = connected();
    if (how === 'destroyed') socket.destroyed = true;
    else socket.writable = false;
    expect(connection.send('x')).toBe(false);
    expect(socket.written).toEqual([]);
  });
});

describe('a client that is refused', () => {
  it('is read a little on so that it hears why', () => {
    const { connection, did, events, hear, lines, clock } = connected();
    connection.leave();
    expect(did()).toEqual(['end', 'resume']);
    expect(events).toEqual(['left']);
    hear('one\n');
    expect([events, lines, connection.isReady]).toEqual([['left'], [], false]);
    clock.advance(4_999_999);
    expect(did()).toEqual([]);
    clock.advance(1);
    expect(did()).toEqual(['destroy']);
  });

  it('R6: is not read on for ever', () => {
    const { connection, hear, did } = connected();
    connection.leave();
    did();
    hear('x'.repeat(60));
    hear('x'.repeat(40));
    expect(did()).toEqual([]);
    hear('x');
    expect(did()).toEqual(['destroy']);
  });
});

describe('R32: a client whose lines bring nothing', () => {
  it('is put off after 64 of them, for 50 ms each, and says itself when that is over', () => {
    const { hear, connection, clock, events } = connected();
    for (let bad = 0; bad < 63; bad++) connection.broughtNothing();
    hear('one\ntwo\n');
    events.length = 0;
    expect(connection.isReady).toBe(true);
    connection.broughtNothing();
    expect(connection.isReady).toBe(false);
    expect(connection.isReady).toBe(false);
    expect(clock.alarms).toBe(1);
    clock.advance(49_999);
    expect([connection.isReady, events]).toEqual([false, []]);
    clock.advance(1);
    expect([connection.isReady, events]).toEqual([true, ['ready']]);
    connection.broughtNothing();
    expect(connection.isReady).toBe(false);
    clock.advance(50_000);
    expect(events).toEqual(['ready', 'ready']);
  });

  it('rings no more once it has gone', () => {
    const { hear, connection, clock, socket, events } = connected();
    for (let bad = 0; bad < 64; bad++) connection.broughtNothing();
    hear('one\n');
    expect(connection.isReady).toBe(false);
    expect(clock.alarms).toBe(1);
    events.length = 0;
    socket.emit('close');
    expect(clock.alarms).toBe(0);
    expect(events).toEqual(['closed']);
    clock.advance(1_000_000);
    expect(connection.isReady).toBe(false);
  });
});

describe('what one turn answers', () => {
  it('is gathered, and leaves with its end', async () => {
    const { connection, socket } = connected();
    connection.send('1');
    connection.send('2');
    expect(socket.isCorked).toBe(true);
    await new Promise((resolve) => process.nextTick(resolve));
    expect(socket.isCorked).toBe(false);
    expect(socket.written).toEqual(['1', '2']);
  });

  it('leaves before the connection ends in the same turn', () => {
    const { connection, socket } = connected();
    connection.send('1');
    connection.end();
    expect(socket.isCorked).toBe(false);
  });
});

describe('the end of a connection', () => {
  it('lets what was sent go out where that is done already, and does not wait for who does not read', () => {
    const taken = connected();
    taken.connection.end();
    expect(taken.did()).toEqual(['end', 'destroy']);
    taken.connection.proceed();
    expect(taken.did()).toEqual([]);
    const slow = connected();
    slow.socket.writableLength = 1;
    slow.connection.end();
    expect(slow.did()).toEqual(['destroy']);
  });

  it('is at once where it is asked for at once', () => {
    const { connection, did, hear } = connected();
    connection.destroy();
    expect(did()).toEqual(['destroy']);
    hear('one\n');
    expect(connection.isReady).toBe(false);
  });

  it('by a reset of the client is no error of ours', () => {
    const { socket, did, events } = connected();
    socket.emit('error', new Error('ECONNRESET'));
    expect(did()).toEqual(['destroy']);
    socket.emit('close');
    expect(events).toEqual(['closed']);
  });
});
