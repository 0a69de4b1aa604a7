import { describe, expect, it } from 'vitest';
import { type HarnessOptions, PairHarness } from './fixture/pair-harness.js';

const DEADLY = 13;

/** A pair in which input 13 kills whoever executes it. */
function deadly(options: HarnessOptions = {}): PairHarness {
  const pair = PairHarness.started(options);
  for (const board of Object.values(pair.boards)) {
    board.onMoment = (moment, _seq, payload) => moment === 'executing' && payload[0] === DEADLY && board.halt();
  }
  return pair;
}

/** The primary works alone: its backup is gone, and does not come back. */
function alone(): PairHarness {
  const pair = deadly();
  pair.cut('b');
  pair.runUntil(() => pair.memberStateOf('b') === 'set-aside');
  return pair;
}

function deathsOf(pair: PairHarness): number {
  return pair.ledger.faults.filter(({ code }) => code === 'silent' || code === 'restarted').length;
}

describe('an input that has killed once', () => {
  it('R22: counts as a death where the link went with the board, and opening its port restarted it', () => {
    const pair = alone();
    pair.input('poison', DEADLY);
    pair.runUntil(() => pair.boards.a.mode === 'halted');
    pair.cut('a');
    pair.run(10);
    pair.reconnect('a', true);
    pair.runUntil(() => pair.ledger.stopped);
    pair.command({ command: 'resume' });
    pair.runUntil(() => pair.boards.a.mode === 'halted');
    pair.runUntil(() => pair.ledger.stopped);
    pair.run(5);
    expect(deathsOf(pair)).toBe(2);
    expect(pair.ledger.input(pair.seqOf('poison'))?.quarantined).toBe(true);
    pair.boards.a.restart();
    expect(pair.commands.get(pair.command({ command: 'resume' }))).toContain('refused: Quarantined');
  });

  it('R22: counts as a death where the pair had stopped for another reason before it was noticed', () => {
    const pair = alone();
    pair.input('poison', DEADLY);
    pair.runUntil(() => pair.boards.a.mode === 'halted');
    // Its link goes with it, and another board is plugged in there.
    pair.cut('a');
    pair.run(10);
    pair.boards.a.unit = 0xb;
    pair.boards.a.restart();
    pair.reconnect('a');
    pair.runUntil(() => pair.ledger.stopped);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'unplugged', 'boards-swapped', 'pair-stopped']);
    pair.cut('a');
    pair.run(10);
    pair.boards.a.unit = 0xa;
    pair.boards.a.restart();
    pair.reconnect('a');
    pair.run(10);
    pair.command({ command: 'resume' });
    pair.runUntil(() => pair.boards.a.mode === 'halted');
    pair.runUntil(() => pair.ledger.stopped);
    pair.run(5);
    expect(pair.ledger.input(pair.seqOf('poison'))?.quarantined).toBe(true);
    pair.boards.a.restart();
    expect(pair.commands.get(pair.command({ command: 'resume' }))).toContain('refused: Quarantined');
  });

  it('R22: counts again with a spare that has started as often as the board that it replaces', () => {
    const pair = alone();
    pair.input('poison', DEADLY);
    pair.runUntil(() => pair.ledger.stopped);
    pair.cut('a');
    pair.run(10);
    pair.boards.a.boot--;
    pair.boards.a.unit = 0xc;
    pair.boards.a.restart();
    pair.reconnect('a');
    pair.run(20);
    pair.command({ command: 'resume' });
    pair.runUntil(() => pair.boards.a.mode === 'halted');
    pair.runUntil(() => pair.ledger.stopped);
    pair.run(5);
    expect(pair.ledger.input(pair.seqOf('poison'))).toMatchObject({ quarantined: true, attemptedBy: ['a'] });
  });

  it('R22, R27: counts for the new owner of a takeover whose gateway died before the ledger had the attempt', () => {
    const pair = deadly();
    pair.input('poison', DEADLY);
    pair.runUntil(() => pair.ledger.fences.length === 1);
    pair.ledgerAnswers = false;
    pair.runUntil(() => pair.boards.b.mode === 'halted');
    pair.killGateway();
    pair.ledgerAnswers = true;
    expect(pair.ledger.input(pair.seqOf('poison'))?.attemptedBy).toEqual(['a']);
    pair.boards.b.restart();
    pair.run(20);
    pair.startGateway();
    pair.run(300);
    expect(pair.ledger.stopped).toBe(true);
    expect(pair.ledger.input(pair.seqOf('poison'))?.quarantined).toBe(true);
  });

  it('R22: counts where the pair had stopped for another reason before the second death was noticed', () => {
    const pair = deadly();
    pair.input('poison', DEADLY);
    pair.runUntil(() => pair.ledger.fences.length === 1);
    pair.relay.stuck = true;
    pair.runUntil(() => pair.boards.b.mode === 'halted');
    pair.post({ type: 'relayStuck', to: 'b' });
    pair.runUntil(() => pair.ledger.stopped);
    pair.relay.stuck = false;
    for (const board of Object.values(pair.boards)) board.restart();
    pair.run(20);
    pair.command({ command: 'resume' });
    pair.run(300);
    expect(pair.ledger.stopped).toBe(true);
    expect(pair.ledger.input(pair.seqOf('poison'))).toMatchObject({ quarantined: true, attemptedBy: ['a', 'b'] });
    expect(Object.values(pair.boards).map(({ mode }) => mode)).not.toContain('halted');
  });

  /** Board a is judged wrong while it has the deadly input in work; `dies` of it, or answers it late. */
  function judgedAtWork(dies: boolean, heldMs = 0): PairHarness {
    const pair = deadly({ window: 2, config: { onMismatch: 'switch' } });
    if (!dies) pair.boards.a.onMoment = () => undefined;
    pair.boards.a.corrupt = (seq) => (pair.ledger.input(seq)?.ref === 'wrong' ? 1 : 0);
    // The other's answer to the wrong one comes when the next is at work already.
    pair.boards.b.slowDown(15_000);
    pair.input('wrong', 1);
    pair.runUntil(() => pair.boards.a.actedSeqs.length === 1);
    if (!dies) pair.boards.a.slowDown(16_000);
    pair.input('poison', DEADLY);
    pair.runUntil(() => pair.pair.phase === 'fencing');
    pair.ledgerAnswers = false;
    pair.run(heldMs);
    pair.ledgerAnswers = true;
    pair.runUntil(() => pair.boards.b.mode === 'halted');
    pair.runUntil(() => pair.ledger.stopped);
    pair.run(5);
    expect(pair.ledger.faultCodes()).toContain('mismatch');
    return pair;
  }

  it('R22: counts where it kills a board that is judged wrong for another: nobody hears of that death', () => {
    const pair = judgedAtWork(true);
    expect(pair.boards.a.mode).toBe('halted');
    expect(pair.ledger.input(pair.seqOf('poison'))?.quarantined).toBe(true);
  });

  // With a ledger that answers late it says so while the fence is on its way.
  it.each([0, 2_000])(
    'R22: does not count where such a board has answered it since; the fence takes %i ms more',
    (ms) => {
      const pair = judgedAtWork(false, ms);
      expect(pair.boards.a.executedSeqs).toContain(pair.seqOf('poison'));
      expect(pair.ledger.input(pair.seqOf('poison'))?.quarantined).toBe(false);
    },
  );
});
