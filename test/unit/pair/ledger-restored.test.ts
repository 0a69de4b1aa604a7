import { describe, expect, it } from 'vitest';
import type { MemoryLedger } from './fixture/memory-ledger.js';
import { PairHarness } from './fixture/pair-harness.js';
import { WRITE } from './fixture/plain-board.js';

const MADE_AT = '2026-11-30T16:44:15.123Z';

/** What stands in a backup. */
function backupOf(ledger: MemoryLedger): (restored: MemoryLedger) => void {
  const { owner, epoch, reservedThroughSeq, stopped } = ledger;
  const journal = structuredClone(ledger.journal);
  return (restored) => {
    Object.assign(restored, {
      journal,
      owner,
      epoch,
      reservedThroughSeq,
      stopped,
      takeover: null,
      hostRestarted: true,
    });
    // src/ledger/copies: nobody's life is known, and nothing is in work.
    for (const row of restored.boards.values()) Object.assign(row, { standing: 'in-sync', boot: null });
    for (const [seq, input] of journal.inputs) if (!input.finished) journal.inputs.delete(seq);
    restored.facts.set('restored-from', MADE_AT);
  };
}

function executedTwice(pair: PairHarness): number[] {
  return [pair.boards.a, pair.boards.b].flatMap(({ executions }) => {
    const seqs = executions.map(({ seq }) => seq);
    return seqs.filter((seq, index) => seqs.indexOf(seq) !== index);
  });
}

describe('a ledger that was put back from a backup', () => {
  it('R1, R8, R25, R27: believes nobody: both boards begin anew, numbers go on above theirs, and it is told once', () => {
    const pair = PairHarness.started({ window: 2 });
    pair.inputs(3, 5, 'old');
    pair.run(100);
    const putBack = backupOf(pair.ledger);
    pair.inputs(40, 5, 'since');
    pair.run(600);
    pair.command({ command: 'switch' });
    pair.run(300);
    expect(pair.ledger.owner).toBe('b');
    pair.killGateway();
    putBack(pair.ledger);
    pair.startGateway();
    // Clients wait at the door.
    pair.inputs(3, 0, 'new');
    pair.run(1_500);
    expect(['new1', 'new2', 'new3'].map((ref) => pair.answersTo(ref).length)).toEqual([1, 1, 1]);
    expect(executedTwice(pair)).toEqual([]);
    expect(pair.ledger.faultCodes().filter((code) => code === 'ledger-restored')).toHaveLength(1);
    expect(pair.ledger.faults.find(({ code }) => code === 'ledger-restored')?.evidence['madeAt']).toBe(MADE_AT);
    expect(pair.memberStatesOf('b').slice(-3)).toEqual(['set-aside', 'joining', 'in-sync']);
    expect([pair.ledger.owner, pair.isProtected, pair.ledger.facts.get('restored-from')]).toEqual(['a', true, '']);
    expect(pair.ledger.complaints).toEqual([]);
  });

  it('R25: a gateway that is killed before it has heard a board begins as carefully again', () => {
    const pair = PairHarness.started({ window: 2 });
    pair.inputs(3, 5, 'old');
    pair.run(100);
    const putBack = backupOf(pair.ledger);
    pair.killGateway();
    putBack(pair.ledger);
    pair.startGateway();
    pair.killGateway();
    expect(pair.ledger.facts.get('restored-from')).toBe(MADE_AT);
    pair.startGateway();
    pair.run(1_500);
    expect(pair.memberStatesOf('b').slice(-3)).toEqual(['set-aside', 'joining', 'in-sync']);
    expect(pair.isProtected).toBe(true);
  });

  it('R24, R27: nothing is numbered before the other board was heard, or is known not to answer', () => {
    const pair = PairHarness.started({ window: 2 });
    pair.inputs(3, 5, 'old');
    pair.run(100);
    const putBack = backupOf(pair.ledger);
    pair.killGateway();
    putBack(pair.ledger);
    pair.boards.b.halt();
    const accepted = pair.upstream.accepted.length;
    pair.startGateway();
    pair.input('new', 3);
    pair.runUntil(() => pair.boards.a.session !== 0 && pair.pair.boards.get('a')?.session.hello !== null);
    expect(pair.upstream.accepted).toHaveLength(accepted);
    pair.run(2_000);
    expect(pair.answersTo('new')).toHaveLength(1);
    expect(pair.memberStateOf('b')).toBe('set-aside');
  });

  it('R25, R27: boards that cannot tell one life from another are not taken for those that they were', () => {
    const pair = PairHarness.plain();
    pair.input('w1', WRITE, 1);
    pair.run(200);
    const putBack = backupOf(pair.ledger);
    pair.input('w2', WRITE, 2);
    pair.run(200);
    pair.killGateway();
    putBack(pair.ledger);
    const before = pair.memberStatesOf('b').length;
    pair.startGateway();
    pair.run(2_000);
    expect(pair.memberStatesOf('b').slice(before)[0]).toBe('set-aside');
    // Nobody goes on as the one that the ledger speaks of: that it began anew is told.
    expect(pair.ledger.faultCodes()).toEqual(['ledger-restored', 'pair-restarted']);
  });
});
