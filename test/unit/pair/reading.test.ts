import { describe, expect, it } from 'vitest';
import type { StateChunk } from '../../../src/pair/result/messages.js';
import { STATE_BYTES } from './fixture/integrator-application.js';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

const CHUNKS_OF_A_READING = 3;

/** Both boards have acted on two inputs, and b has restarted: it is about to be given the state of a. */
function rejoining(): PairHarness {
  const pair = PairHarness.started();
  pair.inputs(2, 5);
  pair.run(40);
  pair.links.a.sent.length = 0;
  pair.boards.b.restart();
  return pair;
}

function asksOf(pair: PairHarness): number[] {
  return pair.links.a.sent.flatMap(({ message }) => (message.kind === 'stateGet' ? [message.offset] : []));
}

describe('reading the state of the primary twice', () => {
  it('R25: two readings that are equal are enough', () => {
    const pair = rejoining();
    pair.run(100);
    expect(asksOf(pair)).toHaveLength(2 * CHUNKS_OF_A_READING);
    expect(pair.isProtected).toBe(true);
  });

  it.each<[string, (chunk: StateChunk) => Partial<StateChunk>]>([
    ['the digest', ({ digest }) => ({ digest: (digest ?? 0) + 1 })],
    ['a level', ({ outputs }) => ({ outputs: outputs.map((level) => level + 1) })],
    ['the number of outputs', ({ outputs }) => ({ outputs: [...outputs, 0] })],
    ['a byte', ({ data }) => ({ data: data.map((byte, index) => (index === 1 ? byte ^ 1 : byte)) })],
  ])('R25: when they differ in %s alone the state is read anew, twice', (_what, change) => {
    const pair = rejoining();
    let told = 0;
    pair.boards.a.alterState = (chunk) => (told++ < CHUNKS_OF_A_READING ? { ...chunk, ...change(chunk) } : chunk);
    pair.run(150);
    expect(asksOf(pair)).toHaveLength(4 * CHUNKS_OF_A_READING);
    expect(pair.boards.b.transfers.at(-1)?.level).toBe(pair.boards.a.level);
    expect(pair.boards.b.complaints).toEqual([]);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });

  it.each<[string, Partial<StateChunk>]>([
    ['is of another boundary', { executionCount: 1 }],
    ['is of another place', { offset: 7 }],
    ['says that the board is at work', { busy: true }],
    ['is the answer to a state that was given', { accepted: true }],
  ])('R25: a last chunk that %s ends no reading', (_what, change) => {
    const pair = rejoining();
    pair.runUntil(() => asksOf(pair).length > 0);
    const data = new Uint8Array(STATE_BYTES);
    const whole = { kind: 'state', digest: 0, outputs: [], data, offset: 0, last: true } as const;
    for (let n = 0; n < 2; n++) {
      pair.forge('a', { ...whole, executionCount: 2, busy: false, accepted: false, ...change });
    }
    expect(pair.joinStepOf('b')).toBe('reading');
    pair.run(150);
    expect(pair.boards.b.transfers.at(-1)?.level).toBe(pair.boards.a.level);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });

  it('R17, R25: an input that the ledger has not recorded yet keeps no state from being read', () => {
    const pair = rejoining();
    pair.runUntil(() => pair.joinStepOf('b') === 'opening');
    pair.ledgerAnswers = false;
    pair.input('x', 3);
    pair.runUntil(() => pair.boards.b.transfers.length === 2, 40);
    pair.ledgerAnswers = true;
    pair.run(100);
    expect(pair.answersTo('x')).toHaveLength(1);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });

  it('R12: results and DONEs of a board that has no state yet are counted, and nothing comes of them', () => {
    const pair = rejoining();
    pair.boards.a.ignoresState = () => true;
    pair.runUntil(() => pair.joinStepOf('b') === 'reading');
    const stale = pair.counts.get('stale-frames') ?? 0;
    const parts = [{ rejected: false, body: new Uint8Array([1]) }];
    const result = { kind: 'result', seq: 99, executionCount: 1, parts, digest: 1, hash: 1, observed: [] } as const;
    pair.forge('b', { ...result, inputMatches: true });
    pair.forge('b', { kind: 'done', seq: 99, stale: false, readBack: [] });
    expect(pair.counts.get('stale-frames')).toBe(stale + 2);
    expect(pair.joinStepOf('b')).toBe('reading');
    pair.boards.a.ignoresState = () => false;
    pair.run(200);
    expect(pair.ledger.faultCodes()).toEqual(['restarted']);
    expect(pair.isProtected).toBe(true);
  });
});

describe('comparing', () => {
  it('R16, R25: does not wait for the next probe of an idle pair: there is one each deadline', () => {
    const pair = PairHarness.started({ config: { joinComparisons: 3, probeEveryUs: 1_000_000 } });
    pair.run(100);
    pair.boards.b.restart();
    pair.runUntil(() => pair.joinStepOf('b') === 'comparing');
    const { deadlineUs } = pair.config;
    // The first comes at once: the pair has been idle for longer than that.
    pair.run((2 * deadlineUs) / 1000 - 10);
    expect(pair.isProtected).toBe(false);
    pair.run(deadlineUs / 1000);
    expect(pair.isProtected).toBe(true);
    const probes = pair.counts.get('probes');
    pair.run(900);
    expect(pair.counts.get('probes')).toBe(probes);
  });

  it('R15, R25: a result that was kept before, and dropped by the fresh OPEN, is one of an input never given', () => {
    const pair = PairHarness.started();
    pair.inputs(1);
    pair.run(40);
    pair.cut('b');
    pair.run(5);
    pair.reconnect('b');
    pair.run(100);
    expect(pair.isProtected).toBe(true);
    const { commit } = pair.ledger.input(pair.seqOf('i1')) ?? {};
    if (commit == null) throw new Error('no commit');
    pair.forge('b', { kind: 'result', seq: pair.seqOf('i1'), inputMatches: true, ...commit });
    pair.run(2);
    expect(pair.ledger.faults.at(-1)).toMatchObject({ code: 'unknown-result', board: 'b' });
  });
});
