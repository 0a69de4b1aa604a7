import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { PLAIN_WIRE, type PlainBoard, READ, WRITE } from './fixture/plain-board.js';

type Pair = PairHarness<PlainBoard>;

const EXAMINED = { ...PLAIN_WIRE, examines: true };

/** Both have a write; from then on this one answers something else. */
function differing(wrong: 'a' | 'b', config: Parameters<typeof PairHarness.plain>[0] = {}): Pair {
  const pair = PairHarness.plain({ wire: EXAMINED, ...config });
  pair.input('w', WRITE, 1);
  pair.run(50);
  pair.boards[wrong].corrupt = () => 1;
  return pair;
}

const judged = (pair: Pair) => pair.ledger.faults.filter(({ code }) => code !== 'input-in-doubt');

describe('R19: two that differ are examined by their link before anybody else is asked', () => {
  it('the primary does not keep what was written: it is the wrong one, and the other takes over', () => {
    const pair = differing('a');
    pair.boards.a.examined = () => 'written-value-lost';
    pair.input('r', READ);
    pair.runUntil(() => pair.ledger.owner === 'b');
    pair.run(100);
    expect(judged(pair)[0]).toMatchObject({
      code: 'judged-wrong',
      board: 'a',
      evidence: { decidedBy: 'written', register: 7, wrong: 'a' },
    });
    expect(pair.ledger.faultCodes()).not.toContain('pair-stopped');
  });

  it('the backup does not: it is set aside, and may join again', () => {
    const pair = differing('b');
    pair.boards.b.examined = () => 'written-value-lost';
    pair.input('r', READ);
    pair.run(100);
    expect(pair.ledger.owner).toBe('a');
    expect(judged(pair)[0]).toMatchObject({ code: 'judged-wrong', board: 'b', evidence: { decidedBy: 'written' } });
    expect(pair.ledger.faultCodes()).not.toContain('mismatch');
  });

  it('the primary has restarted: it is told as that, and what it answered since is held against nobody', () => {
    const pair = differing('a');
    pair.boards.a.examined = () => 'restarted';
    pair.input('r', READ);
    pair.runUntil(() => pair.ledger.owner === 'b');
    pair.run(100);
    expect(judged(pair)[0]).toMatchObject({ code: 'restarted', board: 'a', evidence: { decidedBy: 'restart-sign' } });
    expect(pair.ledger.faultCodes()).not.toContain('pair-stopped');
  });

  it('nothing is found, of neither or of both: the next arbiter is asked', () => {
    for (const found of ['nothing', 'written-value-lost']) {
      const pair = differing('b');
      for (const board of [pair.boards.a, pair.boards.b]) board.examined = () => found;
      pair.input('r', READ);
      pair.run(100);
      expect(judged(pair)[0]).toMatchObject({ code: 'mismatch', board: 'b', evidence: { decidedBy: 'nothing' } });
    }
  });

  it('who does not answer is asked again, and then shows nothing', () => {
    const pair = differing('b');
    let asked = 0;
    pair.boards.b.examined = null;
    pair.boards.a.examined = () => {
      asked++;
      return 'nothing';
    };
    pair.input('r', READ);
    pair.run(40);
    expect(judged(pair)).toEqual([]);
    expect(asked).toBe(1);
    pair.run(2000);
    expect(judged(pair)[0]).toMatchObject({ code: 'mismatch', board: 'b' });
  });

  it('of boards whose link can find out nothing nobody is asked', () => {
    const pair = differing('b', { wire: PLAIN_WIRE });
    pair.boards.b.examined = () => 'written-value-lost';
    pair.input('r', READ);
    pair.run(100);
    expect(judged(pair)[0]).toMatchObject({ code: 'mismatch', board: 'b' });
  });
});

describe('a restart that a register showed after the fact', () => {
  it('R15, R22: a copy that the other answers otherwise does not stop the pair that it takes over', () => {
    const pair = PairHarness.plain({ wire: EXAMINED });
    pair.input('w', WRITE, 1);
    pair.run(50);
    pair.boards.a.corrupt = () => 1;
    pair.boards.b.executeUs = 30_000;
    pair.input('r', READ);
    pair.runUntil(() => pair.answersTo('r').length === 1);
    // Its copy is at the backup: the two have not been compared yet.
    pair.boards.a.say({ kind: 'failed', reason: 'restarted', detail: 3 });
    pair.runUntil(() => pair.ledger.owner === 'b');
    pair.run(300);
    expect(pair.ledger.faultCodes()).not.toContain('pair-stopped');
    pair.input('r2', READ);
    pair.run(200);
    expect(pair.answersTo('r2')).toHaveLength(1);
  });
});

describe('R14: boards whose link counts its repeats', () => {
  const COUNTED = { ...PLAIN_WIRE, countsRepeats: true };

  it('a slow answer is no loss: link-degraded is told when it was sent again, and not when it was asked for', () => {
    const pair = PairHarness.plain({ wire: COUNTED });
    pair.boards.a.executeUs = 45_000;
    pair.input('r', READ);
    pair.run(300);
    expect(pair.answersTo('r')).toHaveLength(1);
    expect(pair.ledger.faultCodes()).toEqual([]);
  });

  it('a part that is answered gives the rest its own time', () => {
    const pair = PairHarness.plain({ wire: COUNTED });
    pair.boards.a.executeUs = 110_000;
    pair.input('r', READ);
    const seq = () => pair.seqOf('r');
    pair.run(50);
    pair.boards.a.say({ kind: 'alive', seq: seq() });
    pair.run(40);
    pair.boards.a.say({ kind: 'alive', seq: seq() });
    pair.run(40);
    expect(pair.answersTo('r')).toHaveLength(1);
    expect(pair.ledger.owner).toBe('a');
    expect(pair.ledger.faultCodes()).toEqual([]);
  });
});
