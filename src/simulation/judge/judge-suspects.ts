import type { PairEffect } from '../../pair/state/effects.js';
import type { Input } from '../../pair/state/pair-state.js';
import type { BoardName } from '../world/world.js';
import type { Observations } from './observations.js';

/** R22: what is given now may be a suspect only where nothing is in work, and anything else only where no suspect is. */
export function judgeAlone(observations: Observations, effect: PairEffect): void {
  const { suspects } = observations;
  if (effect.type === 'recordAttempt') suspects.attempted.add(effect.seq);
  // A person says that nobody has died of it.
  if (effect.type === 'releaseInput') suspects.attempted.delete(effect.seq);
  if (effect.type !== 'send') return;
  const { board, session, message } = effect;
  if (board !== observations.owner) {
    if (message.kind === 'input') suspects.copied.add(copyOf(board, session, message.seq));
    return;
  }
  if (message.kind === 'open') suspects.inWork.clear();
  // What it was given as a copy, before it led, may be said again.
  if (message.kind !== 'input' || suspects.copied.has(copyOf(board, session, message.seq))) return;
  given(observations, board as BoardName, message.seq);
}

function copyOf(board: string, session: number, seq: number): string {
  return `${board} ${session} ${seq}`;
}

function given(observations: Observations, board: BoardName, seq: number): void {
  const { inWork } = observations.suspects;
  const life = `${board} ${observations.world.boards[board].life}`;
  for (const [other, itsLife] of inWork)
    if (itsLife !== life || observations.hasDone(board, 'acted', other)) inWork.delete(other);
  if (inWork.has(seq)) return;
  for (const other of inWork.keys()) {
    if (!isSuspect(observations, board, seq) && !isSuspect(observations, board, other)) continue;
    // R27: of what it calls stale, because a ledger lost that it is over, it has done nothing in this life.
    if (observations.tailLost) continue;
    observations.breaks('suspectsGoAlone', `board ${board} was given seq ${seq} while it was at work on seq ${other}`);
  }
  inWork.set(seq, life);
}

/** What this board has executed in this life has not killed it. */
function isSuspect(observations: Observations, board: BoardName, seq: number): boolean {
  const isCommitted = observations.inputs.get(seq)?.hash != null;
  return observations.suspects.attempted.has(seq) && !isCommitted && !observations.hasDone(board, 'executed', seq);
}

/** A gateway that is killed before the ledger has an attempt forgets it; what the ledger has counts from here on. */
export function forgetUnwrittenAttempts({ suspects }: Observations, inputs: Iterable<Input>): void {
  suspects.inWork.clear();
  suspects.attempted.clear();
  for (const { seq, attemptedBy } of inputs) if (attemptedBy.size > 0) suspects.attempted.add(seq);
}
