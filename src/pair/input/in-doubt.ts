import type { Seq } from '../result/messages.js';
import { mayGiveAgain } from '../state/board-abilities.js';
import type { BoardState } from '../state/board-state.js';
import type { FaultDetail } from '../state/effects.js';
import { noteDoubtInHistory } from '../state/facts/known-history.js';
import { openFault } from '../state/fault-log.js';
import type { Input, PairState, Step } from '../state/pair-state.js';
import { forget } from './finish.js';

/**
 * R31: what a board that cannot tell a repeat had in its hands when its gateway died, or its link was lost with nobody to take over, is in
 * doubt: it may have been carried out, and nobody can ask. It is never given again by itself: whoever waits for it is told so, and a fault
 * says which it was.
 */
export function giveUpInDoubt(
  step: Step,
  board: BoardState,
  inputs: readonly Input[],
  evidence: FaultDetail = {},
): void {
  if (inputs.length === 0) return;
  const told = inputs.filter(({ kind }) => kind !== 'probe');
  if (told.length > 0) {
    openInDoubt(step, board, told, { ...evidence, isCopy: false });
    noteDoubtInHistory(step);
  }
  for (const { seq, ref, kind } of inputs) {
    if (kind === 'probe') {
      step.effects.push({ type: 'dropInput', seq });
      forget(step.pair, seq);
      continue;
    }
    // As with what boards died of: the ref stays used, so that a client that sends again what was not answered does not do it twice.
    step.effects.push({ type: 'quarantine', seq }, { type: 'dropInput', seq });
    forget(step.pair, seq);
    if (kind !== 'input') continue;
    // R23: who has asked again meanwhile is told once.
    takeBack(step.pair, ref);
    step.effects.push({ type: 'refuse', ref, reason: 'in-doubt' });
  }
}

function takeBack({ queue: { unnumbered } }: PairState, ref: string): void {
  const again = unnumbered.findIndex((waiting) => waiting.kind === 'input' && waiting.ref === ref);
  if (again >= 0) unnumbered.splice(again, 1);
}

/** R31: copies that this board has been given, or may have been: they are answered, and whether it has carried them out nobody knows. */
export function takeCopiesForDone(
  step: Step,
  board: BoardState,
  inputs: readonly Input[],
  evidence: FaultDetail = {},
): void {
  if (inputs.length === 0) return;
  openInDoubt(step, board, inputs, { ...evidence, isCopy: true });
  for (const input of inputs) {
    input.doneBy.add(board.id);
    step.effects.push({ type: 'recordDone', board: board.id, seq: input.seq });
  }
}

/**
 * What the ledger leaves open: the first that a board was to be given, as many as its window. What of it was given, and what only waited,
 * the ledger does not know; what comes after it was not.
 */
export function maybeInHands(pair: PairState, order: Iterable<Input>, most: number): Input[] {
  const first: Input[] = [];
  for (const input of order) {
    if (first.length === most) break;
    first.push(input);
  }
  return first.filter((input) => isInDoubt(pair, input));
}

/** A probe does nothing; what a person wants tried again is tried (R22). */
export function isInDoubt(pair: PairState, input: Input): boolean {
  return input.kind !== 'probe' && !input.operatorRetries && !mayGiveAgain(pair, input);
}

function openInDoubt(step: Step, board: BoardState, inputs: readonly Input[], evidence: FaultDetail): void {
  const seqs: Seq[] = inputs.map(({ seq }) => seq);
  openFault(step, 'input-in-doubt', board.id, seqs[0] ?? null, { inDoubt: seqs.join(', '), ...evidence });
}
