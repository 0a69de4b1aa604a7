import { describe, expect, it } from 'vitest';
import type { SelfTestReport } from '../../../src/pair/result/messages.js';
import type { PairConfig } from '../../../src/pair/state/pair-config.js';
import { PairHarness } from './fixture/pair-harness.js';

const DEADLINE_US = 60_000;
const WELL: Omit<SelfTestReport, 'slice'> = {
  kind: 'selfTestReport',
  last: false,
  flash: 'ok',
  ram: 'ok',
  ramFaultAt: null,
  cpu: 'ok',
};

const requestsTo = (pair: PairHarness, board: 'a' | 'b') =>
  pair.links[board].sent.flatMap(({ message, atUs }) =>
    message.kind === 'selfTest' ? [{ slice: message.slice, atUs }] : [],
  );
const slicesOf = (pair: PairHarness, board: 'a' | 'b') => requestsTo(pair, board).map(({ slice }) => slice);
const verdictOf = (pair: PairHarness) => pair.ledger.faults[0];

/** A report of a slice; all is well but for what is said here. The ledger has it when this returns. */
function report(
  pair: PairHarness,
  board: 'a' | 'b',
  said: Partial<SelfTestReport> & Pick<SelfTestReport, 'slice'>,
): void {
  pair.forge(board, { ...WELL, ...said });
  pair.run(1);
}

/** Two answers differ, board b is asked for its first slice, and no board has a self-test but by forged reports. */
function asking(config: Partial<PairConfig> = {}): PairHarness {
  const pair = PairHarness.started({ config: { selfTests: true, deadlineUs: DEADLINE_US, ...config } });
  for (const board of [pair.boards.a, pair.boards.b]) board.selfTest = 'none';
  pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
  pair.input('x', 1);
  pair.runUntil(() => slicesOf(pair, 'b').length > 0);
  return pair;
}

describe('a self-test', () => {
  it.each([
    ['flash', { flash: 'bad' }],
    ['cpu', { cpu: 'bad' }],
    ['flash and cpu', { flash: 'bad', cpu: 'bad' }],
    ['ram', { ram: 'bad', ramFaultAt: 0x2000 }],
  ] as const)('R19: that finds %s bad says that this board is wrong, and what of it', (failedTest, found) => {
    const pair = asking();
    report(pair, 'b', { slice: 0, ...found });
    expect(verdictOf(pair)).toMatchObject({
      code: 'judged-wrong',
      board: 'b',
      evidence: { decidedBy: 'self-test', wrong: 'b', failedTest, slice: 0 },
    });
    pair.run(500);
    expect(slicesOf(pair, 'a')).toEqual([]);
    expect([pair.ledger.owner, pair.memberStateOf('b')]).toEqual(['a', 'kept-out']);
  });

  it('R6, R14: is asked for each slice four times, a deadline apart, and given up then', () => {
    const pair = asking();
    pair.run(2.5 * (DEADLINE_US / 1000));
    report(pair, 'b', { slice: 0 });
    pair.run(3.5 * (DEADLINE_US / 1000));
    expect(slicesOf(pair, 'b')).toEqual([0, 0, 0, 1, 1, 1, 1]);
    expect(slicesOf(pair, 'a')).toEqual([]);
    const times = requestsTo(pair, 'b').map(({ atUs }) => atUs);
    const between = times.slice(1).map((atUs, n) => atUs - (times[n] ?? 0));
    expect(between.filter((_, n) => n !== 2)).toEqual(Array(5).fill(DEADLINE_US));
    pair.run(DEADLINE_US / 1000);
    expect([slicesOf(pair, 'a'), slicesOf(pair, 'b')]).toEqual([[0], [0, 0, 0, 1, 1, 1, 1]]);
    pair.run(4 * (DEADLINE_US / 1000));
    expect(verdictOf(pair)).toMatchObject({
      code: 'mismatch',
      evidence: { decidedBy: 'nothing', selfTests: 'board b unanswered, board a unanswered' },
    });
  });

  it('R19: asks the primary only once the backup is known to be well, and stops at its last slice', () => {
    const pair = asking();
    report(pair, 'b', { slice: 0 });
    report(pair, 'b', { slice: 1 });
    expect([slicesOf(pair, 'b'), slicesOf(pair, 'a')]).toEqual([[0, 1, 2], []]);
    report(pair, 'b', { slice: 2, last: true });
    expect([slicesOf(pair, 'b'), slicesOf(pair, 'a')]).toEqual([[0, 1, 2], [0]]);
    report(pair, 'a', { slice: 0, last: true });
    expect(verdictOf(pair)).toMatchObject({
      code: 'mismatch',
      evidence: { decidedBy: 'nothing', selfTests: 'board b well, board a well' },
    });
  });

  it('R11, R19: is not judged by a report of a board that was not asked, or that has said its last', () => {
    const pair = asking();
    report(pair, 'a', { slice: 0, ram: 'bad' });
    report(pair, 'b', { slice: 0, last: true });
    report(pair, 'b', { slice: 0, last: true, ram: 'bad' });
    expect(pair.ledger.faults).toEqual([]);
    report(pair, 'a', { slice: 0, last: true });
    expect(verdictOf(pair)).toMatchObject({ evidence: { selfTests: 'board b well, board a well' } });
    report(pair, 'a', { slice: 0, ram: 'bad' });
    pair.run(500);
    expect(pair.ledger.faultCodes()).toEqual(['mismatch']);
  });

  it('R19: is not waited for where the board cannot be asked', () => {
    const pair = PairHarness.started({ config: { selfTests: true, thirdCopy: 'third', thirdCopyDeadlineUs: 200_000 } });
    const { third } = pair;
    pair.runUntil(() => pair.pair.boards.get('third')?.membership.state === 'in-sync');
    third?.board.halt();
    pair.boards.a.selfTest = 'none';
    pair.boards.b.corrupt = () => 0x40;
    pair.input('x', 1);
    pair.run(60);
    pair.cut('b');
    pair.runUntil(() => slicesOf(pair, 'a').length > 0);
    expect(slicesOf(pair, 'b')).toEqual([]);
    report(pair, 'a', { slice: 0, last: true });
    expect(pair.ledger.faults.at(-1)).toMatchObject({
      code: 'mismatch',
      evidence: { selfTests: 'board b unanswered, board a well' },
    });
  });

  it('R19: begins anew with each pair of answers that differ', () => {
    const pair = asking({ flapLimit: 50, flapPermanent: 100 });
    report(pair, 'b', { slice: 0 });
    report(pair, 'b', { slice: 1, last: true });
    report(pair, 'a', { slice: 0, last: true });
    pair.command({ command: 'rejoin', board: 'b' });
    pair.runUntil(() => pair.isProtected);
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'y' ? 0x40 : 0);
    pair.input('y', 1);
    pair.runUntil(() => slicesOf(pair, 'b').length > 2);
    expect(slicesOf(pair, 'b')).toEqual([0, 1, 0]);
    expect(slicesOf(pair, 'a')).toEqual([0]);
  });
});
