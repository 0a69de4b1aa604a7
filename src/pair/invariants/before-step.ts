import type { BoardId } from '../result/messages.js';
import type { BoardState } from '../state/board-state.js';
import type { PairState, Phase } from '../state/pair-state.js';

/** The few values of before a step that tell what it has changed: as many as there are boards, never as many as inputs. */
export interface BeforeStep {
  readonly phase: Phase;
  readonly epoch: number;
  readonly owner: BoardId;
  readonly nextSeq: number;
  readonly reservedThroughSeq: number;
  readonly lastPairTimeMs: number;
  readonly nextFaultId: number;
  readonly boards: readonly BoardBefore[];
}

interface BoardBefore {
  readonly id: BoardId;
  readonly isIn: boolean;
  readonly isReplaying: boolean;
  readonly isEligible: boolean;
  readonly isLockedOut: boolean;
}

export function beforeStep(pair: PairState): BeforeStep {
  const boards: BoardBefore[] = [];
  for (const board of pair.boards.values()) {
    boards.push({
      id: board.id,
      isIn: isIn(board),
      isReplaying: isReplaying(board),
      isEligible: isEligible(board),
      isLockedOut: isLockedOut(board),
    });
  }
  return {
    phase: pair.phase,
    epoch: pair.lease.epoch,
    owner: pair.lease.owner,
    nextSeq: pair.seqs.nextSeq,
    reservedThroughSeq: pair.seqs.reservedThroughSeq,
    lastPairTimeMs: pair.time.lastMs,
    nextFaultId: pair.faults.nextFaultId,
    boards,
  };
}

/** What a step asks for early in it holds for a board as it was then. */
export function wasOrIs(before: BeforeStep, board: BoardState, what: keyof typeof NOW): boolean {
  if (NOW[what](board)) return true;
  for (const known of before.boards) if (known.id === board.id) return known[what];
  return false;
}

/** In the pair, or on its way into it (R25). */
function isIn({ membership: { state: memberState, joining } }: BoardState): boolean {
  return memberState === 'in-sync' || memberState === 'joining' || joining !== null;
}

/** R25: given the ledger's history: all of it is committed and done long ago. */
function isReplaying({ membership: { joining } }: BoardState): boolean {
  return joining?.step === 'replaying';
}

/** R10: in sync, link open. */
function isEligible({ membership: { state: memberState }, session: { state: session } }: BoardState): boolean {
  return memberState === 'in-sync' && session === 'open';
}

function isLockedOut({ membership: { state: memberState } }: BoardState): boolean {
  return memberState === 'locked-out';
}

const NOW = { isIn, isReplaying, isEligible, isLockedOut } as const;
