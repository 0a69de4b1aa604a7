import type { Mismatch } from '../result/compare.js';
import type { CommitRow } from '../result/ledger-rows.js';
import type { Result } from '../result/messages.js';
import { leave, stop } from '../state/accuse.js';
import type { BoardState } from '../state/board-state.js';
import { isAccepted } from '../state/disputed-result.js';
import { openFault } from '../state/fault-log.js';
import type { Input, Step } from '../state/pair-state.js';
import { isThirdCopy } from '../state/roles.js';
import { decideFor, openDispute } from './arbitration.js';
import { mismatchEvidence, NOT_BOTH_THERE } from './mismatch-evidence.js';

const JOINING = { selfTests: 'not asked: a board that joins is given the state anew' };

/** R19: one of two is wrong, and nothing here says which: that is arbitrated. Nobody gets VIOLATION for it. */
export function reportMismatch(
  step: Step,
  board: BoardState,
  input: Input,
  reference: CommitRow,
  result: Result,
  verdict: Mismatch,
): void {
  const { pair } = step;
  if (board.membership.joining !== null) {
    const evidence = mismatchEvidence(pair, reference, board.id, result, verdict, JOINING);
    return leave(step, board, { why: 'mismatch', ...evidence }, 'later');
  }
  // The third copy's answer is looked at when there is a second one to hold it against (judgeThirdCopy).
  if (isThirdCopy(pair, board)) return;
  if (isAccepted(input, board) || wasJudgedWrong(step, reference)) {
    return decideFor(step, board, input, reference, result);
  }
  if (board.id === pair.lease.owner || pair.phase === 'fencing') {
    // R22: the new primary computes something else than what was committed and given out: a person decides.
    input.disputedResult = { board: board.id, accepted: false };
    const evidence = mismatchEvidence(pair, reference, board.id, result, verdict, NOT_BOTH_THERE);
    openFault(step, 'mismatch', null, input.seq, evidence);
    return stop(step, 'mismatch at takeover', input.seq);
  }
  openDispute(step, input, board, reference, result);
}

/** What the accused board had committed after the result that it was judged by comes from the same wrong state. */
function wasJudgedWrong(step: Step, committed: CommitRow): boolean {
  const { takeover } = step.pair;
  return takeover?.isDistrusted === true && committed.board === takeover.from;
}
