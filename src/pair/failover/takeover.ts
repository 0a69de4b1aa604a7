import { adoptAnswers } from '../arbitration/comparison.js';
import { isKeptBack } from '../input/agreement.js';
import { emit, sendUnsentAnswers } from '../input/answer.js';
import { finishAll } from '../input/finish.js';
import { endTakeover, fencePlanned, takeLease } from '../membership/lease.js';
import { dismissThirdCopy, giveUpSwitchover, noteExit, notePermanent, takeOut } from '../membership/membership.js';
import { restartThroughReset } from '../membership/reset-lines.js';
import type { InputRow } from '../result/ledger-rows.js';
import type { BoardId, Seq } from '../result/messages.js';
import { relaySwitched } from '../session/switching-transient.js';
import { accuse, leave, stop } from '../state/accuse.js';
import { hasActedOn } from '../state/board-abilities.js';
import { livesOf } from '../state/board-state.js';
import type { FaultDetail } from '../state/effects.js';
import { noteFault, openFault } from '../state/fault-log.js';
import type { PairState, Queue, Step, Takeover } from '../state/pair-state.js';
import { inputFromRow } from '../state/restore.js';
import { boardOf, isEligible, isPlanned, otherOf, primaryOf } from '../state/roles.js';
import { sendDueViolation } from './violation.js';

/** R12: the fence transaction itself says what was committed; what memory believed before does not count. */
export function fenceRecorded(step: Step, epoch: number, primary: BoardId, rows: readonly InputRow[]): void {
  const { pair } = step;
  const { takeover } = pair;
  takeLease(pair.lease, epoch, primary);
  if (takeover === null) return;
  if (primary !== takeover.to) {
    pair.takeover = null;
    return stop(step, `the ledger refused to give the lease to ${takeover.to}`, null);
  }
  const from = boardOf(pair, takeover.from);
  takeover.fencedAtUs = step.atUs;
  if (pair.phase !== 'stopped') pair.phase = 'catching-up';
  if (isPlanned(takeover)) {
    dismissThirdCopy(step);
    return switchedOver(step, takeover);
  }
  from.membership.state = 'locked-out';
  from.session.state = 'closed';
  from.membership.leftBy = takeover.faultId;
  from.work.exchanges.clear();
  const lives = livesOf(pair.boards.values());
  for (const row of rows) {
    const input = pair.queue.inputs.get(row.seq);
    if (input === undefined) {
      const isEarlier = row.seq <= pair.seqs.earlierThroughSeq;
      pair.queue.inputs.set(row.seq, inputFromRow(row, { isEarlier, tailLost: false }, lives));
      continue;
    }
    input.recorded = true;
    // What an arbiter decided stands; everything else is as the ledger has it.
    input.commit ??= row.commit;
    for (const board of row.doneBy) input.doneBy.add(board);
  }
  if (takeover.isDistrusted) forgetAnswersOf(pair.queue, from.id);
  pair.queue.releaseOrder = releaseOrderAtTakeover(pair.queue);
  for (const input of pair.queue.inputs.values()) {
    // A finished one is kept for the third copy alone: whoever joined since has it in its state.
    if (input.recorded && !input.finished && !input.doneBy.has(primary)) takeover.list.add(input.seq);
  }
  sendUnsentAnswers(step);
  for (const seq of pair.queue.releaseOrder) {
    const input = pair.queue.inputs.get(seq);
    if (input !== undefined) emit(step, input);
  }
  noteFault(step, takeover.faultId, 'fenced', {
    ...{ lockedOut: from.id, epoch, pending: takeover.list.size },
    ...handoverDetail(pair),
  });
  // Not before: what only it had not done is over with it, and would come back with the ledger's rows to be answered again.
  dismissThirdCopy(step);
  finishAll(step);
  adoptAnswers(step);
}

/** R26: everything was done by both boards before the fence: only the relay is left to move. */
function switchedOver(step: Step, takeover: Takeover): void {
  const { epoch } = step.pair.lease;
  noteFault(step, takeover.faultId, 'fenced', { lockedOut: null, epoch, pending: 0, ...handoverDetail(step.pair) });
  for (const { board, reason, seq, evidence } of takeover.lost.splice(0)) {
    accuse(step, boardOf(step.pair, board), reason, seq, evidence);
  }
}

/** So that the story of a pair without a relay does not speak of one. */
function handoverDetail({ config: { handover } }: PairState): FaultDetail {
  return handover === 'relay' ? {} : { handover };
}

/** R19: what it answered and nobody committed does not count, and is not what the new primary is compared with. */
function forgetAnswersOf(queue: Queue, judged: BoardId): void {
  for (const input of queue.inputs.values()) {
    input.answers.delete(judged);
    if (input.proposed?.board === judged) input.proposed = null;
  }
}

/** R22: what was committed, in the order of its execution; then what was executed and never committed. */
function releaseOrderAtTakeover(queue: Queue): Seq[] {
  const committed = [...queue.inputs.values()]
    .filter((input) => input.commit !== null)
    .sort((a, b) => (a.commit?.executionCount ?? 0) - (b.commit?.executionCount ?? 0))
    .map((input) => input.seq);
  const executed = queue.releaseOrder.filter((seq) => queue.inputs.get(seq)?.commit === null);
  return [...committed, ...executed];
}

/** Called after every event: moves the relay when it may, and ends the takeover when all is done. */
export function continueTakeover(step: Step): void {
  const { pair } = step;
  const { takeover } = pair;
  if (takeover === null || takeover.fencedAtUs === null || pair.phase === 'stopped') return;
  if (!takeover.relayCommanded && needsNoMove(pair, takeover)) {
    takeover.relayCommanded = true;
    takeover.relayMoved = true;
  }
  if (!takeover.relayCommanded && mayMove(pair, takeover, step.atUs)) {
    takeover.relayCommanded = true;
    if (pair.config.handover === 'relay') {
      noteFault(step, takeover.faultId, 'relay-commanded', { to: takeover.to, unfinished: committedLeft(pair) });
    }
    step.effects.push({ type: 'moveRelay', to: takeover.to });
    relaySwitched(step, takeover.faultId);
  }
  // R10: the relay rolls forward at once; the rest waits until it is known who is there.
  if (pair.phase === 'starting') return;
  pair.phase = takeover.relayCommanded && !takeover.relayMoved ? 'moving' : 'catching-up';
  if (takeover.relayMoved && isWorkedOff(pair, takeover)) end(step, takeover);
}

/** Without a relay a planned change of the primary moves nothing: both boards stay, and hold the same levels (R26). */
function needsNoMove({ config: { handover } }: PairState, takeover: Takeover): boolean {
  return handover === 'nothing' || (handover === 'reset' && isPlanned(takeover));
}

/** Where nothing is done alone, what the new primary has not begun waits for the other board, and the takeover does not. */
function isWorkedOff(pair: PairState, { list }: Takeover): boolean {
  const primary = primaryOf(pair);
  return [...list].every((seq) => {
    const input = pair.queue.inputs.get(seq);
    return input === undefined || isKeptBack(pair, input, primary);
  });
}

/**
 * R10: at once when what is left to act on fits into the relay's own operate time; otherwise the new primary catches up
 * first, for a bounded time. So too when the old primary has restarted and its pins float: their level is the wiring's
 * own safe one, and a contact that closed on an older output would be a bump (docs/decisions.md).
 * RESET waits for nothing: until the old primary is held, whatever the new one does meets its pins.
 */
function mayMove(pair: PairState, takeover: Takeover, atUs: number): boolean {
  if (pair.config.handover === 'reset') return true;
  const left = committedLeft(pair);
  if (left === 0) return true;
  if (
    left * primaryOf(pair).work.slowestExchangeUs <= pair.config.relayOperateUs &&
    primaryOf(pair).work.slowestExchangeUs > 0
  )
    return true;
  return takeover.fencedAtUs !== null && atUs >= takeover.fencedAtUs + pair.config.drainUs;
}

/** Committed results that the new primary has not acted on: its output is that much older than what the actuator saw. */
function committedLeft(pair: PairState): number {
  const primary = primaryOf(pair);
  let left = 0;
  for (const input of pair.queue.inputs.values()) {
    if (input.doneBy.has(primary.id)) continue;
    // R27: what was recovered from the new primary the old one may have acted on, before the host lost that.
    const mayHaveActed = input.kind === 'recovered' || (input.commit !== null && input.commit.board !== primary.id);
    if (!mayHaveActed) continue;
    const exchange = primary.work.exchanges.get(input.seq);
    if (exchange === undefined || !hasActedOn(pair, exchange)) left++;
  }
  return left;
}

export function relayMoved(step: Step, to: BoardId, proved: boolean): void {
  const { takeover } = step.pair;
  if (to === step.pair.lease.owner) step.pair.relay.isAway = false;
  if (takeover === null || !takeover.relayCommanded || takeover.relayMoved || to !== takeover.to) return;
  takeover.relayMoved = true;
  if (step.pair.config.handover === 'reset') {
    noteFault(step, takeover.faultId, 'held-in-reset', { board: takeover.from, proved });
  } else {
    noteFault(step, takeover.faultId, 'relay-moved', { to, proved });
    relaySwitched(step, takeover.faultId);
  }
  restartOldPrimary(step, takeover);
  sendDueViolation(step);
}

/** R13: now that its pins reach nobody. After a switchover only where it has failed meanwhile. */
function restartOldPrimary(step: Step, { from: id, faultId, reason }: Takeover): void {
  const from = boardOf(step.pair, id);
  if (reason === null) {
    if (from.membership.state === 'set-aside' && from.membership.leftBy !== null)
      restartThroughReset(step, from, from.membership.leftBy);
    return;
  }
  // R19: nobody knows that it is wrong: a person may want to look at what it has in its memory.
  if (reason !== 'mismatch') restartThroughReset(step, from, faultId);
}

/** R13: a relay that does not follow leaves nothing to do but to stop, with an alarm. */
export function relayStuck(step: Step, to: BoardId): void {
  const { takeover } = step.pair;
  openFault(step, 'relay-stuck', null, null, { to, takingOver: takeover !== null, ...handoverDetail(step.pair) });
  if (takeover === null || to !== takeover.to) {
    // Nobody has failed: the primary goes on, a person is told, and nobody joins whose pins may be at the actuator.
    step.pair.relay.isAway ||= to === step.pair.lease.owner;
    if (otherOf(step.pair).membership.joining !== null) leave(step, otherOf(step.pair), null, 'later');
    return;
  }
  if (isPlanned(takeover) && !takeover.isReturn && isEligible(otherOf(step.pair))) {
    // R26: nobody has failed. The contact has not left the old primary: the lease goes back to it, forward in epochs.
    giveUpSwitchover(step, 'The relay does not follow.');
    endTakeover(step, takeover);
    return fencePlanned(step, takeover.to, takeover.from, true);
  }
  const isReset = step.pair.config.handover === 'reset';
  stop(step, isReset ? 'the old primary cannot be held in RESET' : 'the relay does not follow', null);
}

function end(step: Step, takeover: Takeover): void {
  const { pair } = step;
  const planned = isPlanned(takeover);
  noteFault(step, takeover.faultId, 'took-over', { primary: takeover.to, lockedOut: planned ? null : takeover.from });
  endTakeover(step, takeover);
  pair.phase = 'serving';
  pair.lastWorkUs = step.atUs;
  if (pair.switchover !== null) {
    const old =
      pair.update === null
        ? `board ${takeover.from} the backup`
        : `and board ${takeover.from}, which has another program, is out of the pair`;
    const outcome = `Board ${takeover.to} is the primary now, ${old}.`;
    step.effects.push({ type: 'commandDone', ref: pair.switchover.ref, outcome });
    pair.switchover = null;
  }
  if (planned) return;
  const from = boardOf(pair, takeover.from);
  // Its late commits are to meet the constraint before it is asked to come back (R8).
  from.membership.joinFromUs = step.atUs + pair.config.helloTimeoutUs / 3;
  // R19: it was judged wrong by a policy, not by evidence: only a person lets it come back.
  if (takeover.reason === 'mismatch') takeOut(step, from, 'kept-out');
  else if (takeover.keepsOut) notePermanent(step, from, { board: from.id });
  else if (!takeover.isOurDoing) noteExit(step, from, takeover.faultId);
}
