import { isHeldAlone } from '../input/agreement.js';
import { isQuiesced } from '../input/quiesce.js';
import type { StateChunk } from '../result/messages.js';
import { tellsLife } from '../state/board-abilities.js';
import type { Joining, StateImage } from '../state/board-state.js';
import type { PairState, Step } from '../state/pair-state.js';
import { followersOf, primaryOf } from '../state/roles.js';
import { giveState } from './convert-state.js';

/** R25: the state belongs to an input boundary: nothing is in work at the primary, and nothing is about to be. */
export function primaryPauses(step: Step): boolean {
  const { pair, atUs } = step;
  const primary = primaryOf(pair);
  if (primary.session.state !== 'open' || primary.work.exchanges.size > 0 || pair.findings.pending !== null)
    return false;
  return isQuiesced(pair, atUs) || !hasWorkForPrimary(pair);
}

/** Inputs that the primary could be given. */
export function hasWorkForPrimary(pair: PairState): boolean {
  if (isHeldAlone(pair)) return false;
  for (const input of pair.queue.inputs.values()) {
    if (input.recorded && !input.quarantined && !input.doneBy.has(pair.lease.owner)) return true;
  }
  return false;
}

export function startReading(step: Step, joining: Joining): void {
  joining.step = 'reading';
  joining.firstReading = null;
  joining.chunks = [];
  joining.done = 0;
  joining.of = 2 * (primaryOf(step.pair).session.hello?.stateBytes ?? 0);
  askForState(step, joining);
}

export function askForState(step: Step, joining: Joining): void {
  const primary = primaryOf(step.pair);
  joining.askedAtUs = step.atUs;
  const message = { kind: 'stateGet', offset: bytesOf(joining) } as const;
  step.effects.push({ type: 'send', board: primary.id, session: primary.session.number, message });
}

/** A chunk from the primary. Read twice and equal: a state that was read while it changed is none. */
export function primaryStateReceived(step: Step, chunk: StateChunk): void {
  const joiner = followersOf(step.pair).find((board) => board.membership.joining?.step === 'reading');
  const joining = joiner?.membership.joining ?? null;
  if (joiner === undefined || joining === null || chunk.busy || chunk.accepted) return;
  // A chunk that comes late may be of an earlier boundary, or of an earlier reading.
  const { executionCount } = primaryOf(step.pair).work;
  // What a board that tells no life has executed the core counts itself: nothing is under way while it pauses.
  const isOfNow = !tellsLife(step.pair) || chunk.executionCount === executionCount;
  if (!isOfNow || chunk.offset !== bytesOf(joining)) return;
  joining.chunks.push(chunk.data);
  joining.done += chunk.data.length;
  if (!chunk.last) {
    // A chunk without data that is not the last would be asked for without end.
    if (chunk.data.length > 0) askForState(step, joining);
    return;
  }
  const image = { ...imageOf(joining.chunks, chunk), executionCount };
  if (joining.firstReading !== null && !sameImage(joining.firstReading, image)) return startReading(step, joining);
  if (joining.firstReading !== null) return giveState(step, joiner, joining, image);
  joining.firstReading = image;
  joining.chunks = [];
  askForState(step, joining);
}

function bytesOf(joining: Joining): number {
  return joining.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

function imageOf(chunks: readonly Uint8Array[], last: StateChunk): StateImage {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { executionCount: last.executionCount, digest: last.digest, outputs: last.outputs, bytes };
}

function sameImage(one: StateImage, other: StateImage): boolean {
  return (
    one.executionCount === other.executionCount &&
    one.digest === other.digest &&
    sameNumbers(one.outputs, other.outputs) &&
    sameNumbers(one.bytes, other.bytes)
  );
}

function sameNumbers(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}
