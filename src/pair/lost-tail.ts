import { leave } from './accuse.js';
import type { BoardState } from './board-state.js';
import { count, openFault } from './faults-of.js';
import { forget } from './finish.js';
import { createInput } from './intake.js';
import type { Hello, Seq } from './messages.js';
import type { Input, PairState, Step } from './pair-state.js';
import { followersOf, isFollowing, isWitness, otherOf, ownerOf } from './roles.js';

/**
 * R27: the ledger may have lost its tail: with the power of its host, with memory that stood in for its files, or by damage to
 * a file. What is gone only the boards know; here their HELLOs are held against what the ledger says.
 */

/** R1: no number that a board may have been given is given again. Of a ledger that is new no board has been given any. */
export function keepAboveUsedSeqs(pair: PairState): void {
  const used = highestUsedSeq(pair);
  if (pair.start.freshLedger || used < pair.seqs.nextSeq) return;
  if (pair.seqs.nextSeq === pair.seqs.numbersFromSeq) pair.seqs.numbersFromSeq = used + 1;
  pair.seqs.nextSeq = used + 1;
}

/**
 * The highest seq that a board may have been given by an earlier life of the gateway. Also one whose life the ledger does not
 * know: that may be what is lost.
 */
function highestUsedSeq(pair: PairState): Seq {
  let highest = 0;
  for (const {
    session: { hello, helloSession },
  } of pair.boards.values()) {
    if (hello === null || helloSession === 0 || hello.kept.length === 0) continue;
    const highestKept = Math.max(...hello.kept);
    // What is sent never spans more than the board's window (feed.ts): so far ahead of what it has executed it may have been given one.
    if (!isOfThisLife(pair, highestKept)) highest = Math.max(highest, highestKept + hello.window);
  }
  return highest;
}

function isOfThisLife(pair: PairState, seq: Seq): boolean {
  return seq >= pair.seqs.numbersFromSeq && seq < pair.seqs.nextSeq;
}

/** A board in the life that the ledger knows has executed, or acted on, what the ledger has nothing of: its tail is gone. */
export function noteLostTail(step: Step, boards: readonly BoardState[]): void {
  const { pair } = step;
  if (pair.start.tailMayBeLost || pair.start.tailWasLost || pair.start.freshLedger) return;
  for (const board of boards) {
    const { hello } = board.session;
    if (hello === null || hello.boot !== board.session.boot) continue;
    const beyond = hello.kept.find((seq, index) => isBeyondLedger(pair, seq, hasActedOn(hello, index)));
    if (beyond !== undefined) return tailIsLost(step, board, beyond);
  }
}

function isBeyondLedger(pair: PairState, seq: Seq, isActed: boolean): boolean {
  const input = pair.queue.inputs.get(seq);
  // Nobody acts on what is not committed (R7).
  if (input !== undefined) return isActed && input.isEarlier && input.commit === null && input.kind !== 'recovered';
  return seq > pair.seqs.earlierThroughSeq && !isOfThisLife(pair, seq);
}

function tailIsLost(step: Step, board: BoardState, seq: Seq): void {
  const { pair } = step;
  pair.start.tailMayBeLost = true;
  pair.start.tailWasLost = true;
  for (const input of pair.queue.inputs.values()) {
    if (!input.isEarlier) continue;
    input.tailLost = true;
    // R23: it may have been answered, and the ledger have lost that.
    input.restored = true;
    // R26: that both boards had acted on it before a planned fence may be lost as well.
    pair.takeover?.list.add(input.seq);
  }
  pair.time.baseMs = Math.max(pair.time.baseMs, pair.time.reservedMs + 1);
  openFault(step, 'ledger-tail-lost', null, null, {
    toldBy: board.id,
    executed: seq,
    ledgerThrough: pair.seqs.earlierThroughSeq,
  });
}

/**
 * R2: a backup is never ahead of its primary. Where it is, it had taken over, and that is lost with the tail: who has executed
 * less does not lead again (R10).
 */
export function isBehindItsBackup(pair: PairState, board: BoardState): boolean {
  const other = otherOf(pair);
  if (!pair.start.tailMayBeLost || board.id !== pair.lease.owner || other.membership.standing !== 'in-sync')
    return false;
  if (
    board.session.hello === null ||
    other.session.hello === null ||
    other.session.hello.failed ||
    other.session.hello.boot !== other.session.boot
  )
    return false;
  return other.session.hello.executionCount > board.session.hello.executionCount;
}

function hasActedOn(hello: Hello, index: number): boolean {
  return (hello.actedBits & (1 << index)) !== 0;
}

/**
 * What the primary executed and still waits to act on is read back and recorded, so that it can go on. True: the backup does
 * not know all of it.
 */
export function takeBackWhatTheLedgerLost(step: Step, owner: BoardState, other: BoardState): boolean {
  const { pair } = step;
  if (pair.seqs.nextSeq - 1 > pair.seqs.reservedThroughSeq) {
    step.effects.push({ type: 'reserveSeqs', throughSeq: pair.seqs.nextSeq - 1 });
  }
  const unknown = owner.session.hello === null ? [] : recoverWaiting(step, owner.session.hello);
  return !isTheSame(owner, other) || unknown.length > 0 || waitingAndUnknown(pair, other.session.hello).length > 0;
}

/** Each gets a row of its own; `kept` has its result. */
export function recoverWaiting(step: Step, hello: Hello): Seq[] {
  const { pair } = step;
  const unknown = waitingAndUnknown(pair, hello);
  for (const seq of unknown) {
    const recovered = {
      ref: `recovered:${seq}`,
      kind: 'recovered',
      payload: new Uint8Array(0),
      isAccepted: true,
    } as const;
    createInput(step, recovered, seq);
    pair.takeover?.list.add(seq);
  }
  // They are older than what may have arrived meanwhile, and inputs are kept in seq order.
  const inOrder = [...pair.queue.inputs].sort(([one], [another]) => one - another);
  pair.queue.inputs.clear();
  for (const [seq, input] of inOrder) pair.queue.inputs.set(seq, input);
  return unknown;
}

/** Where the ledger may have lost its tail, what is unknown may be of it; what a person has just dropped is not. */
export function hasExecutedDropped(pair: PairState, hello: Hello): boolean {
  const unknown = waitingAndUnknown(pair, hello);
  return unknown.some((seq) => !pair.start.tailMayBeLost || pair.queue.dropped.has(seq));
}

/** What a board executed and waits to act on, and the ledger does not know. */
function waitingAndUnknown(pair: PairState, hello: Hello | null): Seq[] {
  if (hello === null) return [];
  return hello.kept.filter((seq, index) => !hasActedOn(hello, index) && !pair.queue.inputs.has(seq));
}

/**
 * R1: a board calls a seq stale that was given out in this life of the gateway, and boards had been given as high ones before it:
 * the number was used for something else, by a life of the gateway that nothing is left of.
 */
export function wasUsedBefore(pair: PairState, input: Input): boolean {
  return !input.isEarlier && input.kind !== 'recovered' && input.seq <= highestUsedSeq(pair);
}

/** R1: nobody is to blame, and nothing is lost: the input gets a number that no board has seen. */
export function numberWasUsed(step: Step, board: BoardState, input: Input): void {
  const { pair } = step;
  count(step, 'stale-frames', board.id);
  if (board.id !== pair.lease.owner) return leave(step, board, null, 'later');
  const { seq, ref, kind, payload, isAccepted } = input;
  board.work.exchanges.delete(seq);
  forget(pair, seq);
  // The ledger drops what a board has done (schema 2); the ref may be recorded again.
  step.effects.push({ type: 'recordDone', board: board.id, seq }, { type: 'dropInput', seq });
  keepAboveUsedSeqs(pair);
  pair.queue.unnumbered.unshift({ ref, kind, payload, isAccepted });
}

/**
 * R2: the primary acted on it long ago, and what came of it is lost. Whoever has been given the primary's state has that in it, and
 * so has who was taken back with the same state; for anybody else it would be a new input.
 */
export function shareWithFollowers(step: Step, input: Input): void {
  const { pair } = step;
  for (const follower of followersOf(pair)) {
    if (!isFollowing(follower) || input.doneBy.has(follower.id) || follower.work.exchanges.has(input.seq)) continue;
    if (follower.session.resume && !isTheSame(ownerOf(pair), follower)) {
      leave(step, follower, null, 'later');
      continue;
    }
    input.doneBy.add(follower.id);
    if (!isWitness(pair, follower)) step.effects.push({ type: 'recordDone', board: follower.id, seq: input.seq });
  }
}

/** When each was opened. */
function isTheSame({ session: { hello: one } }: BoardState, { session: { hello: other } }: BoardState): boolean {
  return one?.executionCount === other?.executionCount && one?.digest === other?.digest;
}
