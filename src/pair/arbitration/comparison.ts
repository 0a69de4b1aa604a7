import { isJudged, propose, referenceOf } from '../input/agreement.js';
import { verdictOn } from '../input/verdict-on.js';
import { noteTrial } from '../operator/trial.js';
import type { Result } from '../result/messages.js';
import { isAboutToStop, stop } from '../state/accuse.js';
import { tellsLife } from '../state/board-abilities.js';
import type { BoardState } from '../state/board-state.js';
import { openFault } from '../state/fault-log.js';
import type { Input, Step } from '../state/pair-state.js';
import { isAccused, isOnTrial, primaryOf } from '../state/roles.js';
import { reportMismatch } from './mismatch.js';
import { mismatchEvidence, NOT_BOTH_THERE } from './mismatch-evidence.js';
import { noteReadings } from './sensor-drift.js';

/** Called after every event: holds what boards have answered in it against what the primary has. */
export function compareAnswers(step: Step): void {
  const { pair } = step;
  for (const { board, input, result } of step.answers.splice(0)) {
    // What is behind the answer by which it leaves does not count.
    if (isAccused(pair, board)) continue;
    if (board.id === pair.lease.owner && input.commit === null) proposeAnswer(step, board, input, result);
    else compareAnswer(step, board, input, result);
  }
}

/**
 * The primary's answer to what is not committed. Where commits need both, the one before it may have answered too: then
 * they must agree, or a person decides (R22). Of a primary that was judged wrong nothing is left by then.
 */
function proposeAnswer(step: Step, board: BoardState, input: Input, result: Result): void {
  const { pair } = step;
  const { proposed } = input;
  if (proposed !== null && proposed.board !== board.id && isJudged(input, result)) {
    const verdict = verdictOn(pair, input, proposed, result);
    if (verdict.verdict === 'mismatch') {
      const evidence = mismatchEvidence(pair, proposed, board.id, result, verdict, NOT_BOTH_THERE);
      openFault(step, 'mismatch', null, input.seq, evidence);
      return stop(step, 'mismatch at takeover', input.seq);
    }
  }
  propose(pair, input, result);
}

/** R18: with what is committed; where commits need both, with what the primary would have committed. */
function compareAnswer(step: Step, board: BoardState, input: Input, result: Result): void {
  const reference = referenceOf(input);
  if (reference === null) return;
  if (!isJudged(input, result)) return;
  noteReadings(step, board, reference, result);
  const verdict = verdictOn(step.pair, input, reference, result);
  if (isOnTrial(step.pair, board)) return noteTrial(step, board, input, verdict);
  if (verdict.verdict === 'mismatch') return reportMismatch(step, board, input, reference, result, verdict);
  // R25: joining looks at how many there are.
  if (board.membership.joining?.step === 'comparing' && (tellsLife(step.pair) || tellsSomething(result)))
    board.membership.joining.done++;
}

/**
 * R25: where a board's state is only assumed to be the primary's, or was copied in part, an empty answer without a digest (to a question
 * whether it is there) says nothing: that it agrees is no evidence.
 */
function tellsSomething({ digest, parts }: Result): boolean {
  return digest !== null || parts.some(({ body }) => body.length > 0);
}

/**
 * R22: the new primary had executed copies that were never committed (commits needed both): they are its own now. What it
 * had answered otherwise than the old primary had committed is looked at again, now that it is known who was wrong.
 */
export function adoptAnswers(step: Step): void {
  const { pair } = step;
  const primary = primaryOf(pair);
  for (const exchange of [...primary.work.exchanges.values()]) {
    const input = pair.queue.inputs.get(exchange.seq);
    if (input === undefined || exchange.state !== 'awaiting-commit' || exchange.asked || exchange.result === null)
      continue;
    if (input.commit === null) proposeAnswer(step, primary, input, exchange.result);
    else compareAnswer(step, primary, input, exchange.result);
    if (isAboutToStop(pair)) return;
  }
}
