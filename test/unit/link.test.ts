import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type BoardLink, createBoardLink, type LinkEvent } from '../../src/link/board-link.js';
import type { FrameSession } from '../../src/link/frame-session.js';
import { HARNESS } from '../../src/link/harness/harness-dialect.js';
import { MAX_INPUT_PAYLOAD_BYTES } from '../../src/link/harness/wire-message.js';
import type { LinkNote } from '../../src/link/link-notes.js';
import type { ToBoard } from '../../src/pair/result/messages.js';
import { crc32 } from '../../src/protocol/crc32.js';
import { decodeFrame, encodeFrame } from '../../src/protocol/frame-codec.js';
import type { HelloMessage, Message, ResultMessage } from '../../src/protocol/messages.generated.js';
import { inputCrc, resultHash } from '../../src/protocol/result-hash.js';
import { ManualClock } from './manual-clock.js';
import { randomRuns } from './pair/fixture/thin-out.js';

class FakeSession implements FrameSession {
  readonly frames = new Subject<Uint8Array>();
  readonly written: Message[] = [];
  readonly counters = { overlongBytes: 0 };
  mayHaveReset = false;
  writes = 0;
  closes = 0;
  full = false;
  closed: Promise<string>;
  unplug: (reason: string) => void = () => undefined;

  constructor() {
    this.closed = new Promise((resolve) => {
      this.unplug = resolve;
    });
  }

  write(bytes: Uint8Array): boolean {
    if (this.full) return false;
    this.writes++;
    for (const frame of framesIn(bytes)) {
      const decoded = decodeFrame(frame);
      if (!decoded.ok) throw new Error(decoded.reason);
      this.written.push(decoded.message);
    }
    return true;
  }

  close(): void {
    this.closes++;
    this.unplug('closed');
  }

  say(message: Message): void {
    this.frames.next(encodeFrame(message).subarray(1, -1));
  }
}

/** What stands between the delimiters. */
function framesIn(bytes: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  let begin = 0;
  for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, begin)) {
    if (end > begin) frames.push(bytes.subarray(begin, end));
    begin = end + 1;
  }
  return frames;
}

const INPUT: Extract<ToBoard, { kind: 'input' }> = {
  kind: 'input',
  seq: 7,
  probe: false,
  recall: false,
  position: 0,
  pairTimeMs: 1000,
  observed: null,
  payload: Uint8Array.of(1, 2, 3),
};

function result(part: Partial<ResultMessage>): ResultMessage {
  return {
    kind: 'result',
    session: 1,
    seq: 7,
    executionCount: 1,
    part: 0,
    last: true,
    rejected: false,
    inputCrc: inputCrc(INPUT),
    digest: 99,
    observed: [],
    body: Uint8Array.of(5),
    ...part,
  };
}

const HELLO: HelloMessage = {
  kind: 'hello',
  session: 0,
  seq: 0,
  protocol: 1,
  boot: 77,
  imageHash: 1,
  appId: 2,
  appVersion: 3,
  stateLayout: 4,
  stateBytes: 8,
  wireBytes: 64,
  rxBytes: 128,
  window: 2,
  resetCause: 'external',
  failed: false,
  parked: false,
  replays: false,
  executionCount: 0,
  digest: 0,
  actedBits: 0,
  kept: [],
};

interface Bench {
  readonly link: BoardLink;
  readonly clock: ManualClock;
  readonly sessions: FakeSession[];
  readonly heard: LinkEvent[];
  readonly notes: LinkNote[];
  failOpen: string | null;
  /** Opening the port restarts the board. */
  resets: boolean;
}

/** Lets every promise that is ready have its turn. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function opened(): Promise<Bench> {
  const clock = new ManualClock();
  const bench: Bench = {
    clock,
    sessions: [],
    heard: [],
    notes: [],
    failOpen: null,
    resets: false,
    link: createBoardLink({
      dialect: HARNESS,
      board: 'a',
      clock,
      retry: { firstUs: 1000, maxUs: 8000 },
      openSession: async () => {
        if (bench.failOpen !== null) throw new Error(bench.failOpen);
        const session = new FakeSession();
        session.mayHaveReset = bench.resets;
        bench.sessions.push(session);
        return session;
      },
    }),
  };
  bench.link.events.subscribe({ next: (event) => bench.heard.push(event), error: () => undefined });
  bench.link.others.subscribe((note) => bench.notes.push(note));
  bench.link.start();
  await settle();
  return bench;
}

function session(bench: Bench, index = bench.sessions.length - 1): FakeSession {
  const found = bench.sessions[index];
  if (found === undefined) throw new Error(`no session ${index}`);
  return found;
}

const types = (bench: Bench): string[] => bench.heard.map((event) => event.type);
const messages = (bench: Bench) => bench.heard.flatMap((one) => (one.type === 'messageReceived' ? [one.message] : []));

describe('what goes out', () => {
  it('encodes every message to a board in its session, HELLO_REQ and OPEN in none', async () => {
    const bench = await opened();
    const { link } = bench;
    link.send(3, { kind: 'helloRequest' });
    link.send(3, { kind: 'open', newSession: 4, wasSession: 3, boot: 77, resume: true, nextSeq: 9 });
    link.send(4, { ...INPUT, observed: [1, -2] });
    link.send(4, { kind: 'commit', seq: 7, hash: 0xdeadbeef });
    link.send(4, { kind: 'wait', seq: 7 });
    link.send(4, { kind: 'violation', seq: 7 });
    link.send(4, { kind: 'selfTest', slice: 300 });
    link.send(4, { kind: 'reset' });
    link.flush();
    expect(session(bench).written).toEqual([
      { kind: 'helloRequest', session: 0, seq: 0 },
      { kind: 'open', session: 0, seq: 0, newSession: 4, wasSession: 3, boot: 77, resume: true, nextSeq: 9 },
      { ...INPUT, session: 4, observedGiven: true, observed: [1, -2] },
      { kind: 'commit', session: 4, seq: 7, resultHash: 0xdeadbeef },
      { kind: 'wait', session: 4, seq: 7 },
      { kind: 'violation', session: 4, seq: 7, reason: 1 },
      { kind: 'selfTest', session: 4, seq: 0, slice: 300 },
      { kind: 'reset', session: 4, seq: 0 },
    ]);
    expect(link.counters.framesOut).toBe(8);
  });

  it('counts what was dropped, because the port was full or the link down', async () => {
    const bench = await opened();
    session(bench).full = true;
    bench.link.send(1, INPUT);
    bench.link.send(1, { kind: 'commit', seq: 7, hash: 1 });
    bench.link.flush();
    session(bench).unplug('unplugged');
    await settle();
    bench.link.send(1, INPUT);
    bench.link.flush();
    bench.link.flush();
    expect(bench.link.counters).toMatchObject({ framesOut: 0, droppedWrites: 3 });
  });

  it('COMMIT n and INPUT n+1 leave in one write, in that order, and not before the step is over', async () => {
    const bench = await opened();
    bench.link.send(1, { kind: 'commit', seq: 7, hash: 1 });
    bench.link.send(1, { ...INPUT, seq: 8 });
    expect(session(bench).writes).toBe(0);
    bench.link.flush();
    bench.link.flush();
    expect(session(bench).writes).toBe(1);
    expect(session(bench).written.map(({ kind, seq }) => `${kind} ${seq}`)).toEqual(['commit 7', 'input 8']);
    expect(bench.link.counters.framesOut).toBe(2);
  });

  it('what was sent before a reopening leaves before it, what comes after never goes into the old opening', async () => {
    const bench = await opened();
    bench.link.send(1, { kind: 'reset' });
    bench.link.reopen();
    bench.link.send(1, INPUT);
    bench.link.flush();
    await settle();
    expect(session(bench, 0).written.map(({ kind }) => kind)).toEqual(['reset']);
    expect(bench.link.counters).toMatchObject({ framesOut: 1, droppedWrites: 1 });
  });

  it('fits the longest payload together with every observed value', async () => {
    const bench = await opened();
    bench.link.send(1, { ...INPUT, observed: [1, 2, 3, 4], payload: new Uint8Array(MAX_INPUT_PAYLOAD_BYTES) });
    bench.link.flush();
    expect(session(bench).written).toHaveLength(1);
    const longer = { ...INPUT, observed: [1, 2, 3, 4], payload: new Uint8Array(MAX_INPUT_PAYLOAD_BYTES + 1) };
    expect(() => bench.link.send(1, longer)).toThrow(RangeError);
  });
});

describe('what comes in', () => {
  it('says what the board says, with the session of its frame', async () => {
    const bench = await opened();
    session(bench).say(HELLO);
    session(bench).say({ kind: 'done', session: 5, seq: 7, stale: false, readBack: [12] });
    session(bench).say({ kind: 'failed', session: 5, seq: 0, reason: 'stateCorrupt', detail: 3 });
    session(bench).say({ kind: 'offer', session: 5, seq: 0, payload: Uint8Array.of(9) });
    expect(bench.heard).toEqual([
      { type: 'linkOpened', board: 'a' },
      {
        type: 'messageReceived',
        board: 'a',
        session: 0,
        message: expect.objectContaining({ kind: 'hello', boot: 77 }),
      },
      {
        type: 'messageReceived',
        board: 'a',
        session: 5,
        message: { kind: 'done', seq: 7, stale: false, readBack: [12] },
      },
      {
        type: 'messageReceived',
        board: 'a',
        session: 5,
        message: { kind: 'failed', reason: 'stateCorrupt', detail: 3 },
      },
      { type: 'messageReceived', board: 'a', session: 5, message: { kind: 'offer', payload: Uint8Array.of(9) } },
    ]);
  });

  it('keeps logs from the core', async () => {
    const bench = await opened();
    session(bench).say({ kind: 'log', session: 1, seq: 0, text: new TextEncoder().encode('hot') });
    expect(types(bench)).toEqual(['linkOpened']);
    expect(bench.notes).toEqual([{ kind: 'log', board: 'a', session: 1, text: 'hot' }]);
  });

  it('R19: says what a slice of the self-test found, with the whole image judged by the hash of HELLO', async () => {
    const bench = await opened();
    const piece = (...bytes: number[]) => ({ flashBytes: bytes.length, flashCrc: crc32(Uint8Array.from(bytes)) });
    const well = { ramFault: false, cpuFault: false, ramFaultAt: 0 };
    const fine = { kind: 'selfTestReport', session: 4, seq: 0, ...well } as const;
    const last = { ...fine, ...piece(4, 5), slice: 1, last: true };
    session(bench).say({ ...HELLO, imageHash: crc32(Uint8Array.of(1, 2, 3, 4, 5)) });
    session(bench).say({ ...fine, ...piece(1, 2, 3), slice: 0, ramTested: true, last: false });
    session(bench).say({ ...last, ramTested: false });
    session(bench).say({ ...last, ramTested: true, ramFault: true });
    const heard = bench.heard.flatMap((one) =>
      one.type === 'messageReceived' && one.session === 4 ? [one.message] : [],
    );
    const said = { kind: 'selfTestReport', ramFaultAt: null, cpu: 'ok' };
    expect(heard).toEqual([
      { ...said, slice: 0, last: false, flash: 'not-tested', ram: 'ok' },
      { ...said, slice: 1, last: true, flash: 'ok', ram: 'not-tested' },
      { ...said, slice: 1, last: true, flash: 'ok', ram: 'bad', ramFaultAt: 0 },
    ]);
  });

  it('does not listen to a board that speaks another version of the wire', async () => {
    const bench = await opened();
    session(bench).say({ ...HELLO, protocol: 9 });
    expect(types(bench)).toEqual(['linkOpened']);
    expect(bench.notes).toEqual([{ kind: 'wrongProtocol', board: 'a', spoken: 9, expected: 2 }]);
  });

  it('refuses an offer that would not fit an input', async () => {
    const bench = await opened();
    session(bench).say({ kind: 'offer', session: 1, seq: 0, payload: new Uint8Array(MAX_INPUT_PAYLOAD_BYTES + 1) });
    expect(types(bench)).toEqual(['linkOpened']);
    expect(bench.notes.map((note) => note.kind)).toEqual(['offerTooLong']);
  });

  it('counts bytes that are no message, by what is wrong with them, and goes on', async () => {
    const bench = await opened();
    const good = encodeFrame(result({})).subarray(1, -1);
    const flipped = Uint8Array.from(good, (byte, at) => (at === 1 ? byte ^ 0x40 : byte));
    const { frames } = session(bench);
    frames.next(flipped);
    frames.next(Uint8Array.of(200, 1, 1));
    frames.next(Uint8Array.of(3, 1, 1));
    frames.next(new Uint8Array(79).fill(1));
    session(bench).say({ kind: 'wait', session: 1, seq: 7 }); // an echo of our own
    session(bench).say(result({}));
    expect(bench.link.counters).toMatchObject({ badCrc: 1, badCobs: 1, tooShort: 1, overlong: 1, unknownType: 1 });
    expect(bench.link.counters.framesIn).toBe(1);
    expect(messages(bench).map((message) => message.kind)).toEqual(['result']);
  });
});

describe('results in parts', () => {
  it('R4: a result is one only with its explicit end; its hash is over all parts and the digest', async () => {
    const bench = await opened();
    const parts = [
      result({ part: 0, last: false, body: Uint8Array.of(1) }),
      result({ part: 1, last: false, rejected: true, body: Uint8Array.of(2) }),
      result({ part: 2, last: true, body: Uint8Array.of(3), observed: [4] }),
    ];
    for (const part of parts.slice(0, 2)) session(bench).say(part);
    expect(messages(bench)).toEqual([]);
    session(bench).say(parts[2] as ResultMessage); // there are three
    expect(messages(bench)).toEqual([
      {
        kind: 'result',
        seq: 7,
        executionCount: 1,
        parts: [
          { rejected: false, body: Uint8Array.of(1) },
          { rejected: true, body: Uint8Array.of(2) },
          { rejected: false, body: Uint8Array.of(3) },
        ],
        digest: 99,
        hash: resultHash(parts, 99),
        observed: [4],
        inputMatches: true,
      },
    ]);
    expect(bench.link.counters.halfResults).toBe(0);
  });

  it('R4: a lost part makes no result, is counted, and a repeat of the whole does', async () => {
    const bench = await opened();
    session(bench).say(result({ part: 0, last: false }));
    session(bench).say(result({ part: 2, last: true }));
    expect(messages(bench)).toEqual([]);
    session(bench).say(result({ part: 0, last: false }));
    session(bench).say(result({ part: 1, last: true }));
    expect(messages(bench)).toHaveLength(1);
    expect(bench.link.counters.halfResults).toBe(2); // the one that was begun, and the tail that had no beginning
  });

  it('R4: parts of two results are never put together', async () => {
    const bench = await opened();
    for (const other of [{ seq: 8 }, { executionCount: 2 }, { digest: 1 }, { inputCrc: 1 }, { session: 2 }]) {
      session(bench).say(result({ part: 0, last: false }));
      session(bench).say(result({ part: 1, last: true, ...other }));
    }
    expect(messages(bench)).toEqual([]);
  });

  it('R4: a new result in the middle of another begins afresh; other messages in between do no harm', async () => {
    const bench = await opened();
    session(bench).say(result({ part: 0, last: false }));
    session(bench).say(result({ seq: 8, part: 0, last: false }));
    session(bench).say({ kind: 'done', session: 1, seq: 6, stale: false, readBack: [] });
    session(bench).say(result({ seq: 8, part: 1, last: true }));
    expect(messages(bench).map((message) => message.kind)).toEqual(['done', 'result']);
    expect(messages(bench)[1]).toMatchObject({ seq: 8 });
    expect(bench.link.counters.halfResults).toBe(1);
  });

  it('R6: parts without end are not collected beyond the largest result', async () => {
    const bench = await opened();
    for (let part = 0; part < 20; part++) session(bench).say(result({ part, last: false }));
    session(bench).say(result({ part: 20, last: true }));
    expect(messages(bench)).toEqual([]);
    expect(bench.link.counters.halfResults).toBeGreaterThan(0);
  });

  it('R4: half a result does not live on in the next opening', async () => {
    const bench = await opened();
    session(bench).say(result({ part: 0, last: false }));
    bench.link.reopen();
    bench.clock.advance(1000);
    await settle();
    session(bench).say(result({ part: 1, last: true }));
    expect(messages(bench)).toEqual([]);
    expect(bench.link.counters).toMatchObject({ opens: 2, halfResults: 2 });
  });
});

describe('the input a result answers', () => {
  it('R15: another input than the one that was sent under this seq is told', async () => {
    const bench = await opened();
    bench.link.send(1, INPUT);
    session(bench).say(result({}));
    session(bench).say(result({ inputCrc: 1 }));
    expect(messages(bench)).toMatchObject([{ inputMatches: true }, { inputMatches: false }]);
  });

  it('what was never sent by this process, or was only recalled, is no evidence', async () => {
    const bench = await opened();
    bench.link.send(1, { ...INPUT, recall: true, payload: new Uint8Array() });
    session(bench).say(result({}));
    session(bench).say(result({ seq: 5, inputCrc: 1 }));
    expect(messages(bench)).toMatchObject([{ inputMatches: true }, { inputMatches: true }]);
  });

  it('R6: remembers the last 64 inputs', async () => {
    const bench = await opened();
    for (let seq = 1; seq <= 65; seq++) bench.link.send(1, { ...INPUT, seq });
    session(bench).say(result({ seq: 2, inputCrc: 1 }));
    session(bench).say(result({ seq: 1, inputCrc: 1 }));
    expect(messages(bench)).toMatchObject([{ inputMatches: false }, { inputMatches: true }]);
  });
});

describe('opening and reopening', () => {
  it('tries for ever, with growing waits up to a limit, and says each reason once', async () => {
    const bench = await opened();
    bench.failOpen = 'no such port';
    session(bench).unplug('unplugged');
    await settle();
    expect(bench.heard.at(-1)).toEqual({ type: 'linkLost', board: 'a', reason: 'unplugged' });
    const waits: number[] = [];
    for (let attempt = 0; attempt < 200; attempt++) {
      const beforeUs = bench.clock.nowUs();
      while (bench.clock.alarms > 0 && bench.clock.nowUs() - beforeUs < 100_000) bench.clock.advance(1000);
      waits.push(bench.clock.nowUs() - beforeUs);
      await settle();
    }
    expect(waits.slice(0, 5)).toEqual([1000, 2000, 4000, 8000, 8000]);
    expect(new Set(waits.slice(5))).toEqual(new Set([8000]));
    expect(bench.notes).toEqual([{ kind: 'openFailed', board: 'a', reason: 'no such port' }]);
    bench.failOpen = 'permission denied';
    bench.clock.advance(8000);
    await settle();
    bench.failOpen = null;
    bench.clock.advance(8000);
    await settle();
    expect(bench.notes.map((note) => note.kind)).toEqual(['openFailed', 'openFailed']);
    expect(bench.heard.at(-1)).toEqual({ type: 'linkOpened', board: 'a' });
  });

  it('complaint 2: after ten hours of absence it is still tried as often, and taken back at the next try', async () => {
    const bench = await opened();
    bench.failOpen = 'no such port';
    session(bench).unplug('unplugged');
    await settle();
    const before = bench.link.counters.openAttempts;
    // The longest wait of this bench is 8 ms, in a gateway a second: as many tries as ten hours of that.
    const TRIES = randomRuns(36_000);
    for (let tries = 0; tries < TRIES; tries++) {
      bench.clock.advance(8000);
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
    }
    await settle();
    expect(bench.link.counters.openAttempts - before).toBeGreaterThan(TRIES / 4);
    expect(bench.clock.alarms).toBe(1);
    expect(bench.notes).toHaveLength(1);
    bench.failOpen = null;
    bench.clock.advance(8000);
    await settle();
    expect(bench.heard.at(-1)).toEqual({ type: 'linkOpened', board: 'a' });
  });

  it('a port that opens and closes at once is tried ever more slowly, until a board has spoken', async () => {
    const bench = await opened();
    const waitsUs: number[] = [];
    const loseAndWait = async (): Promise<void> => {
      session(bench).unplug('unplugged');
      await settle();
      const beforeUs = bench.clock.nowUs();
      while (bench.clock.alarms > 0) bench.clock.advance(1000);
      waitsUs.push(bench.clock.nowUs() - beforeUs);
      await settle();
    };
    await loseAndWait();
    await loseAndWait();
    await loseAndWait();
    session(bench).say(HELLO);
    await loseAndWait();
    expect(waitsUs).toEqual([1000, 2000, 4000, 1000]);
  });

  it('late bytes of an old opening count for nothing', async () => {
    const bench = await opened();
    const old = session(bench);
    old.unplug('unplugged');
    await settle();
    old.say(result({}));
    bench.clock.advance(1000);
    await settle();
    old.say(result({}));
    expect(types(bench)).toEqual(['linkOpened', 'linkLost', 'linkOpened']);
    expect(bench.link.counters.framesIn).toBe(0);
  });

  it.each(['unplugged', 'reopened'])(
    'R15: who hears linkLost (%s) hears of a port that is closed: what is sent in answer never goes into it',
    async (how) => {
      const bench = await opened();
      const old = session(bench);
      const seen: unknown[] = [];
      bench.link.events.subscribe(({ type }) => {
        if (type !== 'linkLost') return;
        seen.push(old.closes, bench.link.counters.overlongBytes);
        bench.link.send(1, INPUT);
        bench.link.flush();
      });
      old.say(result({ part: 0, last: false }));
      old.counters.overlongBytes = 3;
      if (how === 'reopened') bench.link.reopen();
      else old.unplug('unplugged');
      await settle();
      expect(seen).toEqual([1, 3]);
      expect(old.written).toEqual([]);
      // R4: half a result that it had begun has ended with it.
      expect(bench.link.counters).toMatchObject({ droppedWrites: 1, framesOut: 0, halfResults: 1, overlongBytes: 3 });
    },
  );

  it('reopen loses the link at once, closes the port and opens another', async () => {
    const bench = await opened();
    const old = session(bench);
    bench.link.reopen();
    expect(types(bench)).toEqual(['linkOpened', 'linkLost']);
    expect(old.closes).toBe(1);
    bench.link.send(1, INPUT);
    bench.link.flush();
    expect(old.written).toEqual([]);
    bench.clock.advance(1000);
    await settle();
    expect(bench.sessions).toHaveLength(2);
    bench.link.send(1, INPUT);
    bench.link.flush();
    expect(session(bench).written).toHaveLength(1);
  });

  it('a released port is closed and left alone until the next start', async () => {
    const bench = await opened();
    const old = session(bench);
    bench.link.release();
    expect(bench.heard.at(-1)).toEqual({ type: 'linkLost', board: 'a', reason: 'released by the gateway' });
    expect(old.closes).toBe(1);
    bench.clock.advance(100_000);
    await settle();
    expect([bench.sessions.length, bench.clock.alarms]).toEqual([1, 0]);
    bench.link.release();
    expect(types(bench)).toEqual(['linkOpened', 'linkLost']);
    bench.link.start();
    await settle();
    expect(types(bench)).toEqual(['linkOpened', 'linkLost', 'linkOpened']);
    session(bench).say(HELLO);
    expect(types(bench).at(-1)).toBe('messageReceived');
  });

  it('an opening that was under way when the port was released is closed at once', async () => {
    const gives: ((session: FrameSession) => void)[] = [];
    const link = createBoardLink({
      dialect: HARNESS,
      board: 'a',
      clock: new ManualClock(),
      retry: { firstUs: 1000, maxUs: 8000 },
      openSession: () => new Promise((resolve) => gives.push(resolve)),
    });
    const heard: string[] = [];
    link.events.subscribe(({ type }) => heard.push(type));
    link.start();
    link.release();
    link.start();
    const [late, fresh] = [new FakeSession(), new FakeSession()];
    gives[0]?.(late);
    gives[1]?.(fresh);
    await settle();
    expect([late.closes, fresh.closes]).toEqual([1, 0]);
    expect(heard).toEqual(['linkOpened']);
  });

  it('R15, R27: an opening that may have restarted its board says so', async () => {
    const bench = await opened();
    bench.resets = true;
    bench.link.reopen();
    bench.clock.advance(1000);
    await settle();
    expect(bench.heard).toMatchObject([
      { type: 'linkOpened', board: 'a' },
      { type: 'linkLost' },
      { type: 'linkOpened', board: 'a', resets: true },
    ]);
    expect(bench.heard[0]).not.toHaveProperty('resets');
  });

  it('R15: an opening that failed is no news to the core', async () => {
    const bench = await opened();
    bench.failOpen = 'no such port';
    session(bench).unplug('unplugged');
    for (let tries = 0; tries < 3; tries++) {
      await settle();
      bench.clock.advance(8000);
    }
    await settle();
    expect(types(bench)).toEqual(['linkOpened', 'linkLost']);
    expect(bench.link.counters.openAttempts).toBe(4);
  });

  it('counts bytes of overlong frames over all openings, the one that is open with them', async () => {
    const bench = await opened();
    session(bench).counters.overlongBytes = 3;
    bench.link.reopen();
    bench.clock.advance(1000);
    await settle();
    session(bench).counters.overlongBytes = 2;
    expect(bench.link.counters).toMatchObject({ overlongBytes: 5, opens: 2 });
  });

  it('is started once, and no more after its end; released before its start it is at rest', async () => {
    const bench = await opened();
    bench.link.start();
    await settle();
    expect(bench.sessions).toHaveLength(1);
    bench.link.close();
    bench.link.start();
    bench.link.release();
    bench.clock.advance(100_000);
    await settle();
    expect([bench.sessions.length, session(bench).closes]).toEqual([1, 1]);
    const fresh = createBoardLink({
      dialect: HARNESS,
      ...{ board: 'a', clock: new ManualClock(), retry: { firstUs: 1000, maxUs: 8000 } },
      openSession: () => Promise.reject(new Error('nobody asked for it')),
    });
    expect(() => fresh.release()).not.toThrow();
    expect(fresh.counters.openAttempts).toBe(0);
  });

  it('a mistake of our own is told to whoever hears the link, and not kept', async () => {
    const bench = await opened();
    const mistakes: unknown[] = [];
    bench.link.events.subscribe({ error: (mistake: unknown) => mistakes.push(mistake) });
    const ours = new Error('ours');
    session(bench).frames.error(ours);
    expect(mistakes).toEqual([ours]);
  });

  it('who hears linkOpened may send at once, and hears an answer that comes at once', async () => {
    const bench = await opened();
    bench.link.events.subscribe((event) => {
      if (event.type !== 'linkOpened') return;
      bench.link.send(0, { kind: 'helloRequest' });
      bench.link.flush();
      session(bench).say(HELLO);
    });
    bench.link.reopen();
    bench.clock.advance(1000);
    await settle();
    expect(session(bench).written).toEqual([{ kind: 'helloRequest', session: 0, seq: 0 }]);
    expect(types(bench)).toContain('messageReceived');
  });

  it('a closed link opens nothing more and keeps no port, not even one that was being opened', async () => {
    const clock = new ManualClock();
    let give: (session: FrameSession) => void = () => undefined;
    const link = createBoardLink({
      dialect: HARNESS,
      board: 'a',
      clock,
      retry: { firstUs: 1000, maxUs: 8000 },
      openSession: () =>
        new Promise((resolve) => {
          give = resolve;
        }),
    });
    link.start();
    link.close();
    const late = new FakeSession();
    give(late);
    await settle();
    expect(late.closes).toBe(1);
    expect(clock.alarms).toBe(0);
    expect(link.counters.opens).toBe(0);
  });
});
