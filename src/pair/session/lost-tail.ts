import { createInput } from '../input/intake.js';
import { isOfThisLife, isTheSame } from '../input/used-seqs.js';
import type { Hello, Seq } from '../result/messages.js';
import type { BoardState } from '../state/board-state.js';
import { openFault } from '../state/fault-log.js';
import type { PairState, Queue, Step } from '../state/pair-state.js';
import { otherOf, primaryOf } from '../state/roles.js';

/**
 * R27: the ledger may have lost its tail: with the power of its host, with memory that stood in for its files, or by damage to
 * a file. What is gone only the boards know; here their HELLOs are held against what the ledger says.
 */

/** A board in the life that the ledger knows has executed, or acted on, what the ledger has nothing of: its tail is gone. */
export function noteLostTail(step: Step, boards: readonly BoardState[]): void {
  const { pair } = step;
  if (pair.start.tailWasLost || pair.start.freshLedger) return;
  for (const board of boards) {
    const { hello } = board.session;
    if (hello === null || hello.boot !== board.session.boot) continue;
    const beyond = hello.kept.find((seq, index) => isBeyondLedger(pair, seq, hasActedOn(hello, index)));
    if (beyond !== undefined) return tailIsLost(step, board, beyond);
  }
}

/**
 * Both have said HELLO at a start. R2: nobody gives a backup what its primary has not completed. Where it is ahead, it had
 * taken over, and its count may be all that says so.
 */
export function noteLostTakeover(step: Step): void {
  const { start } = step.pair;
  const primary = primaryOf(step.pair);
  const backup = otherOf(step.pair);
  const { hello } = primary.session;
  if (
    start.tailWasLost ||
    start.freshLedger ||
    hello === null ||
    hello.boot !== primary.session.boot ||
    !isAhead(backup, hello)
  )
    return;
  tailIsLost(step, backup, backup.session.hello?.kept.at(-1) ?? null);
}

function isBeyondLedger(pair: PairState, seq: Seq, isActed: boolean): boolean {
  const input = pair.queue.inputs.get(seq);
  // Nobody acts on what is not committed (R7).
  if (input !== undefined) return isActed && input.isEarlier && input.commit === null && input.kind !== 'recovered';
  return seq > pair.seqs.earlierThroughSeq && !isOfThisLife(pair.seqs, seq);
}

function tailIsLost(step: Step, board: BoardState, seq: Seq | null): void {
  const { pair } = step;
  pair.start.tailWasLost = true;
  // R25: what is lost may have held that the pair began anew.
  step.effects.push({ type: 'beginLine' });
  // A host that restarted is told as such, and has been allowed for from the beginning.
  if (pair.start.tailMayBeLost) return;
  pair.start.tailMayBeLost = true;
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
  const { hello } = board.session;
  if (!pair.start.tailMayBeLost || board.id !== pair.lease.owner || hello === null) return false;
  return isAhead(otherOf(pair), hello);
}

/** It is in sync, in the life the ledger knows, and has executed more than that. */
function isAhead({ membership, session: { hello, boot } }: BoardState, { executionCount }: Hello): boolean {
  if (membership.state !== 'in-sync' || hello === null || hello.failed || hello.boot !== boot) return false;
  // Of one that cannot tell its life it is not known what it has executed in it.
  if (hello.boot === null) return false;
  return hello.executionCount > executionCount;
}

function hasActedOn(hello: Hello, index: number): boolean {
  return (hello.actedBits & (1 << index)) !== 0;
}

/**
 * What the primary executed and still waits to act on is read back and recorded, so that it can go on. True: the backup does
 * not know all of it.
 */
export function recoverWhatTheLedgerLost(step: Step, primary: BoardState, other: BoardState): boolean {
  const { pair } = step;
  if (pair.seqs.nextSeq - 1 > pair.seqs.reservedThroughSeq) {
    step.effects.push({ type: 'reserveSeqs', throughSeq: pair.seqs.nextSeq - 1 });
  }
  const unknown = primary.session.hello === null ? [] : recoverWaiting(step, primary.session.hello);
  return (
    !isTheSame(primary, other) || unknown.length > 0 || waitingAndUnknown(pair.queue, other.session.hello).length > 0
  );
}

/** Each gets a row of its own; `kept` has its result. */
export function recoverWaiting(step: Step, hello: Hello): Seq[] {
  const { pair } = step;
  const unknown = waitingAndUnknown(pair.queue, hello);
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
  const unknown = waitingAndUnknown(pair.queue, hello);
  return unknown.some((seq) => !pair.start.tailMayBeLost || pair.queue.dropped.has(seq));
}

/** What a board executed and waits to act on, and the ledger does not know. */
function waitingAndUnknown(queue: Queue, hello: Hello | null): Seq[] {
  if (hello === null) return [];
  return hello.kept.filter((seq, index) => !hasActedOn(hello, index) && !queue.inputs.has(seq));
}
