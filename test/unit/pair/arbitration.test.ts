import { describe, expect, it } from 'vitest';
import { evidenceOf, LEVEL, ofThree, third, thirdMemberState } from './arbitration-kit.js';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

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
    expect([pair.memberStateOf('a'), pair.isProtected]).toEqual(['in-sync', true]);
    expect(pair.boards.a.level).toBe(pair.boards.b.level);
  });

  it.each([
    ['third-copy', {}, 'in-sync'],
    ['nothing', { thirdCopy: null, onMismatch: 'switch' }, 'kept-out'],
  ] as const)(
    'R10, R19: a gateway killed after the fence remembers who was judged wrong (by %s)',
    (_by, config, then) => {
      const pair = 'thirdCopy' in config ? PairHarness.started({ config }) : ofThree(config);
      pair.boards.a.corrupt = (seq) => (pair.refsOf([seq])[0] === 'i2' ? 0x40 : 0);
      pair.inputs(4, 10);
      pair.runUntil(() => pair.ledger.owner === 'b');
      pair.killGateway();
      pair.startGateway();
      pair.run(700);
      expect([pair.ledger.owner, pair.ledger.stopped, pair.memberStateOf('a')]).toEqual(['b', false, then]);
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
    expect(thirdMemberState(pair)).toBe('in-sync');
    expectPromises(pair);
  });

  it('R19: of which one joined behind an input leave it to the third copy and the primary', () => {
    const pair = ofThree({ thirdCopyDeadlineUs: 3_000_000, joinPatienceUs: 5_000 });
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
    expect([pair.ledger.owner, pair.memberStateOf('b')]).toEqual(['a', 'kept-out']);
  });

  it('R11, R19: nobody gets VIOLATION, and the primary goes on, while the third copy is waited for', () => {
    const pair = ofThree();
    third(pair).slowDown(100_000);
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'i1' ? 0x40 : 0);
    pair.inputs(4, 10);
    pair.run(70);
    expect(pair.upstream.answers).toHaveLength(4);
    expect(pair.isProtected).toBe(false);
    expect([pair.memberStateOf('b'), pair.ledger.faultCodes()]).toEqual(['in-sync', []]);
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
    const pair = ofThree({ thirdCopyDeadlineUs: 140_000 });
    third(pair).onMoment = (moment) => moment === 'input-arrived' && third(pair).slowDown(100_000);
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    pair.input('w', 1);
    pair.input('x', 2);
    pair.runUntil(() => pair.pair.comparison.dispute !== null);
    const sinceUs = pair.pair.comparison.dispute?.sinceUs ?? 0;
    pair.schedule.runUntil(sinceUs + 139_999);
    expect(pair.pair.comparison.dispute?.stage).toBe('third-copy');
    pair.schedule.runUntil(sinceUs + 140_000);
    expect(pair.pair.comparison.dispute).toBeNull();
    pair.run(1);
    expect(evidenceOf(pair, 'mismatch')).toEqual([
      expect.objectContaining({ board: 'b', decidedBy: 'nothing', policy: 'alarm' }),
    ]);
    // It had an input before to answer: it is late for this judgement, and in time by its own deadline.
    pair.run(200);
    expect([thirdMemberState(pair), pair.ledger.faultCodes()]).toEqual(['in-sync', ['mismatch']]);
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
        pair.runUntil(() => pair.pair.comparison.dispute !== null);
        expect(pair.pair.comparison.dispute?.stage).toBe('third-copy');
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
    const pair = ofThree({ onMismatch: 'switch', thirdCopyDeadlineUs: 100_000 });
    third(pair).halt();
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    pair.input('x', 1);
    pair.run(50);
    pair.cut('b');
    pair.run(200);
    expect(evidenceOf(pair, 'mismatch')).toEqual([expect.objectContaining({ board: 'b', policy: 'switch' })]);
    expect([pair.ledger.owner, pair.ledger.stopped, pair.memberStateOf('b')]).toEqual(['a', false, 'kept-out']);
  });

  it('R19: a third copy that goes silent while it is asked leaves the policy to decide', () => {
    const pair = ofThree({ thirdCopyDeadlineUs: 150_000 });
    third(pair).halt();
    pair.boards.b.corrupt = () => 0x40;
    pair.input('x', 1);
    pair.run(100);
    expect(pair.ledger.faultCodes()).toEqual([]);
    pair.run(200);
    expect(pair.ledger.faultCodes()).toContain('mismatch');
    expect(pair.memberStateOf('b')).toBe('kept-out');
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
    expect(pair.pair.comparison.dispute).not.toBeNull();
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
