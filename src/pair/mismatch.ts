import { requestCommit } from './commit-request.js';
import type { Verdict } from './compare.js';
import { declareFailed } from './declare-failed.js';
import { differenceText } from './difference-text.js';
import type { FaultDetail } from './effects.js';
import { openFault } from './faults-of.js';
import { failJoining } from './join.js';
import type { CommitRow } from './ledger-rows.js';
import type { BoardId, Result } from './messages.js';
import { type BoardState, type Input, ownerOf, type Step } from './pair-state.js';
import { setAside, stopPair } from './standing.js';

/**
 * R19: one of two is wrong, and nothing here says which. (Plausibility, the third copy and self-tests will be asked at
 * this place, before the policy.) Nobody gets VIOLATION for it.
 */
export function reportMismatch(
  step: Step,
  board: BoardState,
  input: Input,
  committed: CommitRow,
  result: Result,
  verdict: Extract<Verdict, { verdict: 'mismatch' }>,
): void {
  const { pair } = step;
  const evidence = {
    differs: verdict.where,
    ...differencesOf(verdict, committed.board, board.id),
    committedBy: committed.board,
    committedResult: hex(committed),
    otherBoard: board.id,
    otherResult: hex(result),
    committedDigest: committed.digest,
    otherDigest: result.digest,
    policy: pair.config.onMismatch,
  };
  if (board.joining !== null) return failJoining(step, board, { why: 'mismatch', ...evidence });
  if (wasJudgedWrong(step, committed)) return decideFor(step, board, input, committed, result);
  if (board.id === pair.owner || pair.phase === 'fencing') {
    // R22: the new owner computes something else than what was committed and given out: a person decides.
    openFault(step, 'mismatch', null, input.seq, evidence);
    return stopPair(step, 'mismatch at takeover', input.seq);
  }
  switch (pair.config.onMismatch) {
    case 'alarm':
      return setAside(step, board, 'mismatch', input.seq, evidence);
    case 'stop':
      openFault(step, 'mismatch', null, input.seq, evidence);
      return stopPair(step, 'the boards differ', input.seq);
    case 'switch':
      decideFor(step, board, input, committed, result);
      return declareFailed(step, ownerOf(pair), 'mismatch', input.seq, evidence);
  }
}

/** What the accused board had committed after the result that it was judged by comes from the same wrong state. */
function wasJudgedWrong(step: Step, committed: CommitRow): boolean {
  const { takeover } = step.pair;
  return takeover !== null && takeover.reason === 'mismatch' && committed.board === takeover.from;
}

/** The policy is the arbiter: the ledger is told, so that its constraint lets the other hash pass (R8). */
function decideFor(step: Step, board: BoardState, input: Input, committed: CommitRow, result: Result): void {
  const { hash, digest, parts } = result;
  step.effects.push({ type: 'recordVerdict', seq: input.seq, board: board.id, hash, verdict: 'arbitrated' });
  input.commit = { ...committed, hash, digest, parts };
  requestCommit(step, board, step.pair.epoch, result);
}

/** In names and units, where the bodies differ. */
function differencesOf(
  { differences }: Extract<Verdict, { verdict: 'mismatch' }>,
  committedBy: BoardId,
  other: BoardId,
): FaultDetail {
  return differences.length === 0 ? {} : { differences: differenceText(differences, committedBy, other) };
}

function hex(result: { readonly parts: readonly { readonly body: Uint8Array }[] }): string {
  return result.parts
    .map((part) => Array.from(part.body, (byte) => byte.toString(16).padStart(2, '0')).join(''))
    .join(' ');
}
