import { recordMemberState } from '../membership/membership.js';
import type { Mismatch, Verdict } from '../result/compare.js';
import type { BoardState } from '../state/board-state.js';
import { noteFault } from '../state/fault-log.js';
import type { Input, PairState, Step } from '../state/pair-state.js';
import { isOnTrial, primaryOf } from '../state/roles.js';
import type { Trial, Update } from '../state/update-state.js';

/** More fields than these are not told apart. */
const MAX_FIELDS = 32;

/** A person has accepted what differs: it is about to become the primary. */
export function isAccepted(pair: PairState, board: BoardState): boolean {
  return isOnTrial(pair, board) && pair.update?.stage === 'switching' && board.session.state === 'open';
}

/** Its program lays its state out otherwise than that of the primary. */
export function hasOtherLayout(pair: PairState, { session: { hello } }: BoardState): boolean {
  const primary = primaryOf(pair).session.hello;
  if (hello === null || primary === null) return false;
  return hello.stateLayout !== primary.stateLayout || hello.stateBytes !== primary.stateBytes;
}

/** How many results a board that joins has to have compared. */
export function comparisonsOf(pair: PairState, board: BoardState): number {
  return isOnTrial(pair, board) ? (pair.update?.comparisons ?? 0) : pair.config.joinComparisons;
}

/** One more result of both programs for the same input. */
export function noteTrial({ pair }: Step, board: BoardState, input: Input, verdict: Verdict): void {
  const { update } = pair;
  if (update === null || input.kind === 'probe' || input.kind === 'recovered') return;
  const { trial } = update;
  trial.compared++;
  if (board.membership.joining !== null)
    board.membership.joining.done = Math.min(trial.compared, board.membership.joining.of);
  if (verdict.verdict === 'match') return;
  // Digests of two layouts say nothing about each other.
  if (verdict.where === 'state' && hasOtherLayout(pair, board)) return;
  trial.differing++;
  for (const one of differencesIn(verdict)) noteField(trial, input.seq, one.field, one.difference);
}

interface NamedDifference {
  readonly field: string;
  readonly difference: Mismatch['differences'][number] | null;
}

function differencesIn({ where, differences }: Mismatch): NamedDifference[] {
  if (differences.length > 0) return differences.map((difference) => ({ field: difference.field, difference }));
  return [{ field: where === 'state' ? 'state' : 'number of parts', difference: null }];
}

function noteField(trial: Trial, seq: number, field: string, difference: NamedDifference['difference']): void {
  const largest = distanceOf(difference);
  const known = trial.fields.get(field);
  if (known !== undefined) {
    known.times++;
    if (largest !== null && largest > (known.largest ?? -1)) known.largest = largest;
  } else if (trial.fields.size < MAX_FIELDS) {
    trial.fields.set(field, { times: 1, firstSeq: seq, first: difference, largest });
  } else {
    trial.others++;
  }
}

function distanceOf(difference: NamedDifference['difference']): number | null {
  if (difference === null || difference.committed === null || difference.other === null) return null;
  return Math.abs(difference.committed - difference.other);
}

/** R26: both boards have acted on everything: the accepted one is in the pair for as long as its fence needs. */
export function takeInAccepted(step: Step, board: BoardState): void {
  if (!isAccepted(step.pair, board)) return;
  takeIn(step, board, step.pair.update);
}

/** Its trial is over, and a person has accepted what came of it. */
export function takeIn(step: Step, board: BoardState, update: Update | null): void {
  board.membership.joining = null;
  board.membership.joinsInVain = 0;
  board.membership.leftBy = null;
  recordMemberState(step, board, 'in-sync');
  if (update === null) return;
  const { compared, differing, fields } = update.trial;
  const accepted = { board: board.id, compared, differing, fields: [...fields.keys()].join(', ') };
  noteFault(step, update.faultId, 'accepted', accepted);
}
