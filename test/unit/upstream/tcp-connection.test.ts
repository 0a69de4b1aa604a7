import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { TcpConnection } from '../../../src/upstream/tcp/tcp-connection.js';
import { ManualClock } from '../manual-clock.js';

/** The end of a connection, without a network: what it was told to do is written down. */
class FakeSocket extends EventEmitter {
  readonly did: string[] = [];
  readonly written: string[] = [];
  destroyed = false;
  writable = true;
  writableLength = 0;
  isCorked = false;
  timedOut: () => void = () => undefined;

  setNoDelay(on: boolean): void {
    this.did.push(`noDelay ${on}`);
  }
  setKeepAlive(on: boolean, afterMs: number): void {
    this.did.push(`keepAlive ${on} ${afterMs}`);
  }
  setTimeout(afterMs: number, timedOut: () => void): void {
    this.did.push(`timeout ${afterMs}`);
    this.timedOut = timedOut;
  }
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
  end(): void {
    this.did.push('end');
  }
  destroy(): void {
    this.did.push('destroy');
    this.destroyed = true;
  }
  destroySoon(): void {
    this.did.push('destroySoon');
  }
}

function connected(limits: { maxLineBytes?: number; maxUnreadBytes?: number } = {}) {
  const socket = new FakeSocket();
  const clock = new ManualClock();
  clock.advance(1_000_000);
  const lines: unknown[] = [];
  const events: string[] = [];
  const world = { isPaused: false };
  const connection = new TcpConnection(
    socket as unknown as Socket,
    clock,
    { maxLineBytes: 20, maxUnreadBytes: 100, ...limits },
    {
      line: (_connection, line, isUtf8) => lines.push(isUtf8 ? line : [line, isUtf8]),
      ready: () => events.push('ready'),
      left: () => events.push('left'),
      closed: () => events.push('closed'),
      isPaused: () => world.isPaused,
    },
  );
  const did = () => socket.did.splice(0);
  expect(did()).toEqual(['noDelay true', 'keepAlive true 30000']);
  return {
    ...{ socket, clock, connection, lines, events, world, did },
    hear: (text: string | Buffer) => socket.emit('data', Buffer.from(text)),
    said: () => socket.written.splice(0).map((text) => JSON.parse(text)),
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
    connection.takeLine();
    expect(did()).toEqual(['pause']);
    connection.takeLine();
    expect(lines).toEqual(['one', 'two']);
    expect(did()).toEqual(['resume']);
    expect(connection.isReady).toBe(false);
  });

  it('that are empty are nothing', () => {
    const { hear, connection, lines } = connected();
    hear('\n \r\n');
    connection.takeLine();
    connection.takeLine();
    expect(lines).toEqual([]);
  });

  it('that are not UTF-8 are told so', () => {
    const { hear, connection, lines } = connected();
    hear(Buffer.from([0x61, 0xff, 0x0a]));
    connection.takeLine();
    expect(lines).toEqual([['a\ufffd', false]]);
  });

  it('make it not idle, from when they are taken', () => {
    const { hear, connection, clock } = connected();
    expect(connection.idleSinceUs).toBe(1_000_000);
    clock.advance(5);
    hear('one\n');
    clock.advance(5);
    expect(connection.idleSinceUs).toBe(1_000_000);
    connection.takeLine();
    expect(connection.idleSinceUs).toBe(1_000_010);
  });

  it('R6: are not taken while intake is paused, and the client is not read', () => {
    const { hear, connection, world, did } = connected();
    world.isPaused = true;
    hear('one\n');
    expect(connection.isReady).toBe(false);
    world.isPaused = false;
    expect(connection.isReady).toBe(true);
    connection.takeLine();
    did();
    world.isPaused = true;
    connection.proceed();
    expect(did()).toEqual(['pause']);
    world.isPaused = false;
    connection.proceed();
    expect(did()).toEqual(['resume']);
  });

  it('R6: may be as long as the limit, and one byte more ends the connection, whole or not', () => {
    const { hear, connection, lines } = connected();
    hear('x'.repeat(20));
    hear('\n');
    connection.takeLine();
    expect(lines).toEqual(['x'.repeat(20)]);
    for (const [text, takes] of [
      [`${'x'.repeat(21)}\n`, true],
      ['x'.repeat(21), false],
    ] as const) {
      const bad = connected();
      bad.hear(text);
      if (takes) bad.connection.takeLine();
      expect(bad.lines).toEqual([]);
      expect(bad.said()).toEqual([
        {
          error: {
            ...{ code: 'LINE_TOO_LONG', message: 'a line is too long; the connection ends', value: 21 },
            expected: 'at most 20 bytes',
          },
        },
      ]);
      expect(bad.events).toContain('left');
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
    connection.takeLine();
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
  it('is one line of JSON, and makes it not idle', () => {
    const { connection, socket, clock } = connected();
    clock.advance(7);
    expect(connection.send({ id: 1 })).toBe(true);
    expect(socket.written).toEqual(['{"id":1}\n']);
    expect(connection.idleSinceUs).toBe(1_000_007);
  });

  it('is an error with the id where there is one', () => {
    const { connection, said } = connected();
    const error = { code: 'BAD_ID', message: 'm', expected: 'e' } as const;
    expect(connection.sendError(error)).toBe(true);
    connection.sendError(error, 0);
    expect(said()).toEqual([{ error }, { id: 0, error }]);
  });

  it('R6: up to the limit may be unread; beyond, it is cut off and nothing was handed over', () => {
    const { connection, socket, did } = connected();
    socket.writableLength = 100;
    expect(connection.send({})).toBe(true);
    expect(connection.cutOff).toBe(false);
    socket.writableLength = 101;
    expect(connection.send({})).toBe(false);
    expect(connection.cutOff).toBe(true);
    expect(did()).toEqual(['destroy']);
    socket.destroyed = false;
    socket.writableLength = 0;
    expect(connection.send({})).toBe(false);
    connection.proceed();
    expect(did()).toEqual([]);
    expect(socket.written).toHaveLength(2);
  });

  it.each(['destroyed', 'ended'])('does not reach a socket that is %s, and is not said to', (how) => {
    const { connection, socket } = connected();
    if (how === 'destroyed') socket.destroyed = true;
    else socket.writable = false;
    expect(connection.send({})).toBe(false);
    expect(socket.written).toEqual([]);
  });
});

describe('a client that is refused', () => {
  it('is told why, with the value where there is one, and read a little on so that it hears it', () => {
    const { connection, said, did, events, hear, lines, socket } = connected();
    connection.refuse('GAVE_WAY', 'why', 'what to do');
    expect(said()).toEqual([{ error: { code: 'GAVE_WAY', message: 'why', expected: 'what to do' } }]);
    expect(did()).toEqual(['timeout 5000', 'end', 'resume']);
    expect(events).toEqual(['left']);
    hear('{"id":1}\n');
    expect([events, lines, connection.isReady]).toEqual([['left'], [], false]);
    expect(did()).toEqual([]);
    socket.timedOut();
    expect(did()).toEqual(['destroy']);
    const other = connected();
    other.connection.refuse('LINE_TOO_LONG', 'm', 'e', 5);
    expect(other.said()).toEqual([{ error: { code: 'LINE_TOO_LONG', message: 'm', value: 5, expected: 'e' } }]);
  });

  it('R6: is not read on for ever', () => {
    const { connection, hear, did } = connected();
    connection.refuse('GAVE_WAY', 'why', 'e');
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
    connection.sendError({ code: 'BAD_ID', message: 'm', expected: 'e' });
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
    connection.send({ id: 1 });
    connection.send({ id: 2 });
    expect(socket.isCorked).toBe(true);
    await new Promise((resolve) => process.nextTick(resolve));
    expect(socket.isCorked).toBe(false);
    expect(socket.written).toEqual(['{"id":1}\n', '{"id":2}\n']);
  });

  it('leaves before the connection ends in the same turn', () => {
    const { connection, socket } = connected();
    connection.send({ id: 1 });
    connection.end();
    expect(socket.isCorked).toBe(false);
  });
});

describe('the end of a connection', () => {
  it('lets what was sent go out where that is done already, and does not wait for who does not read', () => {
    const taken = connected();
    taken.connection.end();
    expect(taken.did()).toEqual(['destroySoon']);
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
