import type { Determination } from './determination.js';
import type { FaultDetail } from './effects.js';
import { emit } from './emission.js';
import { noteFault, openFault } from './faults-of.js';
import { finishAll } from './finish.js';
import { greet } from './greeting.js';
import { failJoining } from './join.js';
import type { InputRow } from './ledger-rows.js';
import type { BoardId, Seq } from './messages.js';
import {
  type BoardState,
  boardOf,
  type Exchange,
  isAccused,
  isEligible,
  isPlanned,
  isWanted,
  otherOf,
  ownerOf,
  type PairState,
  type Step,
  type Takeover,
} from './pair-state.js';
import { inputFromRow } from './restore.js';
import { giveUpSwitchover, noteExit, setAside, stopPair, takeOut } from './standing.js';
import { fencePlanned, newTakeover } from './switchover.js';

/** The decision that a board is not likely to deliver (R14, R15). For the primary it is the first step of a takeover. */
export function declareFailed(
  step: Step,
  board: BoardState,
  reason: Determination,
  seq: Seq | null,
  evidence: FaultDetail,
): void {
  const { pair } = step;
  if (pair.phase === 'stopped' || !isWanted(board)) return;
  if (board.joining !== null) return joinerFailed(step, board, reason, evidence);
  if (isAccused(pair, board)) return;
  if (pair.phase === 'fencing' && isPlanned(pair.takeover)) {
    // R12: whose lease it is the fence transaction tells; who is to be replaced by whom is decided then.
    board.session = 'closed';
    pair.takeover?.lost.push({ board: board.id, reason, seq, evidence });
    return;
  }
  // R10: from the fence on there is no way back and nobody else; only a link that is lost may return.
  const takesOver = board.id === pair.takeover?.to && !isPlanned(pair.takeover);
  if (takesOver && reason === 'unplugged') return giveUpOn(step, board, reason, seq, evidence);
  if (takesOver) return secondDeath(step, board, reason, evidence);
  if (board.id !== pair.owner) return setAside(step, board, reason, seq, evidence);
  const other = otherOf(pair);
  if (isEligible(other)) return fence(step, board, other, reason, seq, evidence);
  if (other.standing === 'in-sync' && other.linkUp && !other.mute) {
    // R10: a HELLO that is under way is waited for: it tells whether there is anybody to take over.
    pair.pending = { reason, seq, evidence };
    return;
  }
  giveUpOn(step, board, reason, seq, evidence);
}

/** R25: interrupted joins start clean. That a board which has been given nothing yet goes away again is no news. */
function joinerFailed(step: Step, board: BoardState, reason: Determination, evidence: FaultDetail): void {
  const hadNothing = board.joining !== null && board.joining.snapshot === null;
  failJoining(step, board, hadNothing && reason !== 'failed' ? null : { why: reason, ...evidence });
  if (reason === 'unplugged' && hadNothing) board.joinFromUs = step.atUs;
}

/** Called whenever a backup has become eligible, or has turned out not to be. */
export function decidePending(step: Step): void {
  const { pair } = step;
  const { pending } = pair;
  if (pending === null || pair.phase === 'starting') return;
  const other = otherOf(pair);
  if (isEligible(other)) {
    pair.pending = null;
    return fence(step, ownerOf(pair), other, pending.reason, pending.seq, pending.evidence);
  }
  if (other.standing === 'in-sync' && other.linkUp && !other.mute) return;
  pair.pending = null;
  giveUpOn(step, ownerOf(pair), pending.reason, pending.seq, pending.evidence);
}

/** R10: no fence without an eligible backup. A lost link may come back; after anything else the pair stops. */
function giveUpOn(step: Step, board: BoardState, reason: Determination, seq: Seq | null, evidence: FaultDetail): void {
  openFault(step, reason, board.id, seq, { ...evidence, backup: 'none that is in sync' });
  if (reason === 'unplugged') {
    step.pair.waitingForOwner = true;
    // It may be back already: then nobody has asked it yet.
    if (board.linkUp && board.session === 'closed') greet(step, board);
    return;
  }
  stopPair(step, `board ${board.id} failed (${reason}) and no backup is in sync`, seq);
}

/** R10: the fence first. It is the point of no return: from here a gateway only rolls forward. */
function fence(
  step: Step,
  from: BoardState,
  to: BoardState,
  reason: Determination,
  seq: Seq | null,
  evidence: FaultDetail,
): void {
  const { pair } = step;
  const faultId = openFault(step, reason, from.id, seq, evidence);
  giveUpSwitchover(step, `Board ${from.id} failed: board ${to.id} takes over.`);
  // A switchover whose new primary fails goes the way of any takeover, back to the old one.
  if (pair.takeover !== null) endOf(step, pair.takeover);
  noteFault(step, faultId, 'declared-failed', { board: from.id, reason, pending: pair.inputs.size });
  for (const exchange of from.exchanges.values()) noteAttempt(step, from, exchange);
  pair.phase = 'fencing';
  pair.waitingForOwner = false;
  pair.takeover = newTakeover(step, { faultId, from: from.id, to: to.id, reason, isReturn: false });
  step.effects.push({ type: 'recordFence', from: from.id, to: to.id, faultId, epoch: pair.epoch + 1, locksOut: true });
}

/** R22: what this board was at work on when it was accused is told durably, so that a second death on it is known as one. */
function noteAttempt(step: Step, board: BoardState, exchange: Exchange): void {
  const input = step.pair.inputs.get(exchange.seq);
  if (input === undefined || input.commit !== null) return;
  input.attemptedBy.add(board.id);
  step.effects.push({
    type: 'recordAttempt',
    board: board.id,
    session: board.sessionNumber,
    seq: exchange.seq,
  });
}

/** R12: the fence transaction itself says what was committed; what memory believed before does not count. */
export function fenceRecorded(step: Step, epoch: number, owner: BoardId, rows: readonly InputRow[]): void {
  const { pair } = step;
  const { takeover } = pair;
  pair.epoch = epoch;
  pair.owner = owner;
  if (takeover === null) return;
  if (owner !== takeover.to) {
    pair.takeover = null;
    return stopPair(step, `the ledger refused to give the lease to ${takeover.to}`, null);
  }
  const from = boardOf(pair, takeover.from);
  takeover.fencedAtUs = step.atUs;
  if (pair.phase !== 'stopped') pair.phase = 'catching-up';
  if (isPlanned(takeover)) return switchedOver(step, takeover);
  from.standing = 'locked-out';
  from.session = 'closed';
  from.leftBy = takeover.faultId;
  from.exchanges.clear();
  for (const row of rows) {
    const input = pair.inputs.get(row.seq);
    if (input === undefined) {
      pair.inputs.set(row.seq, inputFromRow(row, false));
      continue;
    }
    input.recorded = true;
    // What an arbiter decided stands; everything else is as the ledger has it.
    input.commit ??= row.commit;
    for (const board of row.doneBy) input.doneBy.add(board);
  }
  pair.releaseOrder = releaseOrderAtTakeover(pair);
  for (const input of pair.inputs.values()) {
    if (input.recorded && !input.doneBy.has(owner)) takeover.list.add(input.seq);
  }
  for (const seq of pair.releaseOrder) {
    const input = pair.inputs.get(seq);
    // What a board committed that was judged wrong is not given out: the new owner's result is.
    if (input !== undefined && (takeover.reason !== 'mismatch' || input.doneBy.has(owner))) emit(step, input);
  }
  noteFault(step, takeover.faultId, 'fenced', { lockedOut: from.id, epoch, pending: takeover.list.size });
  finishAll(step);
  continueTakeover(step);
}

/** R26: everything was done by both boards before the fence: only the relay is left to move. */
function switchedOver(step: Step, takeover: Takeover): void {
  noteFault(step, takeover.faultId, 'fenced', { lockedOut: null, epoch: step.pair.epoch, pending: 0 });
  for (const { board, reason, seq, evidence } of takeover.lost.splice(0)) {
    declareFailed(step, boardOf(step.pair, board), reason, seq, evidence);
  }
  continueTakeover(step);
}

/** R22: what was committed, in the order of its execution; then what was executed and never committed. */
function releaseOrderAtTakeover(pair: PairState): Seq[] {
  const committed = [...pair.inputs.values()]
    .filter((input) => input.commit !== null)
    .sort((a, b) => (a.commit?.executionCount ?? 0) - (b.commit?.executionCount ?? 0))
    .map((input) => input.seq);
  const executed = pair.releaseOrder.filter((seq) => pair.inputs.get(seq)?.commit === null);
  return [...committed, ...executed];
}

/** Called after every step of a takeover: moves the relay when it may, and ends when all is done. */
export function continueTakeover(step: Step): void {
  const { pair } = step;
  const { takeover } = pair;
  if (takeover === null || takeover.fencedAtUs === null || pair.phase === 'stopped') return;
  if (!takeover.relayCommanded && mayMove(pair, takeover, step.atUs)) {
    takeover.relayCommanded = true;
    noteFault(step, takeover.faultId, 'relay-commanded', { to: takeover.to, unfinished: committedLeft(pair) });
    step.effects.push({ type: 'moveRelay', to: takeover.to });
  }
  // R10: the relay rolls forward at once; the rest waits until it is known who is there.
  if (pair.phase === 'starting') return;
  pair.phase = takeover.relayCommanded && !takeover.relayMoved ? 'moving' : 'catching-up';
  if (takeover.relayMoved && takeover.list.size === 0) end(step, takeover);
}

/**
 * R10: at once when what is left to act on fits into the relay's own operate time; otherwise the new owner catches up
 * first, for a bounded time. So too when the old primary has restarted and its pins float: their level is the wiring's
 * own safe one, and a contact that closed on an older output would be a bump (docs/decisions.md).
 */
function mayMove(pair: PairState, takeover: Takeover, atUs: number): boolean {
  const left = committedLeft(pair);
  if (left === 0) return true;
  if (left * ownerOf(pair).slowestExchangeUs <= pair.config.relayOperateUs && ownerOf(pair).slowestExchangeUs > 0)
    return true;
  return takeover.fencedAtUs !== null && atUs >= takeover.fencedAtUs + pair.config.drainUs;
}

/** Committed results that the new owner has not acted on: its output is that much older than what the actuator saw. */
function committedLeft(pair: PairState): number {
  const owner = ownerOf(pair);
  let left = 0;
  for (const input of pair.inputs.values()) {
    if (input.commit === null || input.doneBy.has(owner.id) || input.commit.board === owner.id) continue;
    if (owner.exchanges.get(input.seq)?.state !== 'done') left++;
  }
  return left;
}

export function relayMoved(step: Step, to: BoardId, proved: boolean): void {
  const { takeover } = step.pair;
  if (takeover === null || !takeover.relayCommanded || takeover.relayMoved || to !== takeover.to) return;
  takeover.relayMoved = true;
  noteFault(step, takeover.faultId, 'relay-moved', { to, proved });
  sendDueViolation(step);
  continueTakeover(step);
}

/** R13: a relay that does not follow leaves nothing to do but to stop, with an alarm. */
export function relayStuck(step: Step, to: BoardId): void {
  const { takeover } = step.pair;
  openFault(step, 'relay-stuck', null, null, { to, takingOver: takeover !== null });
  // With nobody to hand over to, the primary that drives goes on; a person is told.
  if (takeover === null || to !== takeover.to) return;
  if (isPlanned(takeover) && !takeover.isReturn && isEligible(otherOf(step.pair))) {
    // R26: nobody has failed. The contact has not left the old primary: the lease goes back to it, forward in epochs.
    giveUpSwitchover(step, 'The relay does not follow.');
    endOf(step, takeover);
    return fencePlanned(step, takeover.to, takeover.from, true);
  }
  stopPair(step, 'the relay does not follow', null);
}

/** A fenced board asked for a commit and met the constraint: it learns so once its safe levels cannot reach the actuator. */
export function noteRefusedCommit(step: Step, board: BoardState, seq: Seq): void {
  if (board.standing !== 'locked-out') return;
  if (board.violationDueFor === null && board.leftBy !== null) {
    noteFault(step, board.leftBy, 'late-commit-refused', { board: board.id, input: seq });
  }
  board.violationDueFor = seq;
  sendDueViolation(step);
}

/** R10: VIOLATION waits until the move is proved or the settle time is over. */
function sendDueViolation(step: Step): void {
  const { pair } = step;
  if (pair.phase === 'stopped' || (pair.takeover !== null && !pair.takeover.relayMoved)) return;
  for (const board of pair.boards.values()) {
    const seq = board.violationDueFor;
    if (board.standing !== 'locked-out' || seq === null) continue;
    board.violationDueFor = null;
    if (board.leftBy !== null) noteFault(step, board.leftBy, 'violation-sent', { board: board.id, input: seq });
    step.effects.push({
      type: 'send',
      board: board.id,
      session: board.sessionNumber,
      message: { kind: 'violation', seq },
    });
  }
}

function end(step: Step, takeover: Takeover): void {
  const { pair } = step;
  const planned = isPlanned(takeover);
  noteFault(step, takeover.faultId, 'took-over', { primary: takeover.to, lockedOut: planned ? null : takeover.from });
  endOf(step, takeover);
  pair.phase = 'serving';
  pair.lastWorkUs = step.atUs;
  if (pair.switchover !== null) {
    const outcome = `Board ${takeover.to} is the primary now, board ${takeover.from} the backup.`;
    step.effects.push({ type: 'commandDone', ref: pair.switchover.ref, outcome });
    pair.switchover = null;
  }
  if (planned) return;
  const from = boardOf(pair, takeover.from);
  // Its late commits are to meet the constraint before it is asked to come back (R8).
  from.joinFromUs = step.atUs + pair.config.helloTimeoutUs / 3;
  // R19: it was judged wrong by a policy, not by evidence: only a person lets it come back.
  if (takeover.reason === 'mismatch') takeOut(step, from, 'kept-out');
  else noteExit(step, from);
}

function endOf(step: Step, takeover: Takeover): void {
  step.effects.push({ type: 'recordTakeoverEnded', faultId: takeover.faultId });
  step.pair.takeover = null;
}

/** R22: an input on which a second board dies is never given a third time; the pair stops for the operator. */
function secondDeath(step: Step, board: BoardState, reason: Determination, evidence: FaultDetail): void {
  const { pair } = step;
  openFault(step, reason, board.id, null, evidence);
  for (const exchange of board.exchanges.values()) {
    const input = pair.inputs.get(exchange.seq);
    if (exchange.state !== 'given' || input === undefined || input.attemptedBy.size < 2) continue;
    input.quarantined = true;
    step.effects.push({ type: 'quarantine', seq: input.seq });
    step.effects.push({ type: 'refuse', ref: input.ref, reason: 'quarantined' });
    openFault(step, 'input-quarantined', board.id, input.seq, { diedOnIt: [...input.attemptedBy].join(' and ') });
  }
  stopPair(step, `board ${board.id} failed (${reason}) while it took over`, null);
}
