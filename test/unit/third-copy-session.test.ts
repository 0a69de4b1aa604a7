import { afterEach, describe, expect, it } from 'vitest';
import { WallClock } from '#built/clock/clock.js';
import { type BoardLink, createBoardLink, type LinkEvent } from '#built/link/board-link.js';
import { HARNESS } from '#built/link/harness/harness-dialect.js';
import { openThirdCopy, type ThirdCopySession } from '#built/third-copy/third-copy-session.js';
import { heaterHex } from '../../src/bench/stage/heater-image.js';
import { EmulatedBoard } from '../../src/emulator/emulated-board.js';
import { heaterPayload, heaterStateBytes } from '../../src/model-board/heater-reference.js';
import type { FromBoard, ToBoard } from '../../src/pair/result/messages.js';
import { crc32 } from '../../src/protocol/crc32.js';
import { encodeFrame } from '../../src/protocol/frame-codec.js';
import { resultHash } from '../../src/protocol/result-hash.js';
import { until } from '../until.js';
import { Conversation } from './bench-conversation.js';
import { CHATTERING } from './third-copy-kit.js';

const OPTIONS = { hex: heaterHex(), seed: 1, quietUs: 50_000, mostUnrestUs: 10_000_000 };
const SESSION = 3;
/** Board time of one exchange, several times over. */
const AN_EXCHANGE_US = 10_000;
const ANSWERED_US = 15_000;

const toClose: (() => void)[] = [];

afterEach(() => {
  for (const close of toClose.splice(0)) close();
});

async function opened(options = OPTIONS): Promise<ThirdCopySession> {
  const session = await openThirdCopy(options);
  toClose.push(() => session.close());
  return session;
}

/** A link whose every opening is another third copy. */
class Link {
  readonly heard: LinkEvent[] = [];
  readonly sessions: ThirdCopySession[] = [];
  readonly link: BoardLink;

  constructor(options: (opening: number) => typeof OPTIONS = (opening) => ({ ...OPTIONS, seed: opening })) {
    this.link = createBoardLink({
      dialect: HARNESS,
      board: 'third',
      clock: new WallClock(),
      retry: { firstUs: 1000, maxUs: 8000 },
      openSession: async () => {
        const session = await openThirdCopy(options(this.sessions.length + 1));
        this.sessions.push(session);
        return session;
      },
    });
    this.link.events.subscribe((event) => this.heard.push(event));
    this.link.start();
    toClose.push(() => this.link.close());
  }

  count(type: LinkEvent['type']): number {
    return this.heard.filter((event) => event.type === type).length;
  }

  /** What it answers. */
  async ask<K extends FromBoard['kind']>(message: ToBoard, kind: K): Promise<Extract<FromBoard, { kind: K }>> {
    const from = this.heard.length;
    this.link.send(SESSION, message);
    this.link.flush();
    const answer = () =>
      this.heard.slice(from).find((one) => one.type === 'messageReceived' && one.message.kind === kind);
    await until(() => answer() !== undefined);
    const event = answer();
    if (event?.type !== 'messageReceived') throw new Error(`no ${kind}`);
    return event.message as Extract<FromBoard, { kind: K }>;
  }

  async open(): Promise<void> {
    const { boot } = await this.ask({ kind: 'helloRequest' }, 'hello');
    const fresh = { kind: 'open', newSession: SESSION, wasSession: 0, boot, resume: false, nextSeq: 1 } as const;
    expect(await this.ask(fresh, 'hello')).toMatchObject({ boot });
  }
}

describe('a third copy', () => {
  it('R19: joins over a link as a board does, and computes what an ordinary emulated Uno computes', async () => {
    const third = new Link();
    await until(() => third.count('linkOpened') === 1);
    await third.open();
    const data = heaterStateBytes({ integrator: 12_345, setPoint: 976, duty: 77, trip: 0 });
    const put = { executionCount: 40, offset: 0, last: true, outputs: [77, 0], data } as const;
    const taken = await third.ask({ kind: 'statePut', ...put }, 'state');
    expect(taken).toMatchObject({ accepted: true, executionCount: 40, digest: crc32(data) });

    const uno = new Conversation(new EmulatedBoard({ hex: heaterHex(), seed: 2 }));
    uno.wait(100_000);
    uno.open(SESSION);
    uno.send({ kind: 'statePut', session: SESSION, seq: 0, ...put });
    uno.wait(ANSWERED_US);
    for (let seq = 41; seq <= 60; seq++) {
      // Every other one is computed from a reading: the primary's, not its own (R21).
      const payload = seq % 2 === 0 ? new Uint8Array() : heaterPayload(900 + seq, 880);
      const input = { seq, pairTimeMs: seq * 10, probe: false, recall: false, position: 0, payload };
      uno.send({ kind: 'input', session: SESSION, ...input, observedGiven: true, observed: [200 + seq] });
      const expected = uno.wait(ANSWERED_US, 'result');
      const [part] = expected;
      if (part === undefined) throw new Error(`no result of ${seq}`);
      const result = await third.ask({ kind: 'input', ...input, observed: [200 + seq] }, 'result');
      expect(result).toMatchObject({
        ...{ seq, executionCount: part.executionCount, digest: part.digest, inputMatches: true },
        hash: resultHash(expected, part.digest),
        parts: [{ rejected: part.rejected, body: part.body }],
      });
      const done = await third.ask({ kind: 'commit', seq, hash: result.hash }, 'done');
      uno.commit(part);
      const [unoDone] = uno.wait(ANSWERED_US, 'done');
      expect(done).toMatchObject({ seq, stale: false, readBack: unoDone?.readBack });
    }
    expect(third.count('linkLost')).toBe(0);
  });

  it('stands still between two inputs, however long that is', async () => {
    const session = await opened();
    await until(() => session.isAtRest);
    const { boardUs } = session.counters;
    expect(boardUs).toBeGreaterThan(0);
    // Many times what follows takes on the board, in which a board that did not stand still would have gone on.
    await new Promise((resolve) => setTimeout(resolve, 200));
    session.write(encodeFrame({ kind: 'helloRequest', session: 0, seq: 0 }));
    expect(session.isAtRest).toBe(false);
    await until(() => session.isAtRest);
    expect(session.counters.boardUs).toBeGreaterThan(boardUs);
    expect(session.counters.boardUs - boardUs).toBeLessThan(AN_EXCHANGE_US);
  });

  it('R6: drops what is written faster than its thread takes it, and says so', async () => {
    const session = await opened();
    await until(() => session.isAtRest);
    const noise = new Uint8Array(1024).fill(1);
    expect([1, 2, 3, 4, 5, 6].map(() => session.write(noise))).toEqual([true, true, true, true, false, false]);
    expect(session.counters).toMatchObject({ droppedWrites: 2, bytesOut: 4096 });
    await until(() => session.isAtRest);
    expect(session.write(noise)).toBe(true);
  });

  it('has ended when it is closed: at once, once, with nothing after it', async () => {
    const session = await opened();
    const frames: number[] = [];
    session.frames.subscribe((frame) => frames.push(frame.length));
    session.close();
    session.close();
    expect(session.write(Uint8Array.of(0))).toBe(false);
    expect(await session.closed).toBe('closed by the gateway');
    expect(session.isAtRest).toBe(true);
    expect(frames).toEqual([]);
  });

  it('that goes mad loses its thread, and its link opens a fresh one with another boot number', async () => {
    const third = new Link((opening) =>
      opening === 1 ? { ...OPTIONS, hex: CHATTERING, mostUnrestUs: 100_000 } : { ...OPTIONS, seed: opening },
    );
    await until(() => third.count('linkLost') === 1);
    expect(third.heard.find(({ type }) => type === 'linkLost')).toMatchObject({
      reason: 'the third copy never came to rest in 0.1 s of its own time',
    });
    expect(third.link.counters.overlongBytes).toBeGreaterThan(1000);
    await until(() => third.count('linkOpened') === 2);
    const { boot } = await third.ask({ kind: 'helloRequest' }, 'hello');
    third.link.reopen();
    await until(() => third.count('linkOpened') === 3);
    expect((await third.ask({ kind: 'helloRequest' }, 'hello')).boot).not.toBe(boot);
  });

  it('refuses an image that is none', async () => {
    await expect(opened({ ...OPTIONS, hex: ':00\n' })).rejects.toMatchObject({ code: 'EMULATOR_FAILED' });
  });
});
