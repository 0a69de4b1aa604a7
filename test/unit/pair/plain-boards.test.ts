import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { type PlainBoard, READ, WRITE } from './fixture/plain-board.js';

type Pair = PairHarness<PlainBoard>;

function write(pair: Pair, value: number, ref = `w${value}`): void {
  pair.input(ref, WRITE, value);
}

function writtenBy(pair: Pair, board: 'a' | 'b'): string[] {
  return pair.boards[board].written;
}

function answered(pair: Pair, ...refs: string[]): number[] {
  return refs.map((ref) => pair.answersTo(ref).length);
}

function complaints(pair: Pair): string[] {
  return [...pair.boards.a.complaints, ...pair.boards.b.complaints, ...pair.ledger.complaints];
}

describe('boards that act unasked', () => {
  it('R2, R7: the answer opens the gate: each input is carried out once by both, in order, and answered once', () => {
    const pair = PairHarness.plain();
    for (const value of [1, 2, 3, 4, 5]) write(pair, value);
    pair.run(200);
    const all = [1, 2, 3, 4, 5].map((value) => `${WRITE},${value}`);
    expect(writtenBy(pair, 'a')).toEqual(all);
    expect(writtenBy(pair, 'b')).toEqual(all);
    expect(answered(pair, 'w1', 'w2', 'w3', 'w4', 'w5')).toEqual([1, 1, 1, 1, 1]);
    expect(pair.ledger.faultCodes()).toEqual([]);
    expect(complaints(pair)).toEqual([]);
  });

  it('R2: the copy leaves while the ledger still writes, and never before the primary has answered', () => {
    const pair = PairHarness.plain();
    pair.ledgerUs = () => 50_000;
    write(pair, 1);
    pair.runUntil(() => writtenBy(pair, 'b').length === 1);
    const [first] = pair.boards.a.executions.filter(({ payload }) => payload === `${WRITE},1`);
    const [copy] = pair.boards.b.executions.filter(({ payload }) => payload === `${WRITE},1`);
    expect(copy?.atUs).toBeGreaterThan(first?.atUs ?? Number.POSITIVE_INFINITY);
    expect(pair.ledger.granted.filter(({ board }) => board === 'b')).toEqual([]);
    expect(answered(pair, 'w1')).toEqual([0]);
    pair.run(300);
    expect(answered(pair, 'w1')).toEqual([1]);
  });

  it('DESIGN 4: where commits need both, the answer waits for the other board, and the act does not', () => {
    const pair = PairHarness.plain({ commitNeeds: 'both' });
    pair.boards.b.executeUs = 20_000;
    write(pair, 1);
    pair.runUntil(() => writtenBy(pair, 'b').length === 1);
    expect(writtenBy(pair, 'a')).toHaveLength(1);
    expect(answered(pair, 'w1')).toEqual([0]);
    pair.run(50);
    expect(answered(pair, 'w1')).toEqual([1]);
  });

  it('R8: what the old primary answers after the fence is evidence; it is sent no VIOLATION', () => {
    const pair = PairHarness.plain();
    pair.boards.a.executeUs = 80_000;
    write(pair, 1);
    pair.runUntil(() => pair.ledger.owner === 'b');
    pair.run(300);
    expect(pair.ledger.notes.map(({ step }) => step)).toContain('late-commit-refused');
    expect(pair.ledger.refused).toContainEqual({ board: 'a', seq: expect.any(Number), outcome: 'locked-out' });
    expect(complaints(pair)).toEqual([]);
  });
});

describe('boards that cannot tell a repeat', () => {
  it('R31: an answer that is late is waited for: the board is not asked a second time', () => {
    const pair = PairHarness.plain();
    pair.boards.a.executeUs = 55_000;
    write(pair, 1);
    pair.run(100);
    expect(writtenBy(pair, 'a')).toEqual([`${WRITE},1`]);
    expect(answered(pair, 'w1')).toEqual([1]);
  });

  it('R14, R31: a read whose answer is lost is asked again', () => {
    const pair = PairHarness.plain();
    let lost = 0;
    pair.boards.a.whim = () => (lost++ === 0 ? 'answer-lost' : 'answers');
    pair.input('r', READ);
    pair.run(100);
    expect(answered(pair, 'r')).toEqual([1]);
    expect(pair.ledger.owner).toBe('a');
    expect(pair.boards.a.executions).toHaveLength(2);
  });

  it('R22, R31: at a takeover the unanswered write goes to the other board once, and the fault says that the first may have carried it out', () => {
    const pair = PairHarness.plain();
    write(pair, 1);
    pair.run(50);
    pair.boards.a.whim = () => 'answer-lost';
    write(pair, 2);
    pair.runUntil(() => pair.ledger.owner === 'b');
    pair.run(200);
    expect(writtenBy(pair, 'a')).toEqual([`${WRITE},1`, `${WRITE},2`]);
    expect(writtenBy(pair, 'b')).toEqual([`${WRITE},1`, `${WRITE},2`]);
    expect(answered(pair, 'w1', 'w2')).toEqual([1, 1]);
    const silent = pair.ledger.faults.find(({ code }) => code === 'silent');
    expect(silent?.evidence).toMatchObject({ mayHaveCarriedOut: `${pair.seqOf('w2')}` });
    expect(pair.relay.levels.at(-1)).toBe(pair.boards.b.level);
  });

  it('R31: what the primary had in its hands when the gateway died is in doubt: refused, told, and given to nobody', () => {
    const pair = PairHarness.plain();
    write(pair, 1);
    pair.run(50);
    write(pair, 2);
    pair.runUntil(() => writtenBy(pair, 'a').length === 2);
    pair.killGateway();
    pair.run(20);
    pair.startGateway();
    pair.runUntil(() => pair.isProtected);
    write(pair, 3);
    pair.run(100);
    expect(writtenBy(pair, 'a')).toEqual([1, 2, 3].map((value) => `${WRITE},${value}`));
    expect(writtenBy(pair, 'b')).toEqual([1, 3].map((value) => `${WRITE},${value}`));
    expect(pair.upstream.refused).toEqual([{ ref: 'w2', reason: 'in-doubt' }]);
    expect(answered(pair, 'w1', 'w2', 'w3')).toEqual([1, 0, 1]);
    expect(pair.ledger.faults).toContainEqual(
      expect.objectContaining({ code: 'input-in-doubt', board: 'a', seq: pair.seqOf('w2') }),
    );
  });

  it('R23, R31: a client that sends again what is in doubt, under the same id, is refused', () => {
    const pair = PairHarness.plain();
    write(pair, 2);
    pair.runUntil(() => writtenBy(pair, 'a').length === 1);
    pair.killGateway();
    pair.startGateway();
    pair.runUntil(() => pair.upstream.refused.length === 1);
    write(pair, 2);
    pair.run(200);
    expect(writtenBy(pair, 'a')).toEqual([`${WRITE},2`]);
    expect(pair.upstream.refused.map(({ reason }) => reason)).toEqual(['in-doubt', 'in-doubt']);
  });

  it('R27, R31: what only waited when the gateway died is worked off', () => {
    const pair = PairHarness.plain();
    write(pair, 1);
    write(pair, 2);
    pair.runUntil(() => writtenBy(pair, 'a').length === 1);
    pair.killGateway();
    pair.startGateway();
    pair.run(200);
    expect(writtenBy(pair, 'a')).toEqual([`${WRITE},1`, `${WRITE},2`]);
    expect(answered(pair, 'w1', 'w2')).toEqual([0, 1]);
  });

  it('R27, R31: what may be asked twice is asked again, and nobody leaves for it', () => {
    const pair = PairHarness.plain();
    pair.input('r', READ);
    pair.runUntil(() => pair.boards.a.executions.length === 1);
    pair.killGateway();
    pair.startGateway();
    pair.run(200);
    expect(answered(pair, 'r')).toEqual([1]);
    expect(pair.isProtected).toBe(true);
    expect(pair.ledger.faultCodes()).toEqual(['gateway-restarted']);
  });

  it('R31: a copy that was on its way when the gateway died is not given again: the backup joins anew', () => {
    const pair = PairHarness.plain();
    write(pair, 1);
    pair.runUntil(() => writtenBy(pair, 'b').length === 1);
    pair.killGateway();
    pair.startGateway();
    pair.runUntil(() => pair.isProtected);
    pair.run(100);
    expect(writtenBy(pair, 'b')).toEqual([`${WRITE},1`]);
    expect(pair.memberStatesOf('b')).toContain('set-aside');
  });

  it('R31: a link that returns to a primary that nobody could replace: what it had in its hands is in doubt', () => {
    const pair = PairHarness.plain();
    pair.cut('b');
    pair.run(20);
    write(pair, 1);
    write(pair, 2);
    pair.runUntil(() => writtenBy(pair, 'a').length === 1);
    pair.cut('a');
    pair.run(50);
    pair.reconnect('a');
    pair.run(300);
    expect(writtenBy(pair, 'a')).toEqual([`${WRITE},1`, `${WRITE},2`]);
    expect(pair.upstream.refused).toEqual([{ ref: 'w1', reason: 'in-doubt' }]);
    expect(answered(pair, 'w2')).toEqual([1]);
  });
});
