import { forgetAnswers, heldAnswers } from '../input/agreement.js';
import { finishAll, forget } from '../input/finish.js';
import { forgive, recordMemberState } from '../membership/membership.js';
import { isLatched } from '../membership/reset-lines.js';
import type { Seq } from '../result/messages.js';
import { beginHandshake } from '../session/handshake.js';
import { forgetUnanswered } from '../session/in-flight.js';
import type { BoardState } from '../state/board-state.js';
import { acceptFrom, forgetDisputedResults } from '../state/disputed-result.js';
import type { Command } from '../state/events.js';
import { noteDoubtInHistory } from '../state/facts/known-history.js';
import type { Step } from '../state/pair-state.js';
import { boardOf, isWanted } from '../state/roles.js';
import { commandDone, refuseCommand } from './answers.js';
import { startSwitchover } from './switchover.js';
import { abandonUpdate, acceptUpdate, beginUpdate } from './update.js';

/** What a person asks for is done, or refused with a sentence; never half. */
export function commandAsked(step: Step, ref: string, command: Command): void {
  switch (command.command) {
    case 'switch':
      return startSwitchover(step, ref);
    case 'rejoin':
      return rejoin(step, ref, command.board);
    case 'resume':
      return resumeAsked(step, ref);
    case 'retry':
      return settleQuarantine(step, ref, command.seq, true);
    case 'drop':
      return settleQuarantine(step, ref, command.seq, false);
    case 'accept':
      return acceptResult(step, ref, command.seq);
    case 'update-begin':
      return beginUpdate(step, ref, command);
    case 'update-accept':
      return acceptUpdate(step, ref, command.fields);
    case 'update-abandon':
      return abandonUpdate(step, ref);
  }
}

function rejoin(step: Step, ref: string, boardId: string): void {
  const { pair } = step;
  if (!pair.boards.has(boardId)) {
    return refuseCommand(step, ref, `There is no board ${boardId}: this pair has ${pair.config.boards.join(' and ')}.`);
  }
  const board = boardOf(pair, boardId);
  if (boardId === pair.lease.owner) return refuseCommand(step, ref, `Board ${boardId} is the primary.`);
  if (board.membership.state === 'in-sync') return refuseCommand(step, ref, `Board ${boardId} is in the pair.`);
  if (pair.update?.board === boardId && pair.update.stage !== 'failed') {
    return refuseCommand(step, ref, `Board ${boardId} is being updated: see copycat status.`);
  }
  if (pair.takeover !== null && isLockedOut(board) && boardId === pair.config.latchedReset) {
    return refuseCommand(step, ref, `The takeover from board ${boardId} is not over yet: ask again when it is.`);
  }
  if (pair.update?.board === boardId) pair.update = null;
  forgive(step, board);
  board.membership.joinsInVain = 0;
  board.membership.joinFromUs = step.atUs;
  if (board.membership.state === 'kept-out' || isLatched(pair, board)) {
    recordMemberState(step, board, 'set-aside');
  }
  const when =
    pair.phase === 'stopped' ? 'once the pair works again' : board.link.isUp ? 'now' : 'once its link is back';
  commandDone(step, ref, `Board ${boardId} joins ${when}.`);
}

/** Out, and to stay out until somebody has said otherwise, where its RESET is held for as long. */
function isLockedOut({ membership: { state: memberState } }: BoardState): boolean {
  return memberState === 'locked-out' || memberState === 'kept-out';
}

/** R22: a quarantined input is tried again or given up; with the last one settled the pair goes on. */
function settleQuarantine(step: Step, ref: string, seq: Seq, again: boolean): void {
  const { pair } = step;
  const input = pair.queue.inputs.get(seq);
  if (input === undefined || !input.quarantined) return refuseCommand(step, ref, `Input ${seq} is not quarantined.`);
  if (again) {
    input.quarantined = false;
    input.operatorRetries = true;
    input.attemptedBy.clear();
    input.attemptedIn.clear();
    step.effects.push({ type: 'releaseInput', seq });
  } else {
    forget(pair, seq);
    pair.queue.dropped.add(seq);
    // R8: what was committed stands, and was answered: it is over, and nobody is given it any more.
    step.effects.push({ type: input.commit === null ? 'dropInput' : 'finishInput', seq });
    noteDoubtInHistory(step);
  }
  const left = quarantined(step);
  if (left.length > 0) return commandDone(step, ref, `Quarantined still: ${left.join(', ')}.`);
  if (pair.phase === 'stopped' && !isFencing(step)) resume(step);
  commandDone(step, ref, again ? `Input ${seq} is tried again.` : `Input ${seq} is dropped.`);
}

/** R22: what the primary computes counts, where it differs from what was committed: with that the pair goes on. */
function acceptResult(step: Step, ref: string, seq: Seq): void {
  const { pair } = step;
  const input = pair.queue.inputs.get(seq);
  const disputedResult = input?.disputedResult ?? null;
  if (input === undefined || disputedResult === null || disputedResult.accepted || pair.phase !== 'stopped') {
    return refuseCommand(
      step,
      ref,
      `Input ${seq} does not wait for that: no board has another result than the committed one.`,
    );
  }
  if (isFencing(step)) return refuseCommand(step, ref, 'The ledger has not answered yet whose lease it is.');
  acceptFrom(pair.queue, input, disputedResult.board);
  const left = quarantined(step);
  if (left.length > 0) return commandDone(step, ref, `Quarantined still: ${left.join(', ')}.`);
  resume(step);
  commandDone(step, ref, `What board ${disputedResult.board} computes counts, from input ${seq} on.`);
}

function resumeAsked(step: Step, ref: string): void {
  if (step.pair.phase !== 'stopped') return overrideHeld(step, ref);
  if (step.pair.seqs.nextSeq > step.pair.config.wire.lastSeq)
    return refuseCommand(step, ref, 'The numbers of inputs are used up: begin a new ledger.');
  if (isFencing(step)) return refuseCommand(step, ref, 'The ledger has not answered yet whose lease it is.');
  const left = quarantined(step);
  if (left.length > 0) {
    return refuseCommand(
      step,
      ref,
      `Quarantined: ${left.join(', ')}. Say first what becomes of it: copycat inputs retry|drop.`,
    );
  }
  resume(step);
  commandDone(step, ref, 'The pair starts again.');
}

/** A person answers for what nobody is there to confirm: the primary acts on it, and can give its state to who joins. */
function overrideHeld(step: Step, ref: string): void {
  const held = heldAnswers(step.pair);
  if (held.length === 0) return refuseCommand(step, ref, 'The pair is not stopped.');
  for (const input of held) input.operatorOverride = true;
  commandDone(step, ref, `Board ${step.pair.lease.owner} acts on ${held.map(({ seq }) => `input ${seq}`).join(', ')}.`);
}

/** As at a start of the gateway: the boards are asked who they are, and the ledger's lease says who leads. */
function resume(step: Step): void {
  const { pair } = step;
  pair.phase = 'starting';
  pair.start.resuming = true;
  step.effects.push({ type: 'recordStopped', stopped: false });
  // Whoever has the pair go on takes the primary's answers for right, whoever answered before.
  forgetAnswers(pair.queue);
  forgetDisputedResults(pair);
  for (const board of pair.boards.values()) {
    forgetUnanswered(pair, board);
    board.work.toRecover = [];
    board.work.questions = 0;
    board.session.state = 'closed';
    board.session.hello = null;
    board.session.unresponsive = false;
    board.session.askedAtUs = step.atUs;
    if (board.link.isUp && isWanted(board)) beginHandshake(step, board);
  }
  if (pair.takeover !== null) {
    // R10: what was begun is finished: the relay is commanded anew.
    pair.takeover.relayCommanded = false;
    pair.takeover.relayMoved = false;
  }
  finishAll(step);
}

function isFencing({ pair }: Step): boolean {
  return pair.takeover !== null && pair.takeover.fencedAtUs === null;
}

function quarantined(step: Step): Seq[] {
  return [...step.pair.queue.inputs.values()].filter((input) => input.quarantined).map((input) => input.seq);
}
