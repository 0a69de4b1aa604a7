import type { Verdict } from './compare.js';
import { openFault } from './faults-of.js';
import type { CommitRow } from './ledger-rows.js';
import type { Result } from './messages.js';
import { type BoardState, boardOf, type Input, isEligible, otherOf, type Step } from './pair-state.js';
import { setAside, stopPair } from './standing.js';
import { declareFailed } from './takeover.js';

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
    committedBy: committed.board,
    committedResult: hex(committed),
    otherBoard: board.id,
    otherResult: hex(result),
    committedDigest: committed.digest,
    otherDigest: result.digest,
    policy: pair.config.onMismatch,
  };
  if (board.id === pair.owner) {
    // R22: the new owner computes something else than what was committed and given out: a person decides.
    openFault(step, 'mismatch', null, input.seq, evidence);
    return stopPair(step, 'mismatch at takeover', input.seq);
  }
  const primary = boardOf(pair, pair.owner);
  switch (pair.config.onMismatch) {
    case 'alarm':
      return setAside(step, board, 'mismatch', input.seq, evidence);
    case 'stop':
      openFault(step, 'mismatch', null, input.seq, evidence);
      return stopPair(step, 'the boards differ', input.seq);
    case 'switch': {
      if (!isEligible(otherOf(pair))) return setAside(step, board, 'mismatch', input.seq, evidence);
      // The policy is the arbiter: the ledger is told, so that its constraint lets the other hash pass (R8).
      step.effects.push({
        type: 'recordVerdict',
        seq: input.seq,
        board: board.id,
        hash: result.hash,
        verdict: 'arbitrated',
      });
      input.commit = {
        board: committed.board,
        epoch: committed.epoch,
        hash: result.hash,
        executionCount: committed.executionCount,
        digest: result.digest,
        parts: result.parts,
        observed: committed.observed,
      };
      return declareFailed(step, primary, 'mismatch', input.seq, evidence);
    }
  }
}

function hex(result: { readonly parts: readonly { readonly body: Uint8Array }[] }): string {
  return result.parts
    .map((part) => Array.from(part.body, (byte) => byte.toString(16).padStart(2, '0')).join(''))
    .join(' ');
}
