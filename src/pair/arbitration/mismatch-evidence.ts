import { differenceText, type Mismatch } from '../result/compare.js';
import type { CommitRow } from '../result/ledger-rows.js';
import type { BoardId, Result } from '../result/messages.js';
import type { FaultDetail } from '../state/effects.js';

/** What two answers to one input are and where they differ: in names and units where fields cover the place. */
export function mismatchEvidence(
  reference: CommitRow,
  otherBoard: BoardId,
  other: Result,
  { where, differences }: Mismatch,
): FaultDetail {
  return {
    differs: where,
    ...(differences.length === 0 ? {} : { differences: differenceText(differences, reference.board, otherBoard) }),
    committedBy: reference.board,
    committedResult: hex(reference),
    otherBoard,
    otherResult: hex(other),
    committedDigest: reference.digest,
    otherDigest: other.digest,
  };
}

export function hex(result: { readonly parts: readonly { readonly body: Uint8Array }[] }): string {
  return result.parts
    .map((part) => Array.from(part.body, (byte) => byte.toString(16).padStart(2, '0')).join(''))
    .join(' ');
}
