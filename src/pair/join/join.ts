import { heldAnswers } from '../input/agreement.js';
import { finishAll } from '../input/finish.js';
import { quiesceEndsUs } from '../input/quiesce.js';
import { joinsFromUs } from '../membership/fault-score.js';
import { keepOut, noteExit, recordMemberState } from '../membership/membership.js';
import { isHeldInReset } from '../membership/reset-lines.js';
import { admitFlashed, isFlashed } from '../operator/update.js';
import type { Done, Hello, Result, StateChunk } from '../result/messages.js';
import { differenceOf } from '../session/board-difference.js';
import { beginHandshake, open } from '../session/handshake.js';
import { tellsLife } from '../state/board-abilities.js';
import type { BoardState, Joining } from '../state/board-state.js';
import type { FaultDetail } from '../state/effects.js';
import type { LedgerAnswer } from '../state/events.js';
import { noteFault, openFault } from '../state/fault-log.js';
import type { PairState, Step } from '../state/pair-state.js';
import { boardOf, followersOf, isOnTrial, isSuspected, isThirdCopy, otherOf, primaryOf } from '../state/roles.js';
import { awaitRestart, isEmpty, mustBeEmpty } from './empty-begin.js';
import { refuseOtherOutputs } from './other-outputs.js';
import { askForState, hasWorkForPrimary, primaryPauses, primaryStateReceived, startReading } from './read-state.js';
import { askForHistory, continueReplay, historyRead, type ReplayOutcome, replayDone, replayResult } from './replay.js';
import { beginResync, continueResync, resyncDueUs, resyncRead, resyncResult } from './resync.js';
import type { ResyncOutcome } from './resync-outcome.js';
import { follow, joinerStateReceived, startComparing, writeChunk } from './write-state.js';

/** A state is read in vain so often before the attempt is given up. */
const MAX_QUIESCES = 5;
/** A board is made to restart so often in one attempt. */
const MAX_RESETS = 2;
/** A chunk without an answer is asked for again so often. */
const MAX_ASKS = 5;
/** Attempts in vain double the wait before the next one, up to 2^5 times the limit of a handshake. */
const MAX_DOUBLINGS = 5;

/**
 * R25: the only way into the pair. A board that is out and has a link is asked who it is, made to restart where it must, opened
 * afresh, given the primary's state (or the ledger's inputs), and compared. Any disturbance ends the attempt; the next
 * one begins clean.
 */
export function continueJoining(step: Step): void {
  for (const board of followersOf(step.pair)) {
    lookAt(step, board);
    if (step.pair.phase === 'serving') continueJoiningOf(step, board);
  }
}

/** What has become of it by itself: it has said who it is, its session is open, or enough of its results agree. */
function lookAt(step: Step, board: BoardState): void {
  const {
    membership: { joining },
    session: { hello, state: session },
  } = board;
  if (joining === null) return;
  if (session === 'hello-received' && hello !== null) return admit(step, board, joining, hello);
  if (session === 'open' && joining.step === 'opening') return opened(step, board, joining);
  finishJoining(step, board);
}

function continueJoiningOf(step: Step, board: BoardState): void {
  const { pair } = step;
  if (board.membership.joining === null && mayJoin(pair, board, step.atUs)) begin(step, board);
  const { joining } = board.membership;
  if (joining === null) return;
  switch (joining.step) {
    case 'waiting':
      if (primaryPauses(step))
        return joining.isStateAssumed ? assumeState(step, board, joining) : startReading(step, joining);
      return endQuiesceIfDue(step, board);
    case 'reading':
      if (!primaryPauses(step)) {
        joining.step = 'waiting';
        return endQuiesceIfDue(step, board);
      }
      if (step.atUs >= quiesceEndsUs(pair, joining.waitingSinceUs)) return endQuiesceIfDue(step, board);
      return askAgainWhenDue(step, board);
    case 'replaying': {
      const { resync } = step.pair.config.wire;
      if (joining.resync === null || resync === undefined) return askAgainWhenDue(step, board);
      return settleResync(step, board, joining, continueResync(step, board, joining, resync));
    }
    case 'writing':
      return askAgainWhenDue(step, board);
    case 'resetting':
    case 'opening':
    case 'converting':
    case 'comparing':
      return;
  }
}

/** When `continueJoining` next wants to hear the time. */
export function nextJoiningUs(pair: PairState): number | null {
  if (pair.phase !== 'serving') return null;
  const all = followersOf(pair).map((board) => nextJoiningOfUs(pair, board));
  const due = all.filter((atUs) => atUs !== null);
  return due.length === 0 ? null : Math.min(...due);
}

function nextJoiningOfUs(pair: PairState, board: BoardState): number | null {
  const { joining } = board.membership;
  if (joining === null) return mayJoin(pair, board, Number.POSITIVE_INFINITY) ? joinsFromUs(pair, board) : null;
  const quiesceFromUs = joining.waitingSinceUs + pair.config.joinPatienceUs;
  const askUs = joining.askedAtUs + askEveryUs(pair);
  if (joining.step === 'waiting')
    return joining.quiescing ? quiesceEndsUs(pair, joining.waitingSinceUs) : quiesceFromUs;
  if (joining.step === 'reading') return Math.min(askUs, quiesceEndsUs(pair, joining.waitingSinceUs));
  const { resync } = pair.config.wire;
  if (joining.step === 'replaying' && joining.resync !== null && resync !== undefined)
    return resyncDueUs(pair, board, joining, resync);
  if (joining.step === 'comparing')
    return joining.done < joining.of || isOnTrial(pair, board) ? null : settledUs(pair, joining);
  return joining.step === 'writing' || joining.step === 'replaying' ? askUs : null;
}

function mayJoin(pair: PairState, board: BoardState, atUs: number): boolean {
  const isOut = board.membership.state === 'set-aside' || board.membership.state === 'locked-out';
  const isServing =
    primaryOf(pair).session.state === 'open' &&
    pair.takeover === null &&
    pair.findings.pending === null &&
    !pair.relay.isAway;
  // R13: in RESET it can say nothing.
  const isHeld = board.reset.isHeld === true || isHeldInReset(pair, board);
  if (isHeld || !isOut || !isServing || !board.link.isUp || atUs < joinsFromUs(pair, board)) return false;
  // There is no state to give while the primary holds an answer back (agreement.ts), and none to be given to who may be right.
  return !isSuspected(pair, board) && heldAnswers(pair).length === 0 && isItsTurn(pair, board);
}

/** The primary's state is read for one at a time; who could take over goes before the third copy. */
function isItsTurn(pair: PairState, board: BoardState): boolean {
  if (!isThirdCopy(pair, board)) return true;
  const backup = otherOf(pair);
  return backup.membership.joining === null || backup.membership.joining.step === 'comparing';
}

function begin(step: Step, board: BoardState): void {
  for (const other of followersOf(step.pair)) {
    if (other.membership.joining !== null && other.membership.joining.step !== 'comparing')
      failJoining(step, other, null);
  }
  board.membership.joining = {
    step: 'opening',
    isStateAssumed: !tellsLife(step.pair) && !step.pair.config.wire.abilities.state,
    comparedSinceUs: 0,
    done: 0,
    of: 0,
    askedAtUs: step.atUs,
    asks: 0,
    refusals: 0,
    waitingSinceUs: step.atUs,
    quiescing: false,
    quiesceCount: 0,
    chunks: [],
    firstReading: null,
    snapshot: null,
    replay: null,
    resync: null,
    wasReset: false,
    note: null,
  };
  beginHandshake(step, board);
}

/** It has said who it is: it must be of the same kind, and in a condition to begin afresh. */
function admit(step: Step, board: BoardState, joining: Joining, hello: Hello): void {
  const session = board.session.helloSession;
  if (mustRestart(step.pair, board, session, hello)) {
    if (joining.step === 'resetting' && joining.done++ >= MAX_RESETS) {
      return failJoining(step, board, { why: 'a restart does not mend it' });
    }
    joining.step = 'resetting';
    board.session.state = 'hello-requested';
    step.effects.push({ type: 'send', board: board.id, session, message: { kind: 'reset' } });
    return;
  }
  const primary = primaryOf(step.pair);
  const difference = differenceOf(primary.session.hello, hello, [primary.id, board.id]);
  if (isFlashed(step.pair, board)) {
    if (!admitFlashed(step, hello)) return;
  } else if (difference !== null) {
    return keepOut(step, board, 'board-differs', difference);
  }
  if (mustBeEmpty(step.pair) && !isEmpty(board, joining, hello)) return awaitRestart(step, board, joining);
  joining.step = 'opening';
  joining.note = null;
  open(step, board, false);
}

/** A board that was locked out and has not restarted since has a state that nobody vouches for. */
function mustRestart(pair: PairState, board: BoardState, session: number, hello: Hello): boolean {
  if (hello.failed) return true;
  // It cannot be told to, and could not show that it had.
  if (!tellsLife(pair)) return false;
  if (board.membership.state === 'locked-out' && session !== 0 && hello.boot === board.session.boot) return true;
  return !hello.transfersState && hello.executionCount > 0;
}

function opened(step: Step, board: BoardState, joining: Joining): void {
  const primary = primaryOf(step.pair);
  const { hello } = board.session;
  // Whoever tells no life is asked once more as its session is opened, and may be another one by then.
  const difference =
    tellsLife(step.pair) || hello === null ? null : differenceOf(primary.session.hello, hello, [primary.id, board.id]);
  if (difference !== null) return keepOut(step, board, 'board-differs', difference);
  board.membership.violationDueFor = null;
  joining.waitingSinceUs = step.atUs;
  if (board.session.hello?.transfersState === false && !joining.isStateAssumed) {
    return settleReplay(step, board, askForHistory(step, board, joining));
  }
  const { resync } = step.pair.config.wire;
  if (joining.isStateAssumed && resync !== undefined) {
    return settleResync(step, board, joining, beginResync(step, board, joining, resync));
  }
  joining.step = 'waiting';
}

/**
 * R25: a board that can be given no state, and is not known to be as it starts, is compared from this boundary on as it is: what it has in it
 * nobody knows before so many of its answers agree.
 */
function assumeState(step: Step, board: BoardState, joining: Joining): void {
  const { executionCount } = primaryOf(step.pair).work;
  follow(step.pair, board, joining, { executionCount, digest: null, outputs: [], bytes: new Uint8Array(0) });
  compare(step, board);
}

/** A hold that has led to nothing is over: the primary works on, and the next pause is waited for. */
function endQuiesceIfDue(step: Step, board: BoardState): void {
  const { joining } = board.membership;
  if (joining === null) return;
  if (primaryOf(step.pair).session.state !== 'open') {
    // A primary whose link is lost is waited for, with everything.
    joining.waitingSinceUs = step.atUs;
    return;
  }
  joining.quiescing = step.atUs >= joining.waitingSinceUs + step.pair.config.joinPatienceUs;
  if (step.atUs < quiesceEndsUs(step.pair, joining.waitingSinceUs)) return;
  if (joining.step === 'reading' && !hasWorkForPrimary(step.pair)) {
    // Nobody waits for the end of it: the reading may take its time.
    joining.waitingSinceUs = step.atUs - step.pair.config.joinPatienceUs;
    return askAgainWhenDue(step, board);
  }
  joining.step = 'waiting';
  joining.quiescing = false;
  joining.waitingSinceUs = step.atUs;
  if (++joining.quiesceCount >= MAX_QUIESCES) failJoining(step, board, { why: 'the primary does not give its state' });
}

function askAgainWhenDue(step: Step, board: BoardState): void {
  const { joining } = board.membership;
  if (joining === null || step.atUs < joining.askedAtUs + askEveryUs(step.pair)) return;
  if (joining.step === 'reading') return askForState(step, joining);
  if (++joining.asks > MAX_ASKS) return failJoining(step, board, { why: 'no answer', in: joining.step });
  if (joining.step === 'writing') writeChunk(step, board, joining);
  else continueReplay(step, board, joining);
}

function askEveryUs(pair: PairState): number {
  return pair.config.deadlineUs / 3;
}

/** The attempt is over; another one begins clean, later and later. `evidence` null: nothing that is worth telling. */
export function failJoining(step: Step, board: BoardState, evidence: FaultDetail | null): void {
  const { joining } = board.membership;
  if (joining === null) return;
  const { helloTimeoutUs } = step.pair.config;
  const wasCompared = board.membership.state === 'joining';
  board.membership.joining = null;
  board.session.state = 'closed';
  board.work.exchanges.clear();
  board.work.toRecover = [];
  board.membership.joinFromUs =
    step.atUs + helloTimeoutUs * 2 ** Math.min(board.membership.joinsInVain++, MAX_DOUBLINGS);
  if (wasCompared) {
    recordMemberState(step, board, 'set-aside');
  }
  finishAll(step);
  if (evidence === null) return;
  const faultId = openFault(step, 'joining-failed', board.id, null, { step: joining.step, ...evidence });
  board.membership.leftBy ??= faultId;
  // That the primary (or the ledger, R17) never paused is not to be held against the board.
  if (joining.step !== 'waiting' && joining.step !== 'reading')
    noteExit(step, board, faultId, evidence['why'] !== 'backup-behind');
}

/** R25: so many results of it agree with the primary's: from now on it may take over. */
function finishJoining(step: Step, board: BoardState): void {
  const { joining } = board.membership;
  if (joining === null || joining.step !== 'comparing' || joining.done < joining.of) return;
  if (step.atUs < settledUs(step.pair, joining)) return;
  // R26: another program may come in only when a person has accepted what it does otherwise.
  if (isOnTrial(step.pair, board)) return;
  board.membership.joining = null;
  board.membership.joinsInVain = 0;
  recordMemberState(step, board, 'in-sync');
  if (board.membership.leftBy !== null)
    noteFault(step, board.membership.leftBy, 'joined', { board: board.id, compared: joining.of, ...givenTo(joining) });
  board.membership.leftBy = null;
}

/** What a person is told of how it came to the primary's state. */
function givenTo({ isStateAssumed, resync, note }: Joining): FaultDetail {
  if (!isStateAssumed) return {};
  return resync === null ? { asItStood: true, ...(note === null ? {} : { note }) } : { givenAgain: resync.answered };
}

/** What was not given to it (integrators, ramps, timers) has come to the same by then. */
function settledUs({ config }: PairState, { comparedSinceUs }: Joining): number {
  return comparedSinceUs + (config.joinSettleUs ?? 0);
}

export function stateReceived(step: Step, board: BoardState, chunk: StateChunk): void {
  if (board.id === step.pair.lease.owner) return primaryStateReceived(step, chunk);
  const { joining } = board.membership;
  if (joining?.step !== 'writing') return;
  const outcome = joinerStateReceived(step, board, joining, chunk);
  if (outcome === 'different') return failJoining(step, board, { why: 'the board has another state than was sent' });
  if (outcome === 'other-outputs' && joining.snapshot !== null) {
    return refuseOtherOutputs(step, board, joining.snapshot, chunk.outputs.length);
  }
  if (joining.refusals > MAX_ASKS + joining.chunks.length / 10) {
    return failJoining(step, board, { why: 'the state does not arrive whole' });
  }
  if (outcome === 'written') compare(step, board);
}

/** What a board that replays says, instead of being compared with the primary's live results. */
export function replayAnswered(step: Step, board: BoardState, message: Result | Done): void {
  const { joining } = board.membership;
  if (joining === null) return;
  const { resync } = step.pair.config.wire;
  if (joining.resync !== null && resync !== undefined) {
    if (message.kind === 'result')
      settleResync(step, board, joining, resyncResult(step, board, joining, resync, message));
    return;
  }
  if (message.kind === 'done') replayDone(step, board, joining, message);
  else settleReplay(step, board, replayResult(step, board, joining, message));
}

export function historyAnswered(step: Step, answer: Extract<LedgerAnswer, { type: 'historyRead' }>): void {
  const board = boardOf(step.pair, answer.board);
  const { joining } = board.membership;
  if (joining?.step !== 'replaying') return;
  const { resync } = step.pair.config.wire;
  if (joining.resync === null || resync === undefined) {
    return settleReplay(step, board, historyRead(step, board, joining, answer));
  }
  settleResync(step, board, joining, resyncRead(step, board, joining, resync, answer));
}

function settleResync(step: Step, board: BoardState, joining: Joining, outcome: ResyncOutcome): void {
  switch (outcome.is) {
    case 'going-on':
      return;
    case 'caught-up':
      return compare(step, board);
    case 'refused':
      return failJoining(step, board, outcome.evidence);
    case 'as-it-stands':
      joining.note = outcome.why === null ? null : `nothing is given to it: ${outcome.why}`;
      joining.resync = null;
      joining.step = 'waiting';
      joining.waitingSinceUs = step.atUs;
  }
}

function settleReplay(step: Step, board: BoardState, outcome: ReplayOutcome): void {
  if (outcome === 'caught-up') return compare(step, board);
  if (outcome === 'different')
    return failJoining(step, board, { why: 'a replayed result differs from the committed one' });
  if (outcome === 'history-lost') {
    keepOut(step, board, 'joining-failed', { why: 'the ledger no longer has all that the pair has executed' });
  }
}

function compare(step: Step, board: BoardState): void {
  const { joining } = board.membership;
  if (joining === null) return;
  startComparing(step, board, joining);
  finishAll(step);
  finishJoining(step, board);
}
