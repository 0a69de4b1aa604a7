import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';

/**
 * The primary committed and answered x, then was lost with x not acted on by the backup, whose memory is not the primary's:
 * the new primary computes something else than what was given out.
 */
function disputed(): PairHarness {
  const pair = PairHarness.started();
  pair.boards.b.corrupt = (seq) => (pair.ledger.input(seq)?.ref === 'x' ? 1 : 0);
  pair.input('w', 1);
  pair.run(40);
  pair.input('x', 7);
  pair.runUntil(() => pair.answersTo('x').length === 1);
  pair.cut('a');
  pair.input('y', 2);
  pair.runUntil(() => pair.ledger.stopped);
  pair.run(5);
  expect(pair.ledger.owner).toBe('b');
  return pair;
}

const levelOf = (pair: PairHarness, ref: string): number | undefined =>
  pair.boards.b.acted.find(({ seq }) => seq === pair.seqOf(ref))?.level;

describe('a new owner that answers otherwise than what was given out', () => {
  it('R22: stops the pair, and does so again after resume alone', () => {
    const pair = disputed();
    pair.command({ command: 'resume' });
    pair.run(20);
    pair.runUntil(() => pair.ledger.stopped);
    pair.run(10);
    expect(levelOf(pair, 'x')).toBeUndefined();
    expect(pair.answersTo('y')).toEqual([]);
  });

  it('R19, R22: acts on its own result when a person accepts it; the answer that left is not given again', () => {
    const pair = disputed();
    const ref = pair.command({ command: 'accept', seq: pair.seqOf('x') });
    pair.run(200);
    expect(pair.commands.get(ref)).toBe(`done: What board b computes counts, from input ${pair.seqOf('x')} on.`);
    expect(pair.ledger.stopped).toBe(false);
    expect(levelOf(pair, 'x')).toBeDefined();
    expect(pair.relay.contact).toBe('b');
    expect(pair.answersTo('x')).toHaveLength(1);
    expect(pair.answersTo('y')).toHaveLength(1);
    // The ledger was told, and its constraint let the second hash pass for that reason alone (R8).
    expect(pair.ledger.grantedHashes.get(pair.seqOf('x'))?.size).toBe(2);
    pair.reconnect('a');
    pair.run(400);
    expect(pair.isProtected).toBe(true);
  });

  it('R22: or is restarted, and the pair goes on from a fresh start with what was given out as it is', () => {
    const pair = disputed();
    pair.boards.b.restart();
    pair.run(20);
    pair.command({ command: 'resume' });
    pair.run(300);
    expect(pair.ledger.stopped).toBe(false);
    expect(levelOf(pair, 'x')).toBeUndefined();
    expect(pair.answersTo('x')).toHaveLength(1);
    expect(pair.answersTo('y')).toHaveLength(1);
    expect(pair.ledger.grantedHashes.get(pair.seqOf('x'))?.size).toBe(1);
  });

  it('R22: of several results from one state all are accepted at once', () => {
    const pair = PairHarness.started({ window: 4 });
    pair.boards.b.corrupt = () => 1;
    pair.boards.b.slowDown(20_000);
    pair.inputs(3);
    pair.runUntil(() => pair.upstream.answers.length === 3);
    pair.cut('a');
    pair.run(20);
    pair.runUntil(() => pair.ledger.stopped);
    pair.run(5);
    const first = Math.min(...pair.upstream.answers.map(({ seq }) => seq));
    pair.command({ command: 'accept', seq: first });
    pair.run(300);
    expect(pair.ledger.faultCodes().filter((code) => code === 'pair-stopped')).toHaveLength(1);
    expect(pair.ledger.stopped).toBe(false);
    expect(pair.boards.b.acted.map(({ seq }) => seq)).toEqual(pair.upstream.answers.map(({ seq }) => seq));
  });

  it('R22: nothing is accepted of an input that is not in dispute, or once the pair goes on', () => {
    const pair = disputed();
    const why = (seq: number): string =>
      `refused: Input ${seq} does not wait for that: no board has another result than the committed one.`;
    for (const seq of [pair.seqOf('w'), pair.seqOf('y'), 999]) {
      expect(pair.commands.get(pair.command({ command: 'accept', seq }))).toBe(why(seq));
    }
    const seq = pair.seqOf('x');
    pair.command({ command: 'accept', seq });
    expect(pair.commands.get(pair.command({ command: 'accept', seq }))).toBe(why(seq));
  });
});
