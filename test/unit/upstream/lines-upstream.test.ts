import { type Duplex, duplexPair } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { IntakeTurns } from '../../../src/upstream/intake-turns.js';
import { createLinesUpstream, type LinesUpstreamOptions } from '../../../src/upstream/lines/lines-upstream.js';
import type { Door } from '../../../src/upstream/transport/transport.js';
import { ManualClock } from '../manual-clock.js';

async function served(options: Partial<LinesUpstreamOptions> = {}) {
  const clock = new ManualClock();
  const doors: Door[] = [];
  const upstream = createLinesUpstream({
    transport: {
      open: async (door) => {
        doors.push(door);
        return 'pty:/run/x';
      },
      close: async () => undefined,
    },
    turns: new IntakeTurns({ places: 8, clock }),
    refusal: (reason) => Buffer.from(`error: ${reason}\n`),
    ...{ maxLineBytes: 10, clock, runId: 'r', ...options },
  });
  const asked: string[] = [];
  upstream.arrivals.subscribe(({ ref, payload }) => asked.push(`${ref} ${Buffer.from(payload).toString()}`));
  expect(await upstream.start()).toEqual(['pty:/run/x (lines)']);
  const connect = () => {
    const [ours, theirs] = duplexPair() as [Duplex, Duplex];
    const heard: Buffer[] = [];
    theirs.on('data', (chunk: Buffer) => heard.push(chunk));
    doors[0]?.came(ours);
    return { theirs, said: () => Buffer.concat(heard).toString() };
  };
  return { upstream, asked, connect, clock };
}

const turns = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};
const bytes = (text: string) => Buffer.from(text);

describe('lines as the boards take them', () => {
  it('are inputs without their ends, and are answered as the board said it, each where it was asked', async () => {
    const { upstream, asked, connect } = await served();
    const [one, other] = [connect(), connect()];
    one.theirs.write('SET 40\r\nGET\n\n\r\n');
    await turns();
    other.theirs.write('GET\n');
    await turns();
    expect(asked).toEqual(['lines:r:1 SET 40', 'lines:r:2 GET', 'lines:r:3 GET']);
    expect(upstream.answer('lines:r:1', [bytes('ok\r\n')])).toBe(true);
    upstream.answer('lines:r:2', [bytes('echo\r\n'), bytes('40\r\n')]);
    upstream.answer('lines:r:3', [bytes('40\r\n')]);
    await turns();
    expect([one.said(), other.said()]).toEqual(['ok\r\necho\r\n40\r\n', '40\r\n']);
  });

  it.each([
    { lineEnd: '\r', typed: ['SET 1\rG', 'ET\r', '\nSET 2\r\nSET 3\n'], asked: ['SET 1', 'GET', 'SET 2', 'SET 3'] },
    { lineEnd: ';', typed: ['SET 1;G', 'ET;;SET 2', ';'], asked: ['SET 1', 'GET', 'SET 2'] },
    { lineEnd: '.;', typed: ['SET 1.5.;GET;'], asked: ['SET 1.5', 'GET'] },
    { lineEnd: '\r\n', typed: ['SET 1\r', '\nGET\n'], asked: ['SET 1', 'GET'] },
  ])('are ended as the boards’ own are: by $lineEnd', async ({ lineEnd, typed, asked: expected }) => {
    const { asked, connect } = await served({ lineEnd: bytes(lineEnd) });
    const { theirs } = connect();
    for (const piece of typed) {
      theirs.write(piece);
      await turns();
    }
    expect(asked.map((one) => one.replace(/^\S+ /, ''))).toEqual(expected);
  });

  it.each(['\n', '\r', '.;'])(
    'of which a client has said the begin alone when it leaves are none (ended by %j)',
    async (lineEnd) => {
      const { asked, connect } = await served({ lineEnd: bytes(lineEnd) });
      const { theirs, said } = connect();
      theirs.end(`SET 40${lineEnd}SET 4`);
      await turns();
      expect([asked, said()]).toEqual([['lines:r:1 SET 40'], '']);
    },
  );

  it('too long to be given are refused once, whatever ends them', async () => {
    const { asked, connect } = await served({ lineEnd: bytes('\r') });
    const { theirs, said } = connect();
    theirs.write(`${'x'.repeat(40)}\rGET\r`);
    await turns();
    expect(said()).toBe('error: too-long\n');
    expect(asked).toEqual(['lines:r:1 GET']);
  });

  it('of nothing are lines where boards answer them', async () => {
    const { asked, connect } = await served({ takesEmptyLines: true });
    connect().theirs.write('\r\n');
    await turns();
    expect(asked).toEqual(['lines:r:1 ']);
  });

  it('R6: that are too long, or not taken, are refused in the words of the protocol, and no part of them is an input', async () => {
    const { upstream, asked, connect } = await served();
    const { theirs, said } = connect();
    theirs.write(`${'x'.repeat(11)}\n`);
    await turns();
    theirs.write('y'.repeat(50));
    await turns();
    theirs.write('STOP 1');
    await turns();
    theirs.write('\nGET\n');
    await turns();
    expect(asked).toEqual(['lines:r:1 GET']);
    upstream.refuse('lines:r:1', 'stopped');
    await turns();
    expect(said()).toBe('error: too-long\nerror: too-long\nerror: stopped\n');
    expect(upstream.clients).toMatchObject({ badLines: 2, refusedInputs: 1 });
  });

  it('what a board says unasked is for every client', async () => {
    const { upstream, connect } = await served();
    const [one, other] = [connect(), connect()];
    upstream.passOn(bytes('pin 3 high\n'));
    await turns();
    expect([one.said(), other.said()]).toEqual(['pin 3 high\n', 'pin 3 high\n']);
  });

  it('a client that has gone is owed nothing, and what it asked goes on', async () => {
    const { upstream, asked, connect } = await served();
    const { theirs } = connect();
    theirs.write('GET\n');
    await turns();
    theirs.destroy();
    await turns();
    expect(asked).toHaveLength(1);
    expect(upstream.answer('lines:r:1', [bytes('40\n')])).toBe(true);
    // Of a gateway before this one, too.
    expect(upstream.answer('lines:q:1', [bytes('40\n')])).toBe(true);
  });

  it('a client is greeted with the banner 300 ms after its coming, once it is known, and not when it has gone', async () => {
    let banner: string | null = null;
    const greeting = () => (banner === null ? null : bytes(banner));
    const { connect, clock } = await served({ greeting });
    const early = connect();
    clock.advance(300_000);
    banner = 'valve 1.0\r\n';
    const one = connect();
    const gone = connect();
    gone.theirs.destroy();
    await turns();
    clock.advance(299_999);
    await turns();
    expect(one.said()).toBe('');
    clock.advance(1);
    await turns();
    expect([early.said(), one.said(), gone.said()]).toEqual(['', 'valve 1.0\r\n', '']);
    expect(clock.alarms).toBe(0);
  });
});
