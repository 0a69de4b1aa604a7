import { isRejected } from '../../values/rejection.js';
import { differenceText, type Mismatch } from '../result/compare.js';
import type { CommitRow } from '../result/ledger-rows.js';
import type { BoardId, Result } from '../result/messages.js';
import type { FaultDetail } from '../state/effects.js';
import type { PairState } from '../state/pair-state.js';

/** What was found out about two results that differ. */
export type Arbitrated = FaultDetail & { readonly selfTests: string };

/** Of a takeover: the board whose result stands has left. */
export const NOT_BOTH_THERE = { selfTests: 'not asked: one of the two is no longer in the pair' };

/**
 * What two answers to one input are and where they differ: in names and units where fields cover the place. And what a person
 * looks at first: whether both boards run the same, and what they said of themselves when they were asked to test it.
 * @param found what told who is wrong, and what the boards' self-tests said, or why they were not asked
 */
export function mismatchEvidence(
  pair: PairState,
  reference: CommitRow,
  otherBoard: BoardId,
  other: Result,
  { where, differences }: Mismatch,
  found: Arbitrated,
): FaultDetail {
  return {
    differs: where,
    ...(differences.length === 0 ? {} : { differences: differenceText(differences, reference.board, otherBoard) }),
    committedBy: reference.board,
    committedResult: hex(reference),
    ...(isRejected(reference.parts) ? { committedRejected: true } : {}),
    otherBoard,
    otherResult: hex(other),
    ...(isRejected(other.parts) ? { otherRejected: true } : {}),
    committedDigest: reference.digest,
    otherDigest: other.digest,
    ...stateBytesOf(pair, reference.board),
    committedImage: imageOf(pair, reference.board),
    otherImage: imageOf(pair, otherBoard),
    ...found,
  };
}

/** Null: nobody has heard what it runs, in this life of the gateway. */
function imageOf(pair: PairState, board: BoardId): number | null {
  return pair.boards.get(board)?.session.hello?.imageHash ?? null;
}

/** What the two digests are of; nothing where the board cannot tell. */
function stateBytesOf(pair: PairState, board: BoardId): FaultDetail {
  const stateBytes = pair.boards.get(board)?.session.hello?.stateBytes;
  return stateBytes === undefined ? {} : { stateBytes };
}

export function hex(result: { readonly parts: readonly { readonly body: Uint8Array }[] }): string {
  return result.parts
    .map((part) => Array.from(part.body, (byte) => byte.toString(16).padStart(2, '0')).join(''))
    .join(' ');
}
