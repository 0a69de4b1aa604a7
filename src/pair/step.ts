import { continueArbitration } from './arbitration/arbitration.js';
import { compareAnswers } from './arbitration/comparison.js';
import { examined } from './arbitration/examination.js';
import { selfTestReported } from './arbitration/self-test.js';
import { loopStalled, timePassed } from './deadlines.js';
import { actOnEvidence } from './failover/declare-failed.js';
import { continueTakeover, fenceRecorded, relayMoved, relayStuck } from './failover/takeover.js';
import { noteRefusedCommit } from './failover/violation.js';
import { continueCommits, requestCommit } from './input/agreement.js';
import { answerSent } from './input/answer.js';
import { hasSurvived } from './input/attempts.js';
import { commitAnswered } from './input/commits.js';
import { doneReceived, doneRecorded, thirdCopyDone } from './input/done.js';
import { feed } from './input/feed.js';
import { inputKnown, inputRecorded, numberInputs, refUsed, seqsReserved, takeInput } from './input/intake.js';
import { partAnswered, resultReceived } from './input/results.js';
import { beforeStep } from './invariants/before-step.js';
import { checkStep } from './invariants/check-step.js';
import { stateConverted } from './join/convert-state.js';
import { continueJoining, historyAnswered, replayAnswered, stateReceived } from './join/join.js';
import { setAsideWhoIsBehind } from './membership/lag.js';
import { continueLines } from './membership/reset-lines.js';
import { commandAsked } from './operator/commands.js';
import { tellMistake } from './operator/own-mistake.js';
import { continueSwitchover } from './operator/switchover.js';
import { boardFlashed, continueUpdate } from './operator/update.js';
import type { FromBoard, Hello } from './result/messages.js';
import { isSurelyNotTheOther } from './session/identity.js';
import { failedReceived, helloReceived, linkLost, linkOpened } from './session/session.js';
import { reportStart, startWhenKnown } from './session/start.js';
import type { BoardState } from './state/board-state.js';
import type { PairEffect } from './state/effects.js';
import type { PairEvent, TimedPairEvent } from './state/events.js';
import { count, recordedAgain, recordingLost } from './state/fault-log.js';
import type { PairState, Step } from './state/pair-state.js';
import { boardOf, isAccused, isThirdCopy, isWanted, takesPart } from './state/roles.js';

/** An argument that is changed where it lies, and not copied. */
type InPlace<State> = State;

/**
 * The fault-tolerance core: one event in, the effects it asks for out, in order. The state is the caller's to keep and
 * the core's alone to change; nothing else is read, time included (`event.atUs`).
 *
 *   an input    intake ─▶ feed ─▶ results ─▶ comparison ─▶ agreement (when the ledger is asked) ─▶ commits, answer ─▶ done ─▶ finish
 *   a doubt     comparison ─▶ mismatch ─▶ arbitration (arbiters: limits, third copy, self-test) ─▶ membership · accuse
 *   a board     session, handshake ─▶ start (which board leads) · join (read-state, write-state, replay)
 *   a failure   deadlines, session, results ─▶ accuse ─▶ declare-failed ─▶ lease, takeover · membership (set aside, kept out, stopped)
 *   a person    commands ─▶ switchover ─▶ lease, takeover · update, trial (another firmware) ─▶ join ─▶ switchover
 *   a restart   restore ─▶ start
 *
 * Rooms, bottom up; each imports only rooms below it (tools/import-rule.json):
 * result state (invariants) input membership session operator arbitration join failover.
 *
 * What hears an event changes what the event is about, and notes what it is evidence of. What follows from it, for
 * whatever reason, the procedures below find in the state; they call no one above or below them.
 *
 * @throws BrokenInvariant when the core is where it promises never to be (R30): end, and begin anew from the ledger.
 */
export function step(pair: InPlace<PairState>, event: TimedPairEvent): PairEffect[] {
  const before = beforeStep(pair);
  const current: Step = { pair, atUs: event.atUs, effects: [], answers: [] };
  dispatch(current, event);
  // R18: before the evidence is acted on, because it finds some.
  compareAnswers(current);
  // R12: first of all, so that nothing below works on with a board that is not to be believed.
  actOnEvidence(current);
  // R26: before takeovers, because its fence begins one; after the evidence, because it gives up where a board was lost.
  continueSwitchover(current);
  // R10: the relay before any other work: it is what the plant waits for. With its end the pair serves again, and what
  // stands below may begin in the same step.
  continueTakeover(current);
  // R25: before new inputs are numbered and given out, because it may hold them back for a state to be read.
  continueJoining(current);
  // R26: after joining, because it says what has become of the board that was flashed.
  continueUpdate(current);
  // R1: only now, because a start or a stop has settled above what becomes of inputs that wait.
  numberInputs(current);
  // R19: of the boards that are still there. It may find evidence of its own, which is acted on before more is committed.
  continueArbitration(current);
  actOnEvidence(current);
  // R7: before new inputs: a board that waits for its grant has work in its hands, and R12 is settled above.
  continueCommits(current);
  // R2: whoever is in the pair by now gets what it may have by now.
  feed(current);
  // R13: the lines show what all of this came to.
  continueLines(current);
  checkStep(before, event, current);
  return current.effects;
}

function dispatch(current: Step, event: PairEvent): void {
  switch (event.type) {
    case 'started':
      reportStart(current);
      if (event.mistake !== undefined) tellMistake(current, event.mistake);
      return;
    case 'inputArrived':
      return takeInput(current, event);
    case 'inputRecorded':
      return inputRecorded(current, event.seq);
    case 'inputKnown':
      return inputKnown(current, event);
    case 'refUsed':
      return refUsed(current, event.seq, event.ref, 'ref-used');
    case 'refDropped':
      return refUsed(
        current,
        event.seq,
        event.ref,
        current.pair.config.wire.abilities.repeats ? 'quarantined' : 'in-doubt',
      );
    case 'seqsReserved':
      return seqsReserved(current, event.throughSeq);
    case 'linkOpened':
      return linkOpened(current, event.board, event.resets === true);
    case 'linkLost':
      return linkLost(current, event.board, event.reason);
    case 'messageReceived':
      return messageReceived(current, event.board, event.session, event.message);
    case 'commitAnswered':
      return commitHeard(current, event);
    case 'doneRecorded':
      doneRecorded(current, event.board, event.seq);
      if (event.board === current.pair.lease.owner) setAsideWhoIsBehind(current);
      return;
    case 'fenceRecorded':
      return fenceRecorded(current, event.epoch, event.owner, event.inputs);
    case 'historyRead':
      return historyAnswered(current, event);
    case 'commandAsked':
      return commandAsked(current, event.ref, event);
    case 'answerSent':
      return answerSent(current, event.seq);
    case 'relayMoved':
      return relayMoved(current, event.to, event.proved);
    case 'relayStuck':
      return relayStuck(current, event.to);
    case 'stateConverted':
      return stateConverted(current, event);
    case 'boardFlashed':
      return boardFlashed(current, event.board, event.failure);
    case 'recordingLost':
      return recordingLost(current, event);
    case 'recordedAgain':
      return recordedAgain(current, event.file, event.droppedInputs, event.droppedFaults);
    case 'loopStalled':
      return loopStalled(current, event.stalledUs);
    case 'timePassed':
      return timePassed(current);
  }
}

/** The ledger has decided (R8): it goes to the exchange, or, refused to a fenced board, is told the board in its time. */
function commitHeard(current: Step, answer: Extract<PairEvent, { type: 'commitAnswered' }>): void {
  const { pair } = current;
  commitAnswered(current, answer);
  if (pair.phase === 'starting') startWhenKnown(current);
  if (answer.outcome !== 'locked-out') return;
  noteRefusedCommit(current, boardOf(pair, answer.board), answer.session, answer.seq);
}

function messageReceived(current: Step, boardId: string, session: number, message: FromBoard): void {
  const { pair } = current;
  const board = boardOf(pair, boardId);
  if (pair.phase === 'stopped') return;
  if (message.kind === 'result' && session === board.session.number && isSurelyNotTheOther(pair, board)) {
    hasSurvived(board, message.seq);
    if (isFenced(board)) return requestCommit(current, board, pair.lease.epoch - 1, message);
  }
  if (!isWanted(board)) return fromOutside(current, board, session, message);
  // R12: once it is declared failed, nothing from that board's session changes anything.
  if (isAccused(pair, board)) return count(current, 'stale-frames', boardId);
  if (message.kind === 'hello') return helloReceived(current, board, session, message);
  // A board that has shut itself down answers OPEN with this.
  const refusesOpen =
    message.kind === 'failed' && board.session.state === 'opening' && session === board.session.helloSession;
  // R31: while it is asked whether it is there, its link may see that it has restarted.
  const isNoLife = message.kind === 'failed' && board.session.isQuestioned && session === board.session.number;
  if (refusesOpen || isNoLife) return failedReceived(current, board, message.reason, message.detail);
  // A frame of an old session, still on its way. (A restarted board says HELLO in session 0.)
  if (board.session.state !== 'open' || session !== board.session.number)
    return count(current, 'stale-frames', boardId);
  board.work.heardAtUs = current.atUs;
  switch (message.kind) {
    case 'result':
      if (board.membership.joining?.step === 'replaying') return replayAnswered(current, board, message);
      return takesPart(board) ? resultReceived(current, board, message) : count(current, 'stale-frames', boardId);
    case 'done':
      if (board.membership.joining?.step === 'replaying') return replayAnswered(current, board, message);
      if (!takesPart(board)) return count(current, 'stale-frames', boardId);
      doneReceived(current, board, message);
      if (isThirdCopy(pair, board)) thirdCopyDone(current, board);
      return;
    case 'failed':
      return failedReceived(current, board, message.reason, message.detail);
    case 'state':
      return stateReceived(current, board, message);
    case 'selfTestReport':
      return selfTestReported(current, board, message);
    case 'examined':
      return examined(pair, boardId);
    case 'said':
      // What both say is said once: by the one that is seen.
      if (boardId === pair.lease.owner) current.effects.push({ type: 'passOn', body: message.body });
      return;
    case 'alive':
      if (message.seq !== undefined) partAnswered(current, board, message.seq);
      return;
    case 'offer':
      // DESIGN 4: offers count from the primary alone; the backup sees the same thing a little later.
      if (boardId !== pair.lease.owner) return;
      return takeInput(current, { type: 'inputArrived', ref: 'offer', kind: 'offer', payload: message.payload });
  }
}

/** A late result is a request to commit like any other: the ledger's constraint refuses it, and the board learns so (R8). */
function isFenced(board: BoardState): boolean {
  return board.membership.state === 'locked-out' && board.session.state !== 'open';
}

function isNewLife(board: BoardState, session: number, hello: Hello): boolean {
  return session === 0 && !hello.failed && hello.boot !== board.session.hello?.boot;
}

/** R25: a board that is out of the pair and has restarted by itself is tried at once. */
function fromOutside(current: Step, board: BoardState, session: number, message: FromBoard): void {
  if (message.kind === 'hello' && isNewLife(board, session, message)) board.membership.joinFromUs = current.atUs;
  // That it lives is no news: its link asks it as long as somebody asks upstream.
  else if (message.kind !== 'alive') count(current, 'stale-frames', board.id);
}
