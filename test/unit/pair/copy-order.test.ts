import { describe, expect, it } from 'vitest';
import type { CommandedBoard } from './fixture/commanded-board.js';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

/** Waits for three inputs, then takes them in the order 3, 1, 2. */
function scrambled(board: CommandedBoard): void {
  const started = new Set<number>();
  board.chooseNext = (queued) => {
    if (started.size === 0 && queued.length < 3) return null;
    const order = started.size === 0 ? queued[2] : queued[0];
    if (order !== undefined) started.add(order);
    return order ?? null;
  };
}

/** What becomes of the backup when a pair starts for the first time (R25). */
const coldStart = ['set-aside', 'joining', 'in-sync'];

describe('copying and order', () => {
  it('R2: every input runs on the primary and then on the backup; both act on it, and nothing is a fault', () => {
    const pair = PairHarness.started();
    pair.inputs(10, 20);
    pair.run(400);
    expect(pair.upstream.answers.map(({ ref }) => ref)).toEqual(Array.from({ length: 10 }, (_, n) => `i${n + 1}`));
    expect(pair.boards.b.executedSeqs).toEqual(pair.boards.a.executedSeqs);
    expect(pair.boards.b.actedSeqs).toEqual(pair.boards.a.actedSeqs);
    expect(pair.ledger.faults).toEqual([]);
    expectPromises(pair);
  });

  it('R2: the backup gets nothing of an input before the primary has said DONE', () => {
    const pair = PairHarness.started();
    pair.links.a.fromBoard.loses = ({ message }) => message.kind === 'done';
    pair.input('x', 1);
    pair.run(35);
    expect(pair.boards.a.actedSeqs).toHaveLength(1);
    expect(pair.links.b.sent.filter(({ message }) => message.kind === 'input')).toEqual([]);
    pair.links.a.fromBoard.loses = () => false;
    pair.run(100);
    expect(pair.boards.b.executedSeqs).toEqual(pair.boards.a.executedSeqs);
    expectPromises(pair);
  });

  it('R3: a primary with a window of 3 that executes 3, 1, 2 is copied in the order 3, 1, 2', () => {
    const pair = PairHarness.started({ window: 3 });
    scrambled(pair.boards.a);
    pair.inputs(3);
    pair.run(200);
    expect(pair.refsOf(pair.boards.a.executedSeqs)).toEqual(['i3', 'i1', 'i2']);
    expect(pair.refsOf(pair.boards.b.executedSeqs)).toEqual(['i3', 'i1', 'i2']);
    expect(pair.refsOf(pair.boards.b.actedSeqs)).toEqual(['i3', 'i1', 'i2']);
    expect(pair.ledger.faults).toEqual([]);
    expectPromises(pair);
  });

  it('R3: a lost RESULT leaves a gap in the execution count: nothing after it is committed before its repeat', () => {
    const pair = PairHarness.started({ window: 3 });
    scrambled(pair.boards.a);
    let first: number | null = null;
    pair.links.a.fromBoard.loseNext(({ message }) => {
      if (message.kind !== 'result') return false;
      first = message.seq;
      return true;
    });
    pair.inputs(3);
    pair.run(200);
    expect(pair.refsOf(first === null ? [] : [first])).toEqual(['i3']);
    const committed = pair.ledger.granted.filter((grant) => grant.first).map(({ seq }) => seq);
    expect(pair.refsOf(committed)).toEqual(['i3', 'i1', 'i2']);
    expect(pair.refsOf(pair.boards.b.executedSeqs)).toEqual(['i3', 'i1', 'i2']);
    expect(pair.ledger.owner).toBe('a');
    expectPromises(pair);
  });

  it('R3: with a gap that nothing fills the primary is silent for its deadline, not for ever', () => {
    const pair = PairHarness.started({ window: 2 });
    pair.inputs(2);
    pair.links.a.fromBoard.loses = ({ message }) =>
      message.kind === 'result' && pair.ledger.input(message.seq)?.ref === 'i1';
    pair.run(400);
    expect(pair.ledger.faultCodes()).toContain('silent');
    expect(pair.ledger.owner).toBe('b');
    expect(pair.answersTo('i2')).toHaveLength(1);
    expectPromises(pair);
  });

  it('R3: with a window of 3 a lost INPUT to the backup does not let a later copy run first', () => {
    const pair = PairHarness.started({ window: 3 });
    pair.links.b.toBoard.loseNext(({ message }) => message.kind === 'input');
    pair.inputs(3);
    pair.run(300);
    expect(pair.boards.b.executedSeqs).toEqual(pair.boards.a.executedSeqs);
    expect(pair.boards.b.executedSeqs).toHaveLength(3);
    expectPromises(pair);
  });

  it('R3: a backup with a smaller window than the primary still runs 2, 1, never finding 1 stale', () => {
    const pair = PairHarness.started({ windows: { a: 3, b: 2 } });
    pair.boards.a.chooseNext = (queued) => queued[queued.length - 1] ?? null;
    pair.inputs(9);
    pair.run(500);
    expect(pair.boards.b.executedSeqs).toEqual(pair.boards.a.executedSeqs);
    expect(pair.boards.b.executedSeqs).toHaveLength(9);
    expect(pair.ledger.faults).toEqual([]);
    expectPromises(pair);
  });

  it('R3: a backup whose receive buffer holds one input at a time still gets the order 3, 1, 2', () => {
    const pair = PairHarness.started({ window: 3, rxBytes: { a: 1024, b: 96 } });
    scrambled(pair.boards.a);
    pair.inputs(3);
    pair.run(300);
    expect(pair.refsOf(pair.boards.b.executedSeqs)).toEqual(['i3', 'i1', 'i2']);
    expectPromises(pair);
  });

  it('R5: a backup that is silent delays no answer of the primary', () => {
    const undisturbed = PairHarness.started();
    undisturbed.inputs(6, 10);
    undisturbed.run(300);
    const pair = PairHarness.started();
    pair.boards.b.halt();
    pair.inputs(6, 10);
    pair.run(300);
    const times = (harness: PairHarness) => harness.upstream.answers.map(({ ref, atUs }) => ({ ref, atUs }));
    expect(times(pair)).toEqual(times(undisturbed));
    expectPromises(pair);
  });

  it('R24: a backup that fails is set aside with an alarm, and the primary goes on', () => {
    const pair = PairHarness.started();
    pair.inputs(4, 15);
    pair.run(20);
    pair.boards.b.fail('state-corrupt');
    pair.run(300);
    expect(pair.ledger.faultCodes()).toEqual(['failed']);
    expect(pair.memberStatesOf('b')).toEqual([...coldStart, 'set-aside', 'joining', 'in-sync']);
    expect(pair.boards.b.resets).toBe(1);
    expect(pair.upstream.answers).toHaveLength(4);
    expect(pair.relay.commands).toEqual([]);
    expectPromises(pair);
  });

  it('R6: a backup that is more than max-lag behind is set aside, and the primary goes on', () => {
    const pair = PairHarness.started({ config: { maxLag: 2, deadlineUs: 2_000_000 } });
    pair.boards.b.slowDown(1_500_000);
    pair.inputs(6, 10);
    pair.run(300);
    expect(pair.ledger.faultCodes()).toEqual(['backup-behind']);
    expect(pair.memberStatesOf('b').slice(0, 4)).toEqual([...coldStart, 'set-aside']);
    expect(pair.upstream.answers).toHaveLength(6);
    expectPromises(pair);
  });

  it('R28: no message to a board names a role, a peer or the epoch', () => {
    const pair = PairHarness.started();
    pair.inputs(3, 10);
    pair.run(20);
    pair.boards.a.halt();
    pair.run(300);
    const fields = new Set<string>();
    for (const link of Object.values(pair.links)) {
      for (const { message } of link.sent) for (const field of Object.keys(message)) fields.add(field);
    }
    const exchange = ['kind', 'seq', 'hash', 'probe', 'recall', 'position', 'pairTimeMs', 'observed', 'payload'];
    const open = ['newSession', 'wasSession', 'boot', 'resume', 'nextSeq'];
    const state = ['executionCount', 'offset', 'last', 'outputs', 'data'];
    const known = new Set([...exchange, ...open, ...state]);
    expect([...exchange, ...open].filter((field) => !fields.has(field))).toEqual([]);
    expect([...fields].filter((field) => !known.has(field))).toEqual([]);
    // The same input is the same frame for either board, but for what the first has observed (R21) and the place that the
    // first has given it (R3).
    const inputs = (board: 'a' | 'b') =>
      pair.links[board].sent
        .filter(({ message }) => message.kind === 'input' && message.seq === pair.seqOf('i1'))
        .map(({ message }) => ({ ...message, observed: null, position: 0 }));
    expect(inputs('b')[0]).toEqual(inputs('a')[0]);
  });
});
