import { describe, expect, it } from 'vitest';
import { compareResults } from '../../../src/pair/result/compare.js';
import type { CommitRow } from '../../../src/pair/result/ledger-rows.js';
import type { Result } from '../../../src/pair/result/messages.js';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

const bytes = (...values: number[]) => new Uint8Array(values);

function committed(parts: CommitRow['parts'], digest: number): CommitRow {
  return { board: 'a', epoch: 1, hash: 1, executionCount: 1, digest, parts, observed: [] };
}

function result(parts: Result['parts'], digest: number): Result {
  const kind = 'result' as const;
  return { kind, seq: 1, executionCount: 1, parts, digest, hash: 1, observed: [], inputMatches: true };
}

describe('comparing', () => {
  const part = (body: Uint8Array, rejected = false) => ({ rejected, body });

  it('R18, R20: part by part and exactly, and the state digest with them', () => {
    const ours = committed([part(bytes(1, 2)), part(bytes(3))], 7);
    expect(compareResults(ours, result([part(bytes(1, 2)), part(bytes(3))], 7), [])).toEqual({
      verdict: 'match',
      within: 'exactly',
    });
    expect(compareResults(ours, result([part(bytes(1, 2)), part(bytes(4))], 7), [])).toMatchObject({
      where: 'body',
      part: 1,
    });
    expect(compareResults(ours, result([part(bytes(1)), part(bytes(3))], 7), [])).toMatchObject({
      where: 'body',
      part: 0,
    });
    expect(compareResults(ours, result([part(bytes(1, 2), true), part(bytes(3))], 7), [])).toMatchObject({
      where: 'body',
    });
    expect(compareResults(ours, result([part(bytes(1, 2))], 7), [])).toMatchObject({ where: 'parts' });
    expect(compareResults(ours, result([part(bytes(1, 2)), part(bytes(3))], 8), [])).toMatchObject({ where: 'state' });
  });

  it('R18: a latent difference of the state shows with the first copy, before it reaches an output', () => {
    const pair = PairHarness.started();
    // Beyond what the result shows: it holds three of the state's four bytes.
    pair.boards.b.corrupt = (seq) => (pair.ledger.input(seq)?.ref === 'i2' ? 0x0100_0000 : 0);
    pair.inputs(4, 20);
    pair.run(300);
    expect(pair.ledger.faults[0]).toMatchObject({
      code: 'mismatch',
      seq: pair.seqOf('i2'),
      evidence: { differs: 'state' },
    });
    expect(pair.boards.b.actedSeqs).toEqual([pair.seqOf('i1')]);
    expectPromises(pair);
  });

  it('R19 (alarm): a mismatch takes protection away and tells; the primary goes on, and nobody gets VIOLATION', () => {
    const pair = PairHarness.started({ config: { onMismatch: 'alarm' } });
    pair.boards.a.corrupt = (seq) => (pair.ledger.input(seq)?.ref === 'i2' ? 1 : 0);
    pair.inputs(4, 20);
    pair.run(300);
    expect(pair.ledger.faultCodes()).toEqual(['mismatch']);
    // Only a person knows who is wrong: until then nothing overwrites what the backup has.
    expect(pair.memberStateOf('b')).toBe('kept-out');
    expect(pair.ledger.owner).toBe('a');
    expect(pair.upstream.answers).toHaveLength(4);
    const violations = [...pair.boards.a.heard, ...pair.boards.b.heard].filter(
      ({ message }) => message.kind === 'violation',
    );
    expect(violations).toEqual([]);
    expectPromises(pair);
  });

  it('R19 (stop): a mismatch stops the pair with both boards unharmed', () => {
    const pair = PairHarness.started({ config: { onMismatch: 'stop' } });
    pair.boards.a.corrupt = (seq) => (pair.ledger.input(seq)?.ref === 'i2' ? 1 : 0);
    pair.inputs(4, 20);
    pair.run(300);
    expect(pair.ledger.faultCodes()).toEqual(['mismatch', 'pair-stopped']);
    expect([pair.boards.a.mode, pair.boards.b.mode]).toEqual(['running', 'running']);
    expect(pair.relay.commands).toEqual([]);
    expect(pair.ledger.fences).toEqual([]);
    expect(pair.boards.b.actedSeqs).toEqual([pair.seqOf('i1')]);
    // Stopped is stopped: nothing more is granted or given.
    const acted = pair.boards.a.actedSeqs.length;
    pair.input('more', 1);
    pair.run(200);
    expect(pair.boards.a.actedSeqs).toHaveLength(acted);
    expect(pair.answersTo('more')).toEqual([]);
    expectPromises(pair);
  });

  it.each([1, 3])(
    'R19 (switch): with a window of %i the backup takes over with its own result, and all is answered',
    (window) => {
      const pair = PairHarness.started({ window, config: { onMismatch: 'switch' } });
      pair.boards.a.corrupt = (seq) => (pair.ledger.input(seq)?.ref === 'i2' ? 1 : 0);
      pair.inputs(5, 3);
      pair.run(400);
      expect(pair.ledger.owner).toBe('b');
      expect(pair.relay.contact).toBe('b');
      expect(pair.upstream.answers.map(({ ref }) => ref).sort()).toEqual(['i1', 'i2', 'i3', 'i4', 'i5']);
      expect(pair.refsOf(pair.boards.b.actedSeqs)).toEqual(['i1', 'i2', 'i3', 'i4', 'i5']);
      expect(pair.pair.phase).toBe('serving');
      // The policy has judged it, and no evidence: only a person lets it come back.
      expect(pair.memberStateOf('a')).toBe('kept-out');
      expectPromises(pair);
    },
  );

  it('R21: the backup computes with what the primary observed, and reports its own reading', () => {
    const pair = PairHarness.started();
    pair.boards.a.reading = 40;
    pair.boards.b.reading = 90;
    pair.inputs(3, 10);
    pair.run(200);
    expect(pair.ledger.faults).toEqual([]);
    expect(pair.boards.b.acted.map(({ level }) => level)).toEqual(pair.boards.a.acted.map(({ level }) => level));
    const given = pair.links.b.sent.flatMap(({ message }) => (message.kind === 'input' ? [message.observed] : []));
    expect(given).toEqual([[40], [40], [40]]);
    expectPromises(pair);
  });

  it('R21: what the fenced board observed and nobody committed does not bind the backup', () => {
    const pair = PairHarness.started();
    pair.boards.a.reading = 40;
    pair.boards.b.reading = 90;
    pair.boards.a.onMoment = (moment) => moment === 'executing' && pair.boards.a.halt();
    pair.input('x', 1);
    pair.run(300);
    expect(pair.ledger.input(pair.seqOf('x'))?.commit?.observed).toEqual([90]);
    expectPromises(pair);
  });
});
