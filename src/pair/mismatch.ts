import { isAboutToStop, leave, stop } from './accuse.js';
import { propose, referenceOf } from './agreement.js';
import { decideFor, openRiddle } from './arbitration.js';
import type { BoardState } from './board-state.js';
import { compareResults, type Mismatch } from './compare.js';
import { isJudgement } from './determination.js';
import { isAccepted } from './dispute.js';
import { openFault } from './faults-of.js';
import { noteComparison } from './join.js';
import type { CommitRow } from './ledger-rows.js';
import type { Result } from './messages.js';
import { mismatchEvidence } from './mismatch-evidence.js';
import type { Input, Step } from './pair-state.js';
import { isWitness, ownerOf } from './roles.js';
import { noteReadings } from './sensor-drift.js';
import { isOnTrial, noteTrial } from './trial.js';

/**
 * The primary's answer to what is not committed. Where commits need both, the one before it may have answered too: then
 * they must agree, or a person decides (R22). Of a primary that was judged wrong nothing is left by then.
 */
export function proposeAnswer(step: Step, board: BoardState, input: Input, result: Result): void {
  const { pair } = step;
  const { proposed } = input;
  if (proposed !== null && proposed.board !== board.id) {
    const verdict = compareResults(proposed, result, pair.config.fields);
    if (verdict.verdict === 'mismatch') {
      openFault(step, 'mismatch', null, input.seq, mismatchEvidence(proposed, board.id, result, verdict));
      return stop(step, 'mismatch at takeover', input.seq);
    }
  }
  propose(pair, input, result);
}

/** R18: with what is committed; where commits need both, with what the primary would have committed. */
export function compareAnswer(step: Step, board: BoardState, input: Input, result: Result): void {
  const reference = referenceOf(input);
  if (reference === null) return;
  noteReadings(step, board, reference, result);
  const verdict = compareResults(reference, result, step.pair.config.fields);
  if (isOnTrial(step.pair, board)) return noteTrial(step, board, input, verdict);
  if (verdict.verdict === 'mismatch') return reportMismatch(step, board, input, reference, result, verdict);
  noteComparison(step, board);
}

/** R19: one of two is wrong, and nothing here says which: that is arbitrated. Nobody gets VIOLATION for it. */
function reportMismatch(
  step: Step,
  board: BoardState,
  input: Input,
  reference: CommitRow,
  result: Result,
  verdict: Mismatch,
): void {
  const { pair } = step;
  if (board.joining !== null) {
    const evidence = mismatchEvidence(reference, board.id, result, verdict);
    return leave(step, board, { why: 'mismatch', ...evidence }, 'later');
  }
  // The third copy's answer is looked at when there is a second one to hold it against (judgeWitness).
  if (isWitness(pair, board)) return;
  if (isAccepted(input, board) || wasJudgedWrong(step, reference)) {
    return decideFor(step, board, input, reference, result);
  }
  if (board.id === pair.owner || pair.phase === 'fencing') {
    // R22: the new owner computes something else than what was committed and given out: a person decides.
    input.dispute = { board: board.id, accepted: false };
    openFault(step, 'mismatch', null, input.seq, mismatchEvidence(reference, board.id, result, verdict));
    return stop(step, 'mismatch at takeover', input.seq);
  }
  openRiddle(step, input, board, reference, result);
}

/** What the accused board had committed after the result that it was judged by comes from the same wrong state. */
function wasJudgedWrong(step: Step, committed: CommitRow): boolean {
  const { takeover } = step.pair;
  return takeover !== null && isJudgement(takeover.reason) && committed.board === takeover.from;
}

/**
 * R22: the new owner had executed copies that were never committed (commits needed both): they are its own now. What it
 * had answered otherwise than the old owner had committed is looked at again, now that it is known who was wrong.
 */
export function adoptAnswers(step: Step): void {
  const { pair } = step;
  const owner = ownerOf(pair);
  for (const exchange of [...owner.exchanges.values()]) {
    const input = pair.inputs.get(exchange.seq);
    if (input === undefined || exchange.state !== 'deciding' || exchange.asked || exchange.result === null) continue;
    if (input.commit === null) proposeAnswer(step, owner, input, exchange.result);
    else compareAnswer(step, owner, input, exchange.result);
    if (isAboutToStop(pair)) return;
  }
}
