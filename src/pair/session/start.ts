import { forgetAnswers } from '../input/agreement.js';
import { emit } from '../input/answer.js';
import { stoppedByDeathsOf, suspectFirstOfTakeover, suspectOldest } from '../input/attempts.js';
import { finishAll } from '../input/finish.js';
import { keepAboveUsedSeqs } from '../input/used-seqs.js';
import { keepOut, takeOut } from '../membership/membership.js';
import { accuse } from '../state/accuse.js';
import { tellsLife } from '../state/board-abilities.js';
import type { BoardState } from '../state/board-state.js';
import { forgetOrderlyEnd } from '../state/facts/ended-in-order.js';
import { noteDoubtInHistory } from '../state/facts/known-history.js';
import { noteFault, openFault } from '../state/fault-log.js';
import type { PairState, Step } from '../state/pair-state.js';
import { boardOf, isOurDoing, isPlanned, otherOf, primaryOf, takesPart } from '../state/roles.js';
import { differenceOf } from './board-difference.js';
import { open } from './handshake.js';
import { settleAtStart } from './in-flight.js';
import {
  hasExecutedDropped,
  isBehindItsBackup,
  noteLostTail,
  noteLostTakeover,
  recoverWhatTheLedgerLost,
} from './lost-tail.js';

/**
 * What a board's HELLO says about its life: `same`: the one the ledger knows, state and all; `new`: it has no state the
 * ledger knows of; `failed`: it has shut itself down; `unresponsive`: no HELLO; `unknown`: not heard yet.
 */
type Life = 'same' | 'new' | 'failed' | 'unresponsive' | 'unknown';

function lifeOf(pair: PairState, board: BoardState): Life {
  if (board.membership.state !== 'in-sync') return 'failed';
  if (board.session.hello === null) return board.session.unresponsive ? 'unresponsive' : 'unknown';
  if (board.session.hello.failed) return 'failed';
  // What it has done since the backup was made nobody knows: no board is the one that the ledger speaks of.
  if (pair.start.restoredFrom !== null) return 'new';
  // Whoever cannot tell is taken for the one that it was: that it restarted shows only by comparison.
  if (!tellsLife(pair)) return pair.start.freshLedger || board.session.number === 0 ? 'new' : 'same';
  // What it has kept of a life that the ledger does not know goes when it is opened afresh.
  if (board.session.helloSession === 0 || board.session.boot !== board.session.hello.boot) return 'new';
  // R22: it has executed what a person dropped since: its state is not the pair's, and it would wait for that commit for ever.
  if (hasExecutedDropped(pair, board.session.hello)) return 'failed';
  if (isBehindItsBackup(pair, board)) return 'failed';
  return 'same';
}

/** R27: decides, once every board in sync has said who it is (or did not answer), how the pair goes on. */
export function startWhenKnown(step: Step): void {
  const { pair } = step;
  const primary = primaryOf(pair);
  const other = otherOf(pair);
  noteLostTail(step, [primary, other]);
  noteLostTakeover(step);
  const lives = { primary: lifeOf(pair, primary), other: lifeOf(pair, other) };
  if (lives.primary === 'unknown' || lives.other === 'unknown') return;
  if (lives.primary === 'unresponsive' && lives.other !== 'same') return;
  if (pair.start.resuming && lives.primary === 'failed' && lives.other !== 'same') return restartPrimary(step, primary);
  // R9: what a past life asked to commit the ledger may have yet to answer: with that the pair begins anew, not before.
  if (lives.primary === 'new' && lives.other !== 'same' && awaitsLedger(pair)) return;
  keepAboveUsedSeqs(pair);
  const { resuming } = pair.start;
  // R25: what a person did to the boards while the pair stood nobody has heard.
  if (resuming) noteDoubtInHistory(step);
  if (lives.primary === 'new' && beginsAnew(pair, lives.other) && hasUnknownPast(pair, primary))
    return restartPrimary(step, primary);
  const isFirst = pair.start.freshLedger;
  const mayDiffer = settleAtStart(step, primary, other);
  pair.start.resuming = false;
  pair.start.freshLedger = false;
  pair.phase = 'serving';
  if (lives.primary === 'same') return goOn(step, primary, other, lives.other, resuming, mayDiffer);
  if (lives.other === 'same') {
    if (pair.start.tailMayBeLost) recoverWhatTheLedgerLost(step, other, primary);
    open(step, other, true);
    return accuseAtStart(step, primary, lives.primary);
  }
  if (lives.primary === 'new') return startAfresh(step, primary, other, lives.other, isFirst, resuming);
  giveUpBoth(step, primary, lives.primary, other, lives.other);
}

/** Whether a result is committed that nobody can give again is not known yet. */
function awaitsLedger({ queue: { inputs } }: PairState): boolean {
  return [...inputs.values()].some(({ asked, commit }) => asked.length > 0 && commit === null);
}

/** Nobody has a past to give to a primary without one, and that is nobody's fault. */
function beginsAnew({ start: { tailMayBeLost, resuming } }: PairState, otherLife: Life): boolean {
  return otherLife === 'new' || (otherLife !== 'same' && (tailMayBeLost || resuming));
}

/**
 * R25: it has been in a session that the ledger knows nothing of (its tail is lost): it may have executed, or have been given half
 * of a state, with which it would take no input. Of a ledger that is new no board is at odds with anything.
 */
function hasUnknownPast({ start: { freshLedger } }: PairState, { session: { helloSession } }: BoardState): boolean {
  return !freshLedger && helloSession !== 0;
}

/** A primary that has shut itself down, or has an unknown past, is to lead: it does so only after a restart. */
function restartPrimary(step: Step, primary: BoardState): void {
  step.effects.push({
    type: 'send',
    board: primary.id,
    session: primary.session.helloSession,
    message: { kind: 'reset' },
  });
  primary.session.hello = null;
  primary.session.state = 'hello-requested';
}

/** The primary failed, and the backup has no state that it could go on with: nobody is eligible (R10). */
function giveUpBoth(step: Step, primary: BoardState, primaryLife: Life, other: BoardState, otherLife: Life): void {
  accuseAtStart(step, other, otherLife);
  accuseAtStart(step, primary, primaryLife);
}

/** The running primary is taken back without a reset; a backup that is still the same with it. */
function goOn(
  step: Step,
  primary: BoardState,
  other: BoardState,
  life: Life,
  resuming: boolean,
  mayDiffer: boolean,
): void {
  const lost = step.pair.start.tailMayBeLost && recoverWhatTheLedgerLost(step, primary, other);
  open(step, primary, true);
  if (other.membership.state === 'in-sync') {
    // R27: what the primary executed beyond the ledger the backup does not know: it joins anew.
    // So too after a stop: whoever has the pair go on with a running primary takes its state for the right one.
    // R24: one that is not there, or not the one it was, is told all the same.
    // R31: so it does where one of the two may have carried out what is in doubt.
    const isLeftBehind = (lost || mayDiffer) && life === 'same';
    if (isLeftBehind || (resuming && step.pair.takeover === null)) takeOut(step, other, 'set-aside');
    else if (life === 'same' && hasOldProgram(step.pair, primary, other)) takeOut(step, other, 'kept-out');
    else if (life === 'same') openUnlessOther(step, primary, other);
    else accuseAtStart(step, other, life);
  }
}

/** R25: while no gateway ran another one may have been put in its place, or somebody has set it otherwise: whoever tells its life is known by that. */
function openUnlessOther(step: Step, primary: BoardState, other: BoardState): void {
  const [{ hello: one }, { hello: another }] = [primary.session, other.session];
  const isKnown = tellsLife(step.pair) || one === null || another === null;
  const difference = isKnown ? null : differenceOf(one, another, [primary.id, other.id]);
  if (difference === null) open(step, other, true);
  else keepOut(step, other, 'board-differs', difference);
}

/**
 * R26: both boards had acted on everything before a planned fence. Where their states differ all the same, the switchover
 * was that of a firmware update, which a person had accepted: the old program is not compared with the new one any more.
 */
function hasOldProgram(
  { takeover }: PairState,
  { session: { hello: one } }: BoardState,
  { session: { hello: other } }: BoardState,
): boolean {
  if (!isPlanned(takeover) || one === null || other === null || one.imageHash === other.imageHash) return false;
  return one.executionCount === other.executionCount && one.digest !== other.digest;
}

/** The primary comes without a past, and nobody has one to give it: the pair begins anew. */
function startAfresh(
  step: Step,
  primary: BoardState,
  other: BoardState,
  otherLife: Life,
  isFirst: boolean,
  resuming: boolean,
): void {
  const { pair } = step;
  // What was answered before belongs to an order of execution that has ended.
  forgetAnswers(pair.queue);
  if (!isFirst) {
    if (!beginsAnew(pair, otherLife) && !resuming) return giveUpBoth(step, primary, 'new', other, otherLife);
    if (stoppedByDeathsOf(step, primary)) return;
    const faultId = openFault(step, 'pair-restarted', null, null, { unfinished: pair.queue.inputs.size });
    noteFault(step, faultId, 'ended', { from: 'the state of a fresh start' });
    settleWhatWasCommitted(step);
  }
  open(step, primary, false);
  if (other.membership.state !== 'in-sync') return;
  if (otherLife !== 'new') return accuseAtStart(step, other, otherLife);
  // R25: a cold start is a join like any other.
  takeOut(step, other, 'set-aside');
}

/** The state that gave these results is gone with the boards: what was committed is answered and never redone. */
function settleWhatWasCommitted(step: Step): void {
  const { pair } = step;
  for (const input of [...pair.queue.inputs.values()]) {
    if (input.commit === null) continue;
    for (const id of pair.config.boards) {
      input.doneBy.add(id);
      // R12: nothing is recorded of a board that is locked out.
      if (takesPart(boardOf(pair, id))) step.effects.push({ type: 'recordDone', board: id, seq: input.seq });
    }
    // R19: what waited for the new primary to come to the same waits in vain. It goes out marked: nobody has confirmed it.
    if (input.emission === 'none') input.restored = true;
    emit(step, input);
  }
  finishAll(step);
}

function accuseAtStart(step: Step, board: BoardState, life: Life): void {
  const reason = life === 'new' ? 'restarted' : life === 'failed' ? 'failed' : 'silent';
  if (board.id === step.pair.lease.owner) {
    if (step.pair.takeover !== null) suspectFirstOfTakeover(step, board);
    else if (!isOurDoing(board, reason)) suspectOldest(step, board);
  }
  accuse(step, board, reason, null, {
    found: 'at the start of the gateway',
    resetCause: board.session.hello?.resetCause ?? null,
    // It has not said so itself: a person is told what is held against it.
    ...(isBehindItsBackup(step.pair, board)
      ? { reason: 'has executed less than the other board, which had taken over: the ledger had lost that' }
      : {}),
    ...(isAtOdds(step.pair, board)
      ? { reason: 'has executed an input that was dropped, or that this ledger never had' }
      : {}),
  });
}

function isAtOdds(pair: PairState, { session: { hello } }: BoardState): boolean {
  return hello !== null && !hello.failed && hasExecutedDropped(pair, hello);
}

/** Every start but the first is told: what it found, who is primary, and whether somebody wanted it so. */
export function reportStart(step: Step): void {
  const { start, queue, lease } = step.pair;
  if (start.freshLedger) return;
  if (start.restoredFrom === null) {
    const code = start.tailMayBeLost ? 'host-restarted' : 'gateway-restarted';
    const planned = start.endedInOrder ? { planned: true } : {};
    openFault(step, code, null, null, { unfinished: queue.inputs.size, primary: lease.owner, ...planned });
  } else openFault(step, 'ledger-restored', null, null, { madeAt: start.restoredFrom, primary: lease.owner });
  if (start.endedInOrder) step.effects.push(forgetOrderlyEnd());
}
