import { hasActedOn } from '../state/board-abilities.js';
import type { BoardState, Work } from '../state/board-state.js';
import { noteFault } from '../state/fault-log.js';
import type { Input, PairState, Queue, Step } from '../state/pair-state.js';
import {
  behindOf,
  followersOf,
  isFollowing,
  isPlanned,
  isSuspected,
  otherOf,
  primaryOf,
  takesPart,
} from '../state/roles.js';
import { awaitsHold, isKeptBack, referenceOf } from './agreement.js';
import { recordAttempt } from './attempts.js';
import { finishIfOver } from './finish.js';
import { isInDoubt, takeCopiesForDone } from './in-doubt.js';
import { isQuiesced } from './quiesce.js';

/** Copies that a planned switchover waits for. */
const NEARLY_DRAINED = 4;

/** Gives each board what it may have now: the primary new inputs, the others copies of what the primary is done with. */
export function feed(step: Step): void {
  const { pair } = step;
  for (const { work } of pair.boards.values()) {
    if (work.waitsUntilUs !== null && step.atUs >= work.waitsUntilUs) work.waitsUntilUs = null;
  }
  if (pair.phase === 'serving' || isFarFromDrained(pair)) feedPrimary(step);
  else if (pair.phase === 'catching-up' || pair.phase === 'moving') feedTakeover(step);
  if (pair.phase === 'serving' || pair.phase === 'draining' || isCatchingUpWithBoth(pair)) {
    for (const follower of followersOf(pair)) feedFollower(step, follower);
  }
}

/** R26, R27: after a planned fence both boards are in the pair; what a lost tail held, both may have to come to. */
function isCatchingUpWithBoth({ phase, takeover }: PairState): boolean {
  return isPlanned(takeover) && (phase === 'catching-up' || phase === 'moving');
}

/**
 * R5, R26: before a switchover the primary goes on until the backup is nearly there; only the last few copies are waited
 * for.
 */
function isFarFromDrained(pair: PairState): boolean {
  return pair.phase === 'draining' && behindOf(pair, otherOf(pair)) > NEARLY_DRAINED;
}

function feedPrimary(step: Step): void {
  const { pair } = step;
  const primary = primaryOf(pair);
  // R12: an accused primary is given nothing, also while it is not yet known who could take over.
  if (pair.queue.inputs.size === 0 || primary.session.state !== 'open' || pair.findings.pending !== null) return;
  // Nothing fits beside a full window, and this is asked after every step: the inputs are not walked through for that.
  if (primary.work.exchanges.size >= windowOf(pair, primary) || hasSuspect(pair, primary)) return;
  const held = isQuiesced(pair, step.atUs);
  for (const input of inputsInOrder(pair, primary)) {
    // R25: what it has executed and waits to act on is what keeps it from its pause.
    if (held && !primary.work.toRecover.includes(input.seq)) continue;
    if (isKeptBack(pair, input, primary)) continue;
    // R22: what a board has died of is given alone, so that a second death is on one input and not on a window of them.
    if (isSuspect(input, primary.work) && isBusy(primary.work)) return;
    if (!hasRoom(pair, primary, input)) return;
    give(step, primary, input);
    if (isSuspect(input, primary.work)) return;
  }
}

/** What this board has executed in this life has not killed it: it is taken back with all the rest, in its order. */
function isSuspect(input: Input, work: Work): boolean {
  return input.attemptedBy.size > 0 && input.commit === null && !work.toRecover.includes(input.seq);
}

function hasSuspect(pair: PairState, board: BoardState): boolean {
  for (const seq of board.work.exchanges.keys()) {
    const input = pair.queue.inputs.get(seq);
    if (input !== undefined && isSuspect(input, board.work)) return true;
  }
  return false;
}

/**
 * R2, R3: a follower gets an input only when the primary is done with it, in the order of the primary's execution. Its
 * place in that order goes with the copy, so that several may be under way: a board whose copy was lost waits for it.
 */
function feedFollower(step: Step, follower: BoardState): void {
  const { pair } = step;
  if (!takesPart(follower) || follower.session.state !== 'open' || isSuspected(pair, follower)) return;
  if (follower.work.waitsUntilUs !== null) return;
  for (const seq of pair.queue.releaseOrder) {
    const input = pair.queue.inputs.get(seq);
    if (input === undefined || input.doneBy.has(follower.id) || follower.work.exchanges.has(seq)) continue;
    if (!isReleased(pair, input) || !hasRoom(pair, follower, input)) return;
    if (wasGivenBefore(pair, input, follower)) {
      takeCopiesForDone(step, follower, [input]);
      finishIfOver(step, input);
      continue;
    }
    // What the ledger lost with the host has no place in an order: one at a time.
    const hasPlace =
      positionOf(input, follower) > 0 &&
      [...follower.work.exchanges.keys()].every((given) => isPlaced(pair.queue, given, follower));
    if (!hasPlace && owesResult(follower.work)) return;
    give(step, follower, input);
  }
}

/** R31: it had it in its hands before it left the pair, and may have carried it out. */
function wasGivenBefore(pair: PairState, input: Input, follower: BoardState): boolean {
  return input.attemptedBy.has(follower.id) && isInDoubt(pair, input);
}

function isPlaced(queue: Queue, seq: number, board: BoardState): boolean {
  const input = queue.inputs.get(seq);
  return input === undefined || positionOf(input, board) > 0;
}

/** R3: the execution count that a copy must get: the committed one's; 0 for whoever executes it first. */
export function positionOf(input: Input, board: BoardState): number {
  const reference = referenceOf(input);
  return reference !== null && reference.board !== board.id ? reference.executionCount : 0;
}

function owesResult(work: Work): boolean {
  for (const exchange of work.exchanges.values()) {
    if (exchange.state === 'sent' || exchange.state === 'out-of-order') return true;
  }
  return false;
}

/** R2(a): the one condition under which a copy leaves the gate in normal running. */
function isReleased(pair: PairState, input: Input): boolean {
  if (input.doneBy.has(pair.lease.owner)) return true;
  const exchange = primaryOf(pair).work.exchanges.get(input.seq);
  if (exchange === undefined) return false;
  const { state } = exchange;
  // R2: where commits need both, the other copy is asked as soon as the primary has given its whole result.
  if (pair.config.commitNeeds === 'both')
    return state === 'awaiting-commit' || state === 'committed' || state === 'acted';
  return hasActedOn(pair, exchange);
}

/** R22: after the fence everything pending goes to the new primary one at a time, what was committed first. */
function feedTakeover(step: Step): void {
  const { pair } = step;
  const { takeover } = pair;
  const primary = primaryOf(pair);
  if (takeover === null || primary.session.state !== 'open' || isBusy(primary.work) || awaitsHold(pair)) return;
  if (primary.work.waitsUntilUs !== null) return;
  for (const input of inputsInOrder(pair, primary)) {
    if (!takeover.list.has(input.seq) || isKeptBack(pair, input, primary)) continue;
    if (!hasRoom(pair, primary, input)) return;
    if (input.commit === null) recordAttempt(step, primary, input);
    if (!takeover.given) {
      takeover.given = true;
      noteFault(step, takeover.faultId, 'first-input-given', { board: primary.id, input: input.seq });
    }
    give(step, primary, input);
    return;
  }
}

/**
 * What this board has not got yet: first what was committed or executed before, in that order, then what this board alone
 * has executed (R3), then the rest in seq order (R22).
 */
export function* inputsInOrder(pair: PairState, board: BoardState): Generator<Input> {
  const seen = new Set<number>();
  for (const order of [pair.queue.releaseOrder, board.work.toRecover]) {
    for (const seq of order) {
      if (seen.has(seq)) continue;
      const input = pair.queue.inputs.get(seq);
      seen.add(seq);
      if (input !== undefined && isDue(input, board)) yield input;
    }
  }
  for (const input of pair.queue.inputs.values()) if (!seen.has(input.seq) && isDue(input, board)) yield input;
}

function isDue(input: Input, board: BoardState): boolean {
  return input.recorded && !input.quarantined && !input.doneBy.has(board.id) && !board.work.exchanges.has(input.seq);
}

function isBusy(work: Work): boolean {
  for (const exchange of work.exchanges.values()) if (exchange.state !== 'acted') return true;
  return false;
}

/**
 * A board keeps its last `window` results, by seq: so what is in flight there, and what the ledger has not yet recorded
 * as done, never spans more than that: seq n + window is not sent before n is done, whether n has been sent or not. Nor
 * is more in flight than its receive buffer holds.
 */
function hasRoom(pair: PairState, board: BoardState, input: Input): boolean {
  const window = windowOf(pair, board);
  if (board.work.exchanges.size >= window || !fitsBuffer(pair, board, input)) return false;
  for (const seq of board.work.exchanges.keys()) if (input.seq - seq >= window) return false;
  // What has been executed once comes in the order of that execution, which kept to the window of either board.
  if (pair.queue.releaseOrder.includes(input.seq) || board.work.toRecover.includes(input.seq)) return true;
  for (const earlier of pair.queue.inputs.values()) {
    if (input.seq - earlier.seq >= window && !earlier.doneBy.has(board.id) && !earlier.quarantined) return false;
  }
  return true;
}

function fitsBuffer(pair: PairState, board: BoardState, input: Input): boolean {
  let bytes = exchangeBytes(pair, input);
  for (const exchange of board.work.exchanges.values()) {
    const other = pair.queue.inputs.get(exchange.seq);
    if (!hasActedOn(pair, exchange) && other !== undefined) bytes += exchangeBytes(pair, other);
  }
  return board.work.exchanges.size === 0 || bytes <= (board.session.hello?.rxBytes ?? 0);
}

function exchangeBytes({ config }: PairState, { payload, commit }: Input): number {
  return config.wire.exchangeBytes(payload.length, commit?.observed.length ?? 0);
}

export function windowOf(pair: PairState, board: BoardState): number {
  let announced = board.session.hello?.window ?? 1;
  if (board.id === pair.lease.owner) {
    // A follower gets the primary's order, which a smaller window of its own would not bear: an older seq that comes after
    // a newer one would be stale there.
    for (const follower of followersOf(pair)) {
      if (isFollowing(follower)) announced = Math.min(announced, follower.session.hello?.window ?? announced);
    }
  }
  return Math.max(1, Math.min(announced, pair.config.maxWindow));
}

function give(step: Step, board: BoardState, input: Input): void {
  const { pair, atUs } = step;
  pair.lastWorkUs = atUs;
  pair.counts.given++;
  board.work.lastGivenSeq = input.seq;
  board.work.highestGivenSeq = Math.max(board.work.highestGivenSeq, input.seq);
  board.work.exchanges.set(input.seq, {
    seq: input.seq,
    state: 'sent',
    spentUs: 0,
    legStartUs: atUs,
    repeats: 0,
    givenAtUs: atUs,
    result: null,
    asked: false,
  });
  sendInput(step, board, input);
}

/** On the harness's wire it begins anew after 49 days, and a sketch takes differences (docs/protocol.md). */
export function pairTimeOnWire({ config }: PairState, pairTimeMs: number): number {
  return pairTimeMs % config.wire.pairTimeSpanMs;
}

export function sendInput(step: Step, board: BoardState, input: Input): void {
  // R21: whoever repeats an execution computes with what the first one saw.
  const reference = referenceOf(input);
  const observed = reference !== null && reference.board !== board.id ? reference.observed : null;
  step.effects.push({
    type: 'send',
    board: board.id,
    session: board.session.number,
    message: {
      kind: 'input',
      seq: input.seq,
      probe: input.kind === 'probe',
      recall: input.kind === 'recovered',
      position: positionOf(input, board),
      pairTimeMs: pairTimeOnWire(step.pair, input.pairTimeMs),
      observed,
      payload: input.payload,
    },
  });
}
