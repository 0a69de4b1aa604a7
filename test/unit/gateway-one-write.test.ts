import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { onceATurn } from '../../src/gateway/once-a-turn.js';
import { PairRuntime } from '../../src/gateway/pair-runtime.js';
import { createBoardLink } from '../../src/link/board-link.js';
import type { FrameSession } from '../../src/link/frame-session.js';
import { HARNESS } from '../../src/link/harness/harness-dialect.js';
import type { PairEffect } from '../../src/pair/state/effects.js';
import type { LedgerAnswer } from '../../src/pair/state/events.js';
import { decodeFrame, encodeFrame } from '../../src/protocol/frame-codec.js';
import type { Message } from '../../src/protocol/messages.generated.js';
import { inputCrc } from '../../src/protocol/result-hash.js';
import { PAIR_CONFIG, restoredPair } from './gateway-kit.js';
import { ManualClock } from './manual-clock.js';

/** A board that keeps every write apart, and answers what opens a session; the rest it is told to say. */
class BoardSession implements FrameSession {
  readonly frames = new Subject<Uint8Array>();
  readonly closed = new Promise<string>(() => undefined);
  readonly counters = { overlongBytes: 0 };
  readonly writes: Message[][] = [];

  write(bytes: Uint8Array): boolean {
    const messages: Message[] = [];
    for (const frame of Buffer.from(bytes).toString('latin1').split('\0')) {
      const decoded = decodeFrame(Buffer.from(frame, 'latin1'));
      if (decoded.ok) messages.push(decoded.message);
    }
    this.writes.push(messages);
    for (const message of messages) {
      if (message.kind === 'helloRequest') this.#hello(0);
      if (message.kind === 'open') this.#hello(message.newSession);
    }
    return true;
  }

  close(): void {
    this.frames.complete();
  }

  say(message: Message): void {
    this.frames.next(encodeFrame(message).subarray(1, -1));
  }

  #hello(session: number): void {
    this.say({
      ...{ kind: 'hello', session, seq: 0, protocol: 1, boot: 77, imageHash: 1, appId: 2, appVersion: 3 },
      ...{ stateLayout: 4, stateBytes: 8, wireBytes: 64, rxBytes: 512, window: 2, resetCause: 'external' },
      ...{ failed: false, parked: false, replays: false, executionCount: 0, digest: 0, actedBits: 0, kept: [] },
    } as Message);
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

/** The real core, runtime and link of board a; the ledger is this test, and answers in transactions. */
async function serving() {
  const clock = new ManualClock();
  const state = restoredPair(clock.nowUs(), null, { ...PAIR_CONFIG, probeEveryUs: 0 });
  const session = new BoardSession();
  const link = createBoardLink({
    dialect: HARNESS,
    board: 'a',
    clock,
    retry: { firstUs: 1000, maxUs: 8000 },
    openSession: () => Promise.resolve(session),
  });
  const asked: PairEffect[] = [];
  const failures: unknown[] = [];
  const runtime = new PairRuntime({ state, clock, onFailure: (error) => failures.push(error) });
  runtime.connect({
    perform: (effect) => {
      if (effect.type === 'send' && effect.board === 'a') link.send(effect.session, effect.message);
      else asked.push(effect);
    },
    afterStep: onceATurn(() => link.flush()),
  });
  link.events.subscribe((event) => runtime.dispatch(event));
  const answer = (...answers: LedgerAnswer[]): Promise<void> => {
    for (const one of answers) runtime.dispatch(one);
    return turn();
  };
  runtime.dispatch({ type: 'started' });
  link.start();
  await turn();
  // Board b never says who it is.
  for (let ms = 0; ms < 4000; ms++) {
    clock.advance(1000);
    if (ms % 100 === 0) await turn();
  }
  await answer({ type: 'seqsReserved', throughSeq: 16 });
  session.writes.length = 0;
  const arrive = (...refs: string[]): void => {
    for (const ref of refs) {
      runtime.dispatch({ type: 'inputArrived', ref, kind: 'input', payload: Uint8Array.of(1) });
    }
  };
  /** The board's result for an input that it was given. */
  const result = (seq: number, executionCount: number): void => {
    const given = session.writes.flat().find((message) => message.kind === 'input' && message.seq === seq);
    if (given?.kind !== 'input') throw new Error(`input ${seq} was not given`);
    session.say({
      ...{ kind: 'result', session: given.session, seq, executionCount, part: 0, last: true, rejected: false },
      ...{ inputCrc: inputCrc(given), digest: executionCount, observed: [], body: Uint8Array.of(5) },
    } as Message);
  };
  /** The answer to the commit that was asked for. */
  const granted = (seq: number): LedgerAnswer => {
    const request = asked.find((effect) => effect.type === 'requestCommit' && effect.seq === seq);
    if (request?.type !== 'requestCommit') throw new Error(`no commit was asked for input ${seq}`);
    const { board, session: inSession, hash } = request;
    return { type: 'commitAnswered', board, session: inSession, seq, hash, outcome: 'granted' };
  };
  const writes = () => session.writes.map((write) => write.map(({ kind, seq }) => `${kind} ${seq}`));
  return { session, answer, arrive, result, granted, writes, failures };
}

describe('what goes to a board together', () => {
  it('COMMIT n and INPUT n+1 leave in one write: they were in one transaction of the ledger', async () => {
    const { session, answer, arrive, result, granted, writes, failures } = await serving();
    arrive('tcp:1');
    await answer({ type: 'inputRecorded', seq: 1 });
    result(1, 1);
    arrive('tcp:2');
    await answer(granted(1), { type: 'inputRecorded', seq: 2 });
    expect(writes()).toEqual([['input 1'], ['commit 1', 'input 2']]);
    expect(session.writes).toHaveLength(2);
    expect(failures).toEqual([]);
  });

  it('what comes in another turn leaves by itself, at once', async () => {
    const { answer, arrive, result, granted, writes } = await serving();
    arrive('tcp:1', 'tcp:2');
    await answer({ type: 'inputRecorded', seq: 1 });
    await answer({ type: 'inputRecorded', seq: 2 });
    result(1, 1);
    await answer(granted(1));
    expect(writes()).toEqual([['input 1'], ['input 2'], ['commit 1']]);
  });
});
