import { describe, expect, it } from 'vitest';
import type { ResultEnding } from '../../../src/pair/result/messages.js';
import { PairHarness } from './fixture/pair-harness.js';
import { PLAIN_WIRE, type PlainBoard, READ, WRITE } from './fixture/plain-board.js';

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

describe('boards that cannot tell a repeat, with several inputs in their hands', () => {
  it('R3: what is answered behind an input without an answer waits, and is no copy for anybody before', () => {
    const pair = PairHarness.ofPlain({ maxWindow: 3 });
    pair.boards.a.window = 3;
    pair.boards.b.window = 3;
    pair.start();
    let first = true;
    pair.boards.a.whim = () => {
      const whim = first ? 'answer-lost' : 'answers';
      first = false;
      return whim;
    };
    for (const value of [1, 2, 3]) write(pair, value);
    pair.run(40);
    expect(writtenBy(pair, 'a')).toEqual([1, 2, 3].map((value) => `${WRITE},${value}`));
    expect(writtenBy(pair, 'b')).toEqual([]);
    pair.runUntil(() => pair.ledger.owner === 'b');
    pair.run(200);
    expect(writtenBy(pair, 'b')).toEqual([1, 2, 3].map((value) => `${WRITE},${value}`));
    expect(answered(pair, 'w1', 'w2', 'w3')).toEqual([1, 1, 1]);
    const seqs = ['w1', 'w2', 'w3'].map((ref) => pair.seqOf(ref)).join(', ');
    expect(pair.ledger.faults.find(({ code }) => code === 'silent')?.evidence['mayHaveCarriedOut']).toBe(seqs);
  });

  it('R31: what a board had in its hands when it failed is no copy for it when it has joined again', () => {
    const pair = PairHarness.plain({ commitNeeds: 'both', ifAlone: 'hold' });
    pair.boards.a.whim = () => 'answer-lost';
    write(pair, 1);
    pair.runUntil(() => pair.ledger.owner === 'b');
    pair.boards.a.whim = () => 'answers';
    pair.run(500);
    expect(writtenBy(pair, 'a')).toEqual([`${WRITE},1`]);
    expect(writtenBy(pair, 'b')).toEqual([`${WRITE},1`]);
    expect(answered(pair, 'w1')).toEqual([1]);
  });
});

describe('ends of an input that are no result of their own', () => {
  const ends = (pair: Pair, board: 'a' | 'b', ending: ResultEnding, times = 1): void => {
    let left = times;
    pair.boards[board].whim = (payload) => (payload[0] === WRITE && left-- > 0 ? ending : 'answers');
  };

  it.each(['primary', 'both'] as const)(
    'what the primary did not take is answered, and copied to nobody (%s)',
    (commitNeeds) => {
      const pair = PairHarness.plain({ commitNeeds });
      ends(pair, 'a', 'not-taken');
      write(pair, 1);
      write(pair, 2);
      pair.run(200);
      expect(pair.answersTo('w1').map(({ body }) => body)).toEqual(['128,6']);
      expect(writtenBy(pair, 'a')).toEqual([`${WRITE},2`]);
      expect(writtenBy(pair, 'b')).toEqual([`${WRITE},2`]);
      expect(pair.pair.queue.inputs.size).toBe(0);
      expect(pair.ledger.faultCodes()).toEqual([]);
      expect(pair.isProtected).toBe(true);
      expect(complaints(pair)).toEqual([]);
    },
  );

  it('R31: a copy that the backup did not take is given to it again, and is no difference', () => {
    const pair = PairHarness.plain();
    ends(pair, 'b', 'not-taken', 2);
    write(pair, 1);
    write(pair, 2);
    pair.run(300);
    expect(writtenBy(pair, 'b')).toEqual([`${WRITE},1`, `${WRITE},2`]);
    expect(pair.ledger.faultCodes()).toEqual([]);
    expect(pair.isProtected).toBe(true);
  });

  it('R24: a backup that takes no copy at all is set aside, and the primary never waits for it', () => {
    const pair = PairHarness.plain();
    ends(pair, 'b', 'not-taken', 1_000);
    write(pair, 1);
    write(pair, 2);
    pair.runUntil(() => pair.upstream.answers.length === 2, 60);
    pair.run(500);
    expect(pair.ledger.faultCodes()).toContain('failed');
    expect(pair.ledger.owner).toBe('a');
  });

  it('R18: an input that is not finished is copied, and its end is not judged', () => {
    const pair = PairHarness.plain();
    ends(pair, 'b', 'unfinished');
    write(pair, 1);
    pair.run(100);
    ends(pair, 'a', 'unfinished');
    write(pair, 2);
    pair.run(100);
    expect(writtenBy(pair, 'b')).toEqual([`${WRITE},1`, `${WRITE},2`]);
    expect(pair.answersTo('w2').map(({ body }) => body)).toEqual(['128,5']);
    expect(pair.ledger.faultCodes()).toEqual([]);
    expect(pair.ledger.refused).toEqual([]);
    expect(pair.isProtected).toBe(true);
  });

  it('R25, R31: what a board itself is in doubt of is passed on and told, and the pair is compared before it is protected', () => {
    const pair = PairHarness.ofPlain({ joinComparisons: 2 });
    pair.startGateway();
    pair.run(100);
    pair.input('r1', READ);
    pair.input('r2', READ);
    pair.runUntil(() => pair.isProtected);
    ends(pair, 'a', 'in-doubt');
    write(pair, 1);
    pair.run(100);
    expect(pair.answersTo('w1').map(({ body }) => body)).toEqual(['128,4']);
    expect(pair.ledger.faultCodes()).toEqual(['input-in-doubt']);
    expect(writtenBy(pair, 'b')).toEqual([]);
    expect(pair.isProtected).toBe(false);
    pair.input('r3', READ);
    pair.run(200);
    // What the one carried out and the other has not had shows before the pair counts as protected.
    expect(pair.isProtected).toBe(false);
    expect(pair.ledger.faultCodes()).toContain('joining-failed');
  });

  it('R2: what the primary says unasked is passed on, and what the backup says is not', () => {
    const pair = PairHarness.plain();
    pair.boards.a.say({ kind: 'said', body: Uint8Array.of(1) });
    pair.boards.b.say({ kind: 'said', body: Uint8Array.of(2) });
    pair.run(20);
    expect(pair.upstream.passedOn).toEqual(['1']);
  });

  it('R14: where an answer may take minutes, a sign of life is enough, and silence is not', () => {
    const unbounded = { ...PLAIN_WIRE, abilities: { ...PLAIN_WIRE.abilities, bounded: false } };
    const pair = PairHarness.plain({ wire: unbounded });
    pair.boards.a.executeUs = 400_000;
    write(pair, 1);
    for (let at = 0; at < 10; at++) {
      pair.boards.a.say({ kind: 'alive' });
      pair.run(40);
    }
    pair.run(50);
    expect(pair.ledger.owner).toBe('a');
    expect(answered(pair, 'w1')).toEqual([1]);
    write(pair, 2);
    pair.run(100);
    expect(pair.ledger.owner).toBe('b');
  });
});

describe('boards that tell no life', () => {
  it('R16: are asked how they are while they work, too: nobody upstream may ask for what shows that one has restarted', () => {
    const pair = PairHarness.plain({ probeEveryUs: 30_000 });
    // There is always something in work.
    for (const board of ['a', 'b'] as const) pair.boards[board].executeUs = 8_000;
    const before = pair.counts.get('probes') ?? 0;
    for (let round = 0; round < 60; round++) {
      write(pair, round);
      pair.run(9);
    }
    const probes = (pair.counts.get('probes') ?? 0) - before;
    // About one every 30 ms of 540, behind what is in work; none for each input.
    expect(probes).toBeGreaterThan(5);
    expect(probes).toBeLessThan(20);
    pair.run(800);
    expect(answered(pair, ...Array.from({ length: 60 }, (_, round) => `w${round}`))).toEqual(Array(60).fill(1));
    expect(pair.ledger.faultCodes()).toEqual([]);
    expect(complaints(pair)).toEqual([]);
  });

  it('R25: a board that can be given no state joins as it is, and is protected only after so many answers agree', () => {
    const pair = PairHarness.ofPlain({ joinComparisons: 3, probeEveryUs: 30_000 });
    for (const board of [pair.boards.a, pair.boards.b]) board.isWatched = false;
    pair.startGateway();
    pair.run(300);
    expect(pair.isProtected).toBe(false);
    expect(pair.pair.boards.get('b')?.membership.joining).toMatchObject({ isStateAssumed: true, done: 0, of: 3 });
    pair.input('r1', READ);
    pair.input('r2', READ);
    pair.run(100);
    expect(pair.isProtected).toBe(false);
    pair.input('r3', READ);
    pair.run(100);
    expect(pair.isProtected).toBe(true);
    expect(complaints(pair)).toEqual([]);
  });

  it('R25: a board whose registers can be written is given those of the primary at a pause, and compared then', () => {
    const wire = { ...PLAIN_WIRE, abilities: { ...PLAIN_WIRE.abilities, state: true } };
    const pair = PairHarness.ofPlain({ wire, joinComparisons: 2, joinSettleUs: 300_000 });
    for (const board of [pair.boards.a, pair.boards.b]) board.givesState = true;
    pair.boards.a.answered = 40;
    pair.boards.b.alter();
    pair.startGateway();
    for (const value of [1, 2, 3]) write(pair, value);
    pair.run(100);
    pair.input('r1', READ);
    pair.input('r2', READ);
    pair.run(100);
    expect(pair.joinStepOf('b')).toBe('comparing');
    expect(pair.isProtected).toBe(false);
    pair.run(300);
    expect(pair.isProtected).toBe(true);
    expect(pair.boards.b.level).toBe(pair.boards.a.level);
    expect(pair.ledger.faultCodes()).toEqual([]);
    expect(complaints(pair)).toEqual([]);
  });

  it('R15: a board that says outside of its session who it is has begun anew', () => {
    const pair = PairHarness.plain();
    write(pair, 1);
    pair.run(50);
    pair.boards.a.restart(true);
    pair.runUntil(() => pair.ledger.owner === 'b');
    expect(pair.ledger.faultCodes()).toContain('restarted');
  });

  it('R18: a backup that restarted without a word is found by what it answers', () => {
    const pair = PairHarness.plain();
    write(pair, 1);
    pair.run(50);
    pair.boards.b.restart();
    pair.input('r', READ);
    pair.run(50);
    expect(pair.ledger.faultCodes()).toEqual(['mismatch']);
    expect(answered(pair, 'r')).toEqual([1]);
  });

  it('R27: both are taken back after a restart of the gateway, and the order goes on where it was', () => {
    const pair = PairHarness.plain();
    write(pair, 1);
    pair.run(50);
    pair.killGateway();
    pair.startGateway();
    pair.run(50);
    expect(pair.isProtected).toBe(true);
    write(pair, 2);
    pair.run(50);
    expect(pair.memberStatesOf('b').slice(-1)).toEqual(['in-sync']);
    expect(pair.ledger.journal.line).toBe(1);
    expect(pair.ledger.faultCodes()).toEqual(['gateway-restarted']);
    expect(writtenBy(pair, 'b')).toEqual(writtenBy(pair, 'a'));
  });

  it('R26: a switchover goes as with any boards', () => {
    const pair = PairHarness.plain();
    write(pair, 1);
    const ref = pair.command({ command: 'switch' });
    pair.runUntil(() => pair.commands.has(ref));
    write(pair, 2);
    pair.run(100);
    expect(pair.ledger.owner).toBe('b');
    expect(writtenBy(pair, 'a')).toEqual(writtenBy(pair, 'b'));
    expect(pair.isProtected).toBe(true);
  });
});

describe('boards that the configuration spares', () => {
  const PULSE = 9;

  it('R31: a write that must not happen twice is not given to the other board: it is in doubt, and the pair goes on', () => {
    const wire = { ...PLAIN_WIRE, isPulse: (payload: Uint8Array) => payload[1] === PULSE };
    const pair = PairHarness.plain({ wire });
    write(pair, 1);
    pair.run(50);
    pair.boards.a.whim = () => 'answer-lost';
    write(pair, PULSE);
    pair.runUntil(() => pair.ledger.owner === 'b');
    pair.run(200);
    expect(writtenBy(pair, 'a')).toEqual([`${WRITE},1`, `${WRITE},${PULSE}`]);
    expect(writtenBy(pair, 'b')).toEqual([`${WRITE},1`]);
    expect(pair.upstream.refused).toEqual([{ ref: `w${PULSE}`, reason: 'in-doubt' }]);
    expect(pair.ledger.faults).toContainEqual(
      expect.objectContaining({ code: 'input-in-doubt', board: 'a', seq: pair.seqOf(`w${PULSE}`) }),
    );
    const silent = pair.ledger.faults.find(({ code }) => code === 'silent');
    expect(silent?.evidence).not.toHaveProperty('mayHaveCarriedOut');
    write(pair, 2);
    pair.run(100);
    expect(answered(pair, 'w2')).toEqual([1]);
    // Over a restart of the gateway it stays so.
    pair.killGateway();
    pair.startGateway();
    pair.run(300);
    expect(writtenBy(pair, 'b')).toEqual([`${WRITE},1`, `${WRITE},2`]);
    expect(complaints(pair)).toEqual([]);
  });

  it('R2: what is only read the other board is not given, and commits that need both do not wait for it', () => {
    for (const commitNeeds of ['primary', 'both'] as const) {
      const wire = { ...PLAIN_WIRE, isReadAlone: (payload: Uint8Array) => payload[0] === READ };
      const pair = PairHarness.plain({ wire, commitNeeds });
      const before = pair.boards.b.executions.length;
      pair.input('r', READ);
      pair.run(50);
      expect(answered(pair, 'r')).toEqual([1]);
      expect(pair.boards.b.executions).toHaveLength(before);
      write(pair, 1);
      pair.run(100);
      expect(writtenBy(pair, 'b')).toEqual([`${WRITE},1`]);
      expect(answered(pair, 'w1')).toEqual([1]);
      // What it has not answered goes to the other one all the same.
      pair.boards.a.halt();
      pair.input('r2', READ);
      pair.runUntil(() => pair.ledger.owner === 'b');
      pair.run(200);
      expect(answered(pair, 'r2')).toEqual([1]);
    }
  });
});
