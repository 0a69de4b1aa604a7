import { describe, expect, it } from 'vitest';
import type { PairConfig } from '../../../src/pair/state/pair-config.js';
import { field } from './fixture/field.js';
import { type HarnessOptions, PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

const LEVEL = field({ name: 'level' });

/** Two boards and a third copy, all three in the pair. */
function ofThree(config: Partial<PairConfig> = {}, options: Omit<HarnessOptions, 'config'> = {}): PairHarness {
  const pair = new PairHarness({ ...options, config: { witness: 'third', ...config } });
  pair.start();
  pair.runUntil(() => thirdStanding(pair) === 'in-sync');
  pair.run(10);
  return pair;
}

const thirdStanding = (pair: PairHarness): string | undefined => pair.pair.boards.get('third')?.membership.standing;
const third = (pair: PairHarness) => {
  if (pair.third === null) throw new Error('no third copy');
  return pair.third.board;
};
const evidenceOf = (pair: PairHarness, code: string) =>
  pair.ledger.faults.filter((fault) => fault.code === code).map(({ evidence, board }) => ({ ...evidence, board }));

describe('the third copy', () => {
  it('R2, R19: executes what the primary executed, in its order, and the ledger knows nothing of it', () => {
    const pair = ofThree();
    pair.inputs(6, 2);
    pair.run(200);
    expect(third(pair).executedSeqs).toEqual(pair.boards.a.executedSeqs);
    expect(third(pair).actedSeqs).toEqual(pair.boards.a.actedSeqs);
    expect(pair.ledger.boards.has('third')).toBe(false);
    expect(pair.ledger.complaints).toEqual([]);
    expectPromises(pair);
  });

  it('R10: is never the one to take over', () => {
    const pair = ofThree();
    pair.cut('b');
    pair.run(20);
    pair.boards.a.halt();
    pair.input('x', 1);
    pair.run(300);
    expect([pair.ledger.owner, pair.ledger.stopped]).toEqual(['a', true]);
  });

  it('R5, R6: that is too slow is set aside, and neither board has waited for it', () => {
    const pair = ofThree({ maxLag: 4 });
    third(pair).slowDown(400_000);
    pair.inputs(10, 10);
    pair.run(200);
    expect(pair.upstream.answers).toHaveLength(10);
    expect(pair.isProtected).toBe(true);
    expect(evidenceOf(pair, 'backup-behind').map(({ board }) => board)).toEqual(['third']);
    expectPromises(pair);
  });

  it('R16: that has much to do still does not keep the two boards from being probed', () => {
    const pair = ofThree({ probeEveryUs: 30_000 });
    third(pair).slowDown(1_000_000);
    pair.input('x', 1);
    pair.run(60);
    const before = pair.counts.get('probes') ?? 0;
    pair.run(300);
    expect((pair.counts.get('probes') ?? 0) - before).toBeGreaterThan(3);
    expect(pair.isProtected).toBe(true);
  });

  it('R25: joins anew after a takeover, and with each gateway', () => {
    const pair = ofThree();
    pair.boards.a.halt();
    pair.input('x', 1);
    pair.run(300);
    expect(pair.ledger.owner).toBe('b');
    pair.runUntil(() => thirdStanding(pair) === 'in-sync');
    pair.killGateway();
    pair.startGateway();
    pair.runUntil(() => thirdStanding(pair) === 'in-sync');
    pair.input('y', 2);
    pair.run(100);
    expect(third(pair).executedSeqs.at(-1)).toBe(pair.seqOf('y'));
    expectPromises(pair);
  });
});

describe('two of three decide', () => {
  it('R19: a backup that is wrong is set aside, with what was found, and comes back by itself', () => {
    const pair = ofThree();
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'i2' ? 0x40 : 0);
    pair.inputs(4, 10);
    pair.run(40);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([
      expect.objectContaining({ board: 'b', wrong: 'b', decidedBy: 'third-copy', committedBy: 'a' }),
    ]);
    pair.run(600);
    expect([pair.ledger.owner, pair.isProtected]).toEqual(['a', true]);
    expect(pair.upstream.answers).toHaveLength(4);
    expect(pair.boards.b.level).toBe(pair.boards.a.level);
    expectPromises(pair);
  });

  it('R10, R19: a primary that is wrong loses the lease; the right levels follow, and it comes back by itself', () => {
    const pair = ofThree();
    pair.boards.a.corrupt = (seq) => (pair.refsOf([seq])[0] === 'i2' ? 0x40 : 0);
    pair.inputs(4, 10);
    pair.run(1_500);
    expect(pair.ledger.owner).toBe('b');
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([
      expect.objectContaining({ board: 'a', wrong: 'a', decidedBy: 'third-copy' }),
    ]);
    expect(pair.upstream.answers.map(({ ref }) => ref)).toEqual(['i1', 'i2', 'i3', 'i4']);
    expect(pair.ledger.stopped).toBe(false);
    expect([pair.standingOf('a'), pair.isProtected]).toEqual(['in-sync', true]);
    expect(pair.boards.a.level).toBe(pair.boards.b.level);
  });

  it.each([
    ['third-copy', {}, 'in-sync'],
    ['nothing', { witness: null, onMismatch: 'switch' }, 'kept-out'],
  ] as const)(
    'R10, R19: a gateway killed after the fence remembers who was judged wrong (by %s)',
    (_by, config, then) => {
      const pair = 'witness' in config ? PairHarness.started({ config }) : ofThree(config);
      pair.boards.a.corrupt = (seq) => (pair.refsOf([seq])[0] === 'i2' ? 0x40 : 0);
      pair.inputs(4, 10);
      pair.runUntil(() => pair.ledger.owner === 'b');
      pair.killGateway();
      pair.startGateway();
      pair.run(700);
      expect([pair.ledger.owner, pair.ledger.stopped, pair.standingOf('a')]).toEqual(['b', false, then]);
      const lastOf = (board: 'a' | 'b') => pair.boards[board].acted.at(-1)?.level;
      expect(pair.relay.seen.at(-1)?.level).toBe(lastOf('b'));
    },
  );

  it('R7, R19: where commits need both, of a wrong primary nothing reaches the actuator and no answer leaves', () => {
    const pair = ofThree({ commitNeeds: 'both' });
    pair.boards.a.corrupt = (seq) => (pair.refsOf([seq])[0] === 'i2' ? 0x40 : 0);
    pair.inputs(4, 10);
    pair.run(800);
    const right = pair.boards.b.executions.filter(({ probe }) => !probe).map(({ level }) => level);
    expect(
      pair.relay.seen.map(({ level }) => level).filter((level) => level !== null && !right.includes(level)),
    ).toEqual([]);
    expect([pair.ledger.owner, pair.upstream.answers.length]).toEqual(['b', 4]);
    expectPromises(pair);
  });

  it('R19: a third copy that stands alone is the one that leaves', () => {
    const pair = ofThree();
    third(pair).corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    pair.input('x', 1);
    pair.run(40);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([
      expect.objectContaining({ board: 'third', wrong: 'third', decidedBy: 'the other board' }),
    ]);
    expect(pair.isProtected).toBe(true);
    pair.run(500);
    expect(thirdStanding(pair)).toBe('in-sync');
    expectPromises(pair);
  });

  it('R19: of which one joined behind an input leave it to the third copy and the primary', () => {
    const pair = ofThree({ witnessDeadlineUs: 3_000_000, joinPatienceUs: 5_000 });
    pair.cut('b');
    pair.run(20);
    third(pair).slowDown(500_000);
    third(pair).corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    pair.input('x', 1);
    pair.run(50);
    pair.reconnect('b');
    pair.run(3_000);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([
      expect.objectContaining({ board: 'third', decidedBy: 'nothing' }),
    ]);
    expect(pair.ledger.input(pair.seqOf('x'))?.finished).toBe(true);
  });

  it.each([false, true])(
    'R9, R19: what a wrong primary had committed behind is not given out: the right result is, and again (killed: %s)',
    (killed) => {
      const pair = ofThree({}, { window: 3 });
      pair.ledgerUs = () => 3_000;
      pair.boards.a.corrupt = (seq) => (pair.refsOf([seq])[0] === 'i2' ? 0x40 : 0);
      pair.inputs(6, 2);
      pair.runUntil(() => pair.ledger.owner === 'b');
      const before = pair.upstream.answers.length;
      if (killed) {
        pair.killGateway();
        pair.startGateway();
      }
      pair.run(1_500);
      const first = pair.upstream.answers.length;
      for (let n = 3; n <= 6; n++) pair.input(`i${n}`, n);
      pair.run(200);
      for (const { seq, body } of [
        ...pair.upstream.answers.slice(before, first),
        ...pair.upstream.answers.slice(first),
      ]) {
        const level = pair.boards.b.executions.find((execution) => execution.seq === seq)?.sum ?? -1;
        expect(body).toBe([level & 255, (level >> 8) & 255, (level >> 16) & 255].join(','));
      }
      expect(pair.upstream.answers.length - first).toBe(4);
      expect([pair.ledger.owner, pair.ledger.stopped]).toEqual(['b', false]);
    },
  );

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'R9, R19: what it had committed behind and the new primary comes to as well is given out (ledger %i ms)',
    (ledgerMs) => {
      const fields = [0, 1, 2].map((offset) => ({ ...LEVEL, tolerance: 1, name: `l${offset}`, offset }));
      const pair = ofThree({ fields }, { window: 4 });
      pair.ledgerUs = () => ledgerMs * 1_000;
      const { a, b } = pair.boards;
      for (const board of [a, b, third(pair)]) board.rejects = (payload) => payload[0] === 9;
      a.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
      pair.input('x', 1);
      for (let n = 1; n <= 20; n++) pair.schedule.after(n * 1_500, () => pair.input(`y${n}`, 9));
      pair.run(1_000);
      expect(pair.ledger.owner).toBe('b');
      expect([
        ...pair.upstream.answers.map(({ ref }) => ref),
        ...pair.upstream.refused.map(({ ref }) => ref),
      ]).toHaveLength(21);
    },
  );

  it('R19, R25: what was decided is what a board that joins by a replay is compared with', () => {
    const pair = ofThree({ flapLimit: 50, flapPermanent: 100 }, { transfersState: false });
    const { a } = pair.boards;
    a.corrupt = (seq) => (pair.refsOf([seq])[0] === 'i2' && a.boot === 1 ? 0x40 : 0);
    pair.inputs(3, 20);
    pair.run(3_000);
    expect([pair.ledger.owner, pair.isProtected]).toEqual(['b', true]);
    expect(pair.ledger.faultCodes()).toEqual(['judged-wrong']);
  });

  it('R19: three different answers tell nothing: the policy decides', () => {
    const pair = ofThree();
    pair.boards.b.corrupt = () => 0x40;
    third(pair).corrupt = () => 0x80;
    pair.input('x', 1);
    pair.run(60);
    expect(evidenceOf(pair, 'mismatch')).toEqual([
      expect.objectContaining({ board: 'b', decidedBy: 'nothing', policy: 'alarm' }),
    ]);
    expect([pair.ledger.owner, pair.standingOf('b')]).toEqual(['a', 'kept-out']);
  });

  it('R11, R19: nobody gets VIOLATION, and the primary goes on, while the third copy is waited for', () => {
    const pair = ofThree();
    third(pair).slowDown(100_000);
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'i1' ? 0x40 : 0);
    pair.inputs(4, 10);
    pair.run(70);
    expect(pair.upstream.answers).toHaveLength(4);
    expect(pair.isProtected).toBe(false);
    expect([pair.standingOf('b'), pair.ledger.faultCodes()]).toEqual(['in-sync', []]);
    pair.run(200);
    expect(evidenceOf(pair, 'judged-wrong')).toHaveLength(1);
    expect([...pair.sentKinds('a'), ...pair.sentKinds('b')]).not.toContain('violation');
  });

  it('R10, R19: what the third copy answers while a fence is under way changes nothing', () => {
    const pair = ofThree();
    pair.ledgerUs = () => 20_000;
    pair.boards.a.corrupt = (seq) => (pair.refsOf([seq])[0] === 'i2' ? 0x40 : 0);
    third(pair).corrupt = (seq) => (pair.refsOf([seq])[0] === 'i3' ? 0x80 : 0);
    pair.inputs(4, 10);
    pair.run(1_500);
    expect([pair.ledger.owner, pair.ledger.stopped]).toEqual(['b', false]);
    expect(pair.ledger.complaints).toEqual([]);
    expect(pair.upstream.answers).toHaveLength(4);
  });

  it('R5, R19: a third copy that has the input from the state it was given is not waited for', () => {
    const pair = ofThree({ joinPatienceUs: 5_000 });
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    pair.boards.b.slowDown(55_000);
    third(pair).restart();
    pair.run(1);
    pair.input('x', 1);
    pair.run(300);
    expect(pair.ledger.faultCodes()).toContain('mismatch');
  });

  it('R6, R19: while it is asked it may be behind by more than usual', () => {
    const pair = ofThree({ maxLag: 8 });
    third(pair).slowDown(300_000);
    pair.boards.a.corrupt = (seq) => (pair.refsOf([seq])[0] === 'i2' ? 0x40 : 0);
    pair.inputs(40, 10);
    pair.run(1_500);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([
      expect.objectContaining({ board: 'a', decidedBy: 'third-copy' }),
    ]);
    expect(pair.ledger.owner).toBe('b');
  });

  it('R19: what the third copy answered is told with the judgement', () => {
    const pair = ofThree();
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    pair.input('x', 1);
    pair.run(40);
    const level = third(pair).executions.find(({ seq }) => seq === pair.seqOf('x'))?.sum ?? -1;
    const hex = [0, 8, 16].map((bits) => ((level >> bits) & 0xff).toString(16).padStart(2, '0')).join('');
    const evidence = pair.ledger.faults.find(({ code }) => code === 'judged-wrong')?.evidence;
    expect(evidence).toMatchObject({ thirdResult: hex, committedResult: hex });
    expect(evidence?.['thirdDigest']).toBe(evidence?.['committedDigest']);
    expect(evidence?.['otherResult']).not.toBe(hex);
  });

  it('R19: the third copy is waited for until its deadline and no longer, though nothing else happens', () => {
    const pair = ofThree({ witnessDeadlineUs: 140_000 });
    third(pair).onMoment = (moment) => moment === 'input-arrived' && third(pair).slowDown(100_000);
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    pair.input('w', 1);
    pair.input('x', 2);
    pair.runUntil(() => pair.pair.comparison.riddle !== null);
    const sinceUs = pair.pair.comparison.riddle?.sinceUs ?? 0;
    pair.schedule.runUntil(sinceUs + 139_999);
    expect(pair.pair.comparison.riddle?.asks).toBe('third-copy');
    pair.schedule.runUntil(sinceUs + 140_000);
    expect(pair.pair.comparison.riddle).toBeNull();
    pair.run(1);
    expect(evidenceOf(pair, 'mismatch')).toEqual([
      expect.objectContaining({ board: 'b', decidedBy: 'nothing', policy: 'alarm' }),
    ]);
    // It had an input before to answer: it is late for this judgement, and in time by its own deadline.
    pair.run(200);
    expect([thirdStanding(pair), pair.ledger.faultCodes()]).toEqual(['in-sync', ['mismatch']]);
  });

  it('R19: a third copy that is out of the pair, or cut off, is not waited for', () => {
    for (const away of ['before', 'between'] as const) {
      const pair = ofThree({ deadlineUs: 400_000 });
      const { third: copy } = pair;
      if (copy === null) throw new Error('no third copy');
      const loseIt = () => {
        copy.link.cut();
        pair.post({ type: 'linkLost', board: 'third', reason: 'ended' });
      };
      copy.board.slowDown(300_000);
      pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
      if (away === 'before') loseIt();
      pair.run(20);
      pair.input('x', 1);
      if (away === 'between') {
        pair.runUntil(() => pair.pair.comparison.riddle !== null);
        expect(pair.pair.comparison.riddle?.asks).toBe('third-copy');
        loseIt();
      }
      pair.run(50);
      expect(evidenceOf(pair, 'mismatch'), away).toEqual([
        expect.objectContaining({ board: 'b', decidedBy: 'nothing', policy: 'alarm' }),
      ]);
    }
  });

  it('R19: of several answers that differ the first one is judged', () => {
    const pair = ofThree({}, { window: 3 });
    third(pair).slowDown(100_000);
    let isWrong = false;
    pair.boards.b.corrupt = (seq) => {
      isWrong ||= pair.refsOf([seq])[0] === 'i2';
      return isWrong ? 0x40 : 0;
    };
    pair.inputs(6, 1);
    pair.run(60);
    expect(pair.boards.b.executedSeqs.length).toBeGreaterThan(2);
    pair.run(200);
    const judged = pair.ledger.faults.filter(({ code }) => code === 'judged-wrong');
    expect(judged.map(({ seq, board }) => [pair.refsOf([seq ?? 0])[0], board])).toEqual([['i2', 'b']]);
    expect(pair.ledger.faultCodes()).toEqual(['judged-wrong']);
  });

  it('R19: the policy "switch" needs a board that can take over: else the one that left is kept out', () => {
    const pair = ofThree({ onMismatch: 'switch', witnessDeadlineUs: 100_000 });
    third(pair).halt();
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    pair.input('x', 1);
    pair.run(50);
    pair.cut('b');
    pair.run(200);
    expect(evidenceOf(pair, 'mismatch')).toEqual([expect.objectContaining({ board: 'b', policy: 'switch' })]);
    expect([pair.ledger.owner, pair.ledger.stopped, pair.standingOf('b')]).toEqual(['a', false, 'kept-out']);
  });

  it('R19: a third copy that goes silent while it is asked leaves the policy to decide', () => {
    const pair = ofThree({ witnessDeadlineUs: 150_000 });
    third(pair).halt();
    pair.boards.b.corrupt = () => 0x40;
    pair.input('x', 1);
    pair.run(100);
    expect(pair.ledger.faultCodes()).toEqual([]);
    pair.run(200);
    expect(pair.ledger.faultCodes()).toContain('mismatch');
    expect(pair.standingOf('b')).toBe('kept-out');
  });

  it('R19: a third copy that was right stays out of it while the fence is on its way', () => {
    const pair = ofThree({ commitNeeds: 'both' });
    pair.ledgerUs = () => 20_000;
    pair.boards.a.corrupt = (seq) => (pair.refsOf([seq])[0] === 'i2' ? 0x40 : 0);
    pair.inputs(4, 10);
    pair.run(1_500);
    expect(evidenceOf(pair, 'judged-wrong').map(({ board }) => board)).toEqual(['a']);
    expect(pair.upstream.answers).toHaveLength(4);
  });

  it('R7, R19: where commits need both, what the third copy alone calls wrong is not committed', () => {
    const pair = ofThree({ commitNeeds: 'both' });
    pair.boards.a.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    pair.cut('b');
    pair.run(20);
    pair.input('x', 1);
    pair.run(200);
    expect(pair.answersTo('x')).toEqual([]);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'mismatch', 'pair-stopped']);
    expect(evidenceOf(pair, 'mismatch')).toEqual([
      expect.objectContaining({ decidedBy: 'nothing', committedBy: 'a', otherBoard: 'third' }),
    ]);
  });

  it('R19: a third copy that stands alone leaves, though the commit that the two agree on is still on its way', () => {
    const pair = ofThree({ commitNeeds: 'both' });
    pair.ledgerUs = () => 10_000;
    third(pair).slowDown(3_000);
    third(pair).corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    pair.input('x', 1);
    pair.run(100);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([
      expect.objectContaining({ board: 'third', decidedBy: 'the other board' }),
    ]);
    expect([pair.ledger.stopped, pair.answersTo('x').length, pair.isProtected]).toEqual([false, 1, true]);
  });

  it.each(['b', 'third'] as const)(
    'R19, R26: a wrong %s is found out while a switchover is being prepared',
    (wrong) => {
      const pair = ofThree();
      const board = wrong === 'b' ? pair.boards.b : third(pair);
      board.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
      pair.input('x', 1);
      pair.run(1);
      const ref = pair.command({ command: 'switch' });
      expect(pair.pair.phase).toBe('draining');
      pair.run(300);
      expect(evidenceOf(pair, 'judged-wrong')).toEqual([expect.objectContaining({ board: wrong, wrong })]);
      expect(pair.commands.get(ref)?.startsWith(wrong === 'b' ? 'refused' : 'done')).toBe(true);
      expect(pair.ledger.owner).toBe(wrong === 'b' ? 'a' : 'b');
    },
  );

  it('R11, R16, R19: an idle primary is probed while the two differ, and does not park', () => {
    const pair = PairHarness.started({ silenceUs: 150_000, config: { selfTests: true, probeEveryUs: 40_000 } });
    pair.links.b.toBoard.loses = ({ message }) => message.kind === 'selfTest';
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    pair.input('x', 1);
    pair.run(30);
    const before = pair.boards.a.executions.length;
    pair.run(190);
    expect(pair.pair.comparison.riddle).not.toBeNull();
    expect(pair.boards.a.executions.length - before).toBeGreaterThan(2);
    expect(pair.boards.a.parked).toBe(false);
  });

  it('R22: what a board had in work when it was judged wrong it has not died of', () => {
    const pair = ofThree({}, { window: 3 });
    pair.boards.a.corrupt = (seq) => (pair.refsOf([seq])[0] === 'i2' ? 0x40 : 0);
    pair.inputs(8, 2);
    pair.runUntil(() => pair.ledger.owner === 'b');
    expect(pair.ledger.attempts.map(({ board }) => board)).not.toContain('a');
  });

  it('R25, R27: what the third copy has still to do is over for the two boards, and for a start', () => {
    const pair = ofThree();
    third(pair).slowDown(1_500_000);
    pair.cut('b');
    pair.inputs(3, 10);
    pair.run(60);
    pair.reconnect('b');
    pair.runUntil(() => pair.isProtected);
    pair.run(10);
    pair.killGateway();
    pair.boards.a.restart();
    pair.startGateway();
    pair.run(600);
    expect([pair.ledger.owner, pair.ledger.stopped]).toEqual(['b', false]);
    pair.input('y', 1);
    pair.run(100);
    expect(pair.answersTo('y')).toHaveLength(1);
  });

  it('R22: a primary that dies while the two differ is replaced, and a result that differs from what was given out stops', () => {
    const pair = ofThree();
    third(pair).slowDown(100_000);
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    pair.input('x', 1);
    pair.runUntil(() => pair.boards.b.executedSeqs.length === 1);
    pair.run(5);
    pair.cut('a');
    pair.run(200);
    expect(pair.ledger.stopped).toBe(true);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'mismatch', 'pair-stopped']);
  });
});

describe('a backup that leaves while the two differ', () => {
  /** Both have answered i2, differently, and the third copy takes its time. */
  const inDoubt = (wrong: 'a' | 'b', config: Partial<PairConfig> = {}) => {
    const pair = ofThree(config);
    third(pair).slowDown(300_000);
    pair.boards[wrong].corrupt = (seq) => (pair.refsOf([seq])[0] === 'i2' ? 0x40 : 0);
    pair.inputs(4, 10);
    pair.run(60);
    pair.cut('b');
    pair.run(20);
    pair.reconnect('b');
    return pair;
  };

  it('R19, R25: is not given the state of a primary that may be wrong: once that is known, nobody is left', () => {
    const pair = inDoubt('a');
    pair.run(100);
    expect(pair.standingOf('b')).toBe('set-aside');
    pair.run(1_500);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'judged-wrong', 'pair-stopped']);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([
      expect.objectContaining({ board: 'a', wrong: 'a', decidedBy: 'third-copy' }),
    ]);
    expect(pair.boards.b.transfers).toHaveLength(1);
    // Nothing is decided for a board that has left: what it answered is gone.
    expect([...pair.ledger.journal.verdicts]).toEqual([]);
  });

  it('R19: joins once it is known to be the wrong one, and that is told', () => {
    const pair = inDoubt('b');
    pair.run(2_500);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'judged-wrong']);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([expect.objectContaining({ board: 'b', wrong: 'b' })]);
    expect([pair.ledger.owner, pair.isProtected]).toEqual(['a', true]);
    expectPromises(pair);
  });

  it('R19: is kept out where nobody can tell any more', () => {
    const pair = inDoubt('b', { witnessDeadlineUs: 150_000 });
    pair.run(1_000);
    expect(pair.ledger.faultCodes()).toContain('mismatch');
    expect(pair.standingOf('b')).toBe('kept-out');
  });

  it('R7, R19: where commits need both, what it called wrong is not committed because it is gone', () => {
    const pair = inDoubt('a', { commitNeeds: 'both' });
    pair.run(1_500);
    expect(pair.answersTo('i2')).toEqual([]);
    expect(pair.ledger.stopped).toBe(true);
  });
});

describe('a primary that leaves while the two differ', () => {
  it('R22: where commits need both, what the other answered is not committed instead', () => {
    const pair = ofThree({ commitNeeds: 'both' });
    third(pair).slowDown(300_000);
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'i2' ? 0x40 : 0);
    pair.inputs(2, 10);
    pair.run(60);
    pair.cut('a');
    pair.run(500);
    expect(pair.answersTo('i2')).toEqual([]);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'mismatch', 'pair-stopped']);
    pair.reconnect('a');
    pair.command({ command: 'resume' });
    pair.run(500);
    expect(pair.answersTo('i2')).toHaveLength(1);
    expect([pair.ledger.owner, pair.ledger.stopped]).toEqual(['b', false]);
  });
});

describe('limits of plausibility', () => {
  it.each([
    ['a', 'b'],
    ['b', 'a'],
  ] as const)('R19: decide against board %s, whose value is beyond them, without a third copy', (wrong, right) => {
    const pair = PairHarness.started({ config: { fields: [{ ...LEVEL, max: 100 }] } });
    pair.boards[wrong].corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x80 : 0);
    pair.input('x', 1);
    pair.run(900);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([
      expect.objectContaining({ board: wrong, decidedBy: 'plausibility', field: 'level', limit: 'max', allowed: 100 }),
    ]);
    expect([pair.ledger.owner, pair.isProtected]).toEqual([right === 'b' ? 'b' : 'a', true]);
  });

  it('R19: on a change that is faster than can be', () => {
    const pair = PairHarness.started({ config: { fields: [{ ...LEVEL, maxChangePerS: 1_000 }] } });
    pair.input('w', 1);
    pair.run(60);
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0xc0 : 0);
    pair.input('x', 1);
    pair.run(60);
    const [evidence] = evidenceOf(pair, 'judged-wrong');
    expect(evidence).toMatchObject({ board: 'b', decidedBy: 'plausibility', limit: 'rate' });
  });

  it('R19: tell which value of which board it was, in its unit', () => {
    const pair = PairHarness.started({ config: { fields: [{ ...LEVEL, max: 100 }] } });
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x80 : 0);
    pair.input('x', 1);
    pair.run(60);
    const level = (pair.boards.b.executions.find(({ seq }) => seq === pair.seqOf('x'))?.sum ?? 0) & 0xff;
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([
      expect.objectContaining({ wrong: 'b', field: 'level', unit: '%', value: level, limit: 'max', allowed: 100 }),
    ]);
  });

  it('R19: that neither of two different answers keeps to tell nothing', () => {
    const pair = PairHarness.started({ config: { fields: [{ ...LEVEL, max: 100 }] } });
    pair.boards.a.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x80 : 0);
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0xc0 : 0);
    pair.input('x', 1);
    pair.run(100);
    expect(evidenceOf(pair, 'mismatch')).toEqual([expect.objectContaining({ board: 'b', decidedBy: 'nothing' })]);
    expect([pair.ledger.owner, pair.standingOf('b')]).toEqual(['a', 'kept-out']);
  });

  it('R19: come before the third copy, which is not asked', () => {
    const pair = ofThree({ fields: [{ ...LEVEL, max: 100 }] });
    third(pair).halt();
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x80 : 0);
    pair.input('x', 1);
    pair.run(20);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([
      expect.objectContaining({ board: 'b', decidedBy: 'plausibility' }),
    ]);
  });

  it('R19: that both keep to tell nothing', () => {
    const pair = PairHarness.started({ config: { fields: [{ ...LEVEL, max: 255 }] } });
    pair.boards.b.corrupt = () => 0x80;
    pair.input('x', 1);
    pair.run(60);
    expect(evidenceOf(pair, 'mismatch')).toEqual([expect.objectContaining({ decidedBy: 'nothing' })]);
  });
});

describe('self-tests', () => {
  const differing = (config: Partial<PairConfig> = {}) => {
    const pair = PairHarness.started({ config: { selfTests: true, ...config } });
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    return pair;
  };
  const slicesOf = (pair: PairHarness, board: 'a' | 'b') =>
    pair.links[board].sent.flatMap(({ message }) => (message.kind === 'selfTest' ? [message.slice] : []));

  it('R19: the backup is tested first; a bad one is wrong, and stays out until a person lets it in', () => {
    const pair = differing();
    pair.boards.b.selfTest = 'bad';
    pair.input('x', 1);
    pair.run(100);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([
      expect.objectContaining({ board: 'b', decidedBy: 'self-test', failedTest: 'ram', slice: 1, ramFaultAt: 77 }),
    ]);
    expect(pair.ledger.faultCodes()).toEqual(['judged-wrong', 'self-test-failed']);
    expect([slicesOf(pair, 'a'), slicesOf(pair, 'b')]).toEqual([[], [0, 1]]);
    pair.run(500);
    expect([pair.ledger.owner, pair.standingOf('b')]).toEqual(['a', 'kept-out']);
    expectPromises(pair);
  });

  it('R10, R19: then the primary, beside its work; a bad one loses the lease and stays out, after a restart too', () => {
    for (const killed of [false, true]) {
      const pair = differing();
      pair.boards.a.selfTest = 'bad';
      pair.input('x', 1);
      pair.runUntil(() => pair.ledger.owner === 'b');
      if (killed) {
        pair.killGateway();
        pair.startGateway();
      }
      pair.run(500);
      expect(evidenceOf(pair, 'judged-wrong')).toEqual([
        expect.objectContaining({ board: 'a', decidedBy: 'self-test', failedTest: 'ram' }),
      ]);
      expect([slicesOf(pair, 'a'), slicesOf(pair, 'b')]).toEqual([
        [0, 1],
        [0, 1, 2],
      ]);
      expect([pair.ledger.owner, pair.standingOf('a')]).toEqual(['b', 'kept-out']);
    }
  });

  it('R19: the primary answers inputs all the while', () => {
    const pair = differing();
    pair.links.b.toBoard.loses = ({ message }) => message.kind === 'selfTest';
    pair.input('x', 1);
    pair.runUntil(() => slicesOf(pair, 'b').length > 0);
    pair.inputs(3, 10);
    pair.run(60);
    expect(pair.upstream.answers).toHaveLength(4);
    expect(pair.ledger.faultCodes()).toEqual([]);
    expect(pair.isProtected).toBe(false);
  });

  it('R6, R19: take their time, in which the backup may fall behind; beyond a bound the policy decides', () => {
    const pair = differing({ maxLag: 2, maxPending: 64 });
    pair.links.b.toBoard.loses = ({ message }) => message.kind === 'selfTest';
    pair.input('x', 1);
    pair.runUntil(() => slicesOf(pair, 'b').length > 0);
    pair.inputs(12, 8);
    pair.run(110);
    expect(pair.ledger.faultCodes()).toEqual([]);
    pair.inputs(8, 8, 'j');
    pair.run(110);
    expect(evidenceOf(pair, 'mismatch')).toEqual([
      expect.objectContaining({ board: 'b', behind: 17, policy: 'alarm' }),
    ]);
    expect(pair.ledger.faultCodes()).toEqual(['mismatch']);
  });

  it.each([
    ['find nothing', 'well', 'board b well, board a well'],
    ['are not there', 'none', 'board b unanswered, board a unanswered'],
  ] as const)('R19: that %s leave the policy to decide', (_what, selfTest, told) => {
    const pair = differing();
    pair.boards.a.selfTest = selfTest;
    pair.boards.b.selfTest = selfTest;
    pair.input('x', 1);
    pair.run(800);
    expect(evidenceOf(pair, 'mismatch')).toEqual([
      expect.objectContaining({ board: 'b', decidedBy: 'nothing', selfTests: told, policy: 'alarm' }),
    ]);
    expect(pair.standingOf('b')).toBe('kept-out');
  });

  it('R14: a lost slice is asked for again, and one that is reported twice counts once', () => {
    const pair = differing();
    pair.boards.b.selfTest = 'bad';
    pair.links.b.toBoard.loseNext(({ message }) => message.kind === 'selfTest');
    pair.input('x', 1);
    pair.runUntil(() => slicesOf(pair, 'b').length === 2);
    const well = { last: false, flash: 'not-tested', ram: 'ok', ramFaultAt: null, cpu: 'ok' } as const;
    pair.forge('b', { kind: 'selfTestReport', slice: 0, ...well });
    pair.forge('b', { kind: 'selfTestReport', slice: 0, ...well });
    pair.forge('b', { kind: 'selfTestReport', slice: 7, ...well, ram: 'bad' });
    pair.run(200);
    expect(slicesOf(pair, 'b').slice(0, 3)).toEqual([0, 0, 1]);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([expect.objectContaining({ slice: 1 })]);
  });

  it('R19: are asked only where the third copy does not tell, and forgotten when the riddle is over', () => {
    const pair = ofThree({ selfTests: true });
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    pair.input('x', 1);
    pair.run(100);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([expect.objectContaining({ decidedBy: 'third-copy' })]);
    expect([slicesOf(pair, 'a'), slicesOf(pair, 'b')]).toEqual([[], []]);
  });

  it('R22: end with a primary that dies meanwhile: what was given out and differs stops the pair', () => {
    const pair = differing();
    pair.boards.b.selfTest = 'none';
    pair.input('x', 1);
    pair.runUntil(() => slicesOf(pair, 'b').length > 0);
    pair.cut('a');
    pair.run(300);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'mismatch', 'pair-stopped']);
    expect([...pair.pair.boards.values()].map(({ selfTest }) => selfTest)).toEqual([null, null]);
  });
});

describe('results within tolerance', () => {
  it('R16, R20: leave states that differ, which no probe is to call a mismatch', () => {
    const pair = PairHarness.started({ config: { fields: [{ ...LEVEL, tolerance: 3 }], probeEveryUs: 50_000 } });
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 2 : 0);
    pair.input('x', 1);
    pair.run(300);
    expect(pair.ledger.faultCodes()).toEqual([]);
    expect(pair.isProtected).toBe(true);
  });

  it('R8, R20: are a match; the ledger is told, and both boards act on their own', () => {
    const pair = PairHarness.started({ config: { fields: [{ ...LEVEL, tolerance: 3 }] } });
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 2 : 0);
    pair.input('x', 1);
    pair.run(100);
    expect([pair.boards.a.actedSeqs.length, pair.boards.b.actedSeqs.length]).toEqual([1, 1]);
    expect(pair.ledger.faultCodes()).toEqual([]);
    expect(pair.isProtected).toBe(true);
  });
});
