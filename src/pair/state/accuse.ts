import type { Seq } from '../result/messages.js';
import type { BoardState } from './board-state.js';
import type { FaultDetail } from './effects.js';
import type { FailureReason } from './failure-reason.js';
import type { PairState, Step } from './pair-state.js';

/**
 * Evidence is data: whoever comes upon it notes it here and goes on, and failover/declare-failed.ts alone acts on it, at its place
 * in `step`, in the order in which it was noted. Between the two nothing from that board counts any more (`isAccused`).
 */

/** This board is not likely to deliver (R14, R15). What that means, its place in the pair decides. */
export function accuse(
  step: Step,
  board: BoardState,
  reason: FailureReason,
  seq: Seq | null,
  evidence: FaultDetail,
): void {
  step.pair.findings.noted.push({ kind: 'accused', board: board.id, reason, seq, evidence });
}

/**
 * R25: this board cannot go on from where it is, and joins anew. `why`: what a person is told of a join that has failed;
 * null: it is nobody's fault, and no news. `again`: at once, or after a while that grows with each attempt in vain.
 */
export function leave(step: Step, board: BoardState, why: FaultDetail | null, again: 'at-once' | 'later'): void {
  step.pair.findings.noted.push({ kind: 'leaves', board: board.id, why, again });
}

/** Nothing safe is left to do by itself (R13, R22). The first reason is the one that is told. */
export function stop(step: Step, why: string, seq: Seq | null): void {
  step.pair.findings.noted.push({ kind: 'stop', why, seq });
}

/** It has been noted in this step that the pair stops. */
export function isAboutToStop({ findings: { noted } }: PairState): boolean {
  return noted.some(({ kind }) => kind === 'stop');
}
