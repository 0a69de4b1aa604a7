import { forgetAnswers } from './agreement.js';
import type { BoardState } from './board-state.js';
import { declareFailed, suspectFirstOfTakeover, suspectOldest } from './declare-failed.js';
import { emit } from './emission.js';
import { noteFault, openFault } from './faults-of.js';
import { finishAll } from './finish.js';
import { open } from './greeting.js';
import { createInput } from './intake.js';
import type { Hello, Seq } from './messages.js';
import type { PairState, Step } from './pair-state.js';
import { boardOf, isOurDoing, isPlanned, otherOf, ownerOf, takesPart } from './roles.js';
import { takeOut } from './standing.js';
import { continueTakeover } from './takeover.js';

/**
 * What a board's HELLO says about its life: `same`: the one the ledger knows, state and all; `new`: it has no state the
 * ledger knows of; `failed`: it has shut itself down; `mute`: no HELLO; `unknown`: not heard yet.
 */
type Life = 'same' | 'new' | 'failed' | 'mute' | 'unknown';

function lifeOf(pair: PairState, board: BoardState): Life {
  if (board.standing !== 'in-sync') return 'failed';
  if (board.hello === null) return board.mute ? 'mute' : 'unknown';
  if (board.hello.failed) return 'failed';
  // R22: it has executed what a person dropped since: its state is not the pair's, and it would wait for that commit for ever.
  // Of a ledger that is new nothing was dropped: what the board kept belongs to another one, and goes when it is opened afresh.
  if (!pair.freshLedger && hasExecutedDropped(pair, board.hello)) return 'failed';
  return board.helloSession !== 0 && board.boot === board.hello.boot ? 'same' : 'new';
}

/** R27: decides, once every board in sync has said who it is (or stayed mute), how the pair goes on. */
export function startWhenKnown(step: Step): void {
  const { pair } = step;
  const owner = ownerOf(pair);
  const other = otherOf(pair);
  const lives = { owner: lifeOf(pair, owner), other: lifeOf(pair, other) };
  if (lives.owner === 'unknown' || lives.other === 'unknown') return;
  if (lives.owner === 'mute' && lives.other !== 'same') return;
  if (pair.resuming && lives.owner === 'failed' && lives.other !== 'same') return restartOwner(step, owner);
  // R9: what a past life asked to commit the ledger may have yet to answer: with that the pair begins anew, not before.
  if (lives.owner === 'new' && lives.other !== 'same' && awaitsLedger(pair)) return;
  const { resuming } = pair;
  const isFirst = pair.freshLedger;
  pair.resuming = false;
  pair.freshLedger = false;
  pair.phase = 'serving';
  if (lives.owner === 'same') return goOn(step, owner, other, lives.other, resuming);
  if (lives.other === 'same') {
    if (pair.hostRestarted) takeBackWhatTheLedgerLost(step, other, owner);
    open(step, other, true);
    return accuse(step, owner, lives.owner);
  }
  if (lives.owner === 'new') return startAfresh(step, owner, other, lives.other, isFirst, resuming);
  giveUpBoth(step, owner, lives.owner, other, lives.other);
}

/** Whether a result is committed that nobody can give again is not known yet. */
function awaitsLedger({ inputs }: PairState): boolean {
  return [...inputs.values()].some(({ asked, commit }) => asked.length > 0 && commit === null);
}

/** A person has the pair go on with a primary that has shut itself down: it serves again only after a restart. */
function restartOwner(step: Step, owner: BoardState): void {
  step.effects.push({ type: 'send', board: owner.id, session: owner.helloSession, message: { kind: 'reset' } });
  owner.hello = null;
  owner.session = 'greeting';
}

/** The primary failed, and the backup has no state that it could go on with: nobody is eligible (R10). */
function giveUpBoth(step: Step, owner: BoardState, ownerLife: Life, other: BoardState, otherLife: Life): void {
  accuse(step, other, otherLife);
  accuse(step, owner, ownerLife);
}

/** The running primary is taken back without a reset; a backup that is still the same with it. */
function goOn(step: Step, owner: BoardState, other: BoardState, life: Life, resuming: boolean): void {
  const lost = step.pair.hostRestarted && takeBackWhatTheLedgerLost(step, owner, other);
  open(step, owner, true);
  if (other.standing === 'in-sync') {
    // R27: what the primary executed beyond the ledger the backup does not know: it joins anew.
    // So too after a stop: whoever has the pair go on with a running primary takes its state for the right one.
    // R24: one that is not there, or not the one it was, is told all the same.
    const isLeftBehind = lost && life === 'same';
    if (isLeftBehind || (resuming && step.pair.takeover === null)) takeOut(step, other, 'set-aside');
    else if (life === 'same' && hasOldProgram(step.pair, owner, other)) takeOut(step, other, 'kept-out');
    else if (life === 'same') open(step, other, true);
    else accuse(step, other, life);
  }
  if (step.pair.takeover !== null) continueTakeover(step);
}

/**
 * R26: both boards had acted on everything before a planned fence. Where their states differ all the same, the switchover
 * was that of a firmware update, which a person had accepted: the old program is not compared with the new one any more.
 */
function hasOldProgram({ takeover }: PairState, { hello: one }: BoardState, { hello: other }: BoardState): boolean {
  if (!isPlanned(takeover) || one === null || other === null || one.imageHash === other.imageHash) return false;
  return one.executionCount === other.executionCount && one.digest !== other.digest;
}

/**
 * R27: the host lost power and the ledger its tail. No seq is used twice; what the primary executed and still waits to
 * act on is read back and recorded, so that it can go on.
 */
function takeBackWhatTheLedgerLost(step: Step, owner: BoardState, other: BoardState): boolean {
  const { pair } = step;
  const kept = [...(owner.hello?.kept ?? []), ...(other.hello?.kept ?? [])];
  pair.nextSeq = Math.max(pair.nextSeq, ...kept.map((seq) => seq + 1));
  if (pair.nextSeq - 1 > pair.reservedThroughSeq) {
    step.effects.push({ type: 'reserveSeqs', throughSeq: pair.nextSeq - 1 });
  }
  const unknown = owner.hello === null ? [] : recoverWaiting(step, owner.hello);
  const differs =
    owner.hello?.executionCount !== other.hello?.executionCount || owner.hello?.digest !== other.hello?.digest;
  return differs || unknown.length > 0 || waitingAndUnknown(pair, other.hello).length > 0;
}

/** Each gets a row of its own; `kept` has its result. */
export function recoverWaiting(step: Step, hello: Hello): Seq[] {
  const { pair } = step;
  const unknown = waitingAndUnknown(pair, hello);
  for (const seq of unknown) {
    createInput(step, `recovered:${seq}`, 'recovered', new Uint8Array(0), seq);
    pair.takeover?.list.add(seq);
  }
  // They are older than what may have arrived meanwhile, and inputs are kept in seq order.
  const inOrder = [...pair.inputs].sort(([one], [another]) => one - another);
  pair.inputs.clear();
  for (const [seq, input] of inOrder) pair.inputs.set(seq, input);
  return unknown;
}

/** After a host power loss what is unknown may be what the ledger lost; what a person has just dropped is not. */
export function hasExecutedDropped(pair: PairState, hello: Hello): boolean {
  const unknown = waitingAndUnknown(pair, hello);
  return unknown.some((seq) => !pair.hostRestarted || pair.dropped.has(seq));
}

/** What a board executed and waits to act on, and the ledger does not know. */
function waitingAndUnknown(pair: PairState, hello: Hello | null): Seq[] {
  if (hello === null) return [];
  return hello.kept.filter((seq, index) => (hello.actedBits & (1 << index)) === 0 && !pair.inputs.has(seq));
}

/** The primary comes without a past, and nobody has one to give it: the pair begins anew. */
function startAfresh(
  step: Step,
  owner: BoardState,
  other: BoardState,
  otherLife: Life,
  isFirst: boolean,
  resuming: boolean,
): void {
  const { pair } = step;
  // What was answered before belongs to an order of execution that has ended.
  forgetAnswers(pair);
  if (!isFirst) {
    if (otherLife !== 'new' && !pair.hostRestarted && !resuming)
      return giveUpBoth(step, owner, 'new', other, otherLife);
    const faultId = openFault(step, 'pair-restarted', null, null, { unfinished: pair.inputs.size });
    noteFault(step, faultId, 'ended', { from: 'the state of a fresh start' });
    settleWhatWasCommitted(step);
  }
  open(step, owner, false);
  if (other.standing !== 'in-sync') return;
  if (otherLife !== 'new') return accuse(step, other, otherLife);
  // R25: a cold start is a join like any other.
  takeOut(step, other, 'set-aside');
}

/** The state that gave these results is gone with the boards: what was committed is answered and never redone. */
function settleWhatWasCommitted(step: Step): void {
  const { pair } = step;
  for (const input of [...pair.inputs.values()]) {
    if (input.commit === null) continue;
    emit(step, input);
    for (const id of pair.config.boards) {
      input.doneBy.add(id);
      // R12: nothing is recorded of a board that is locked out.
      if (takesPart(boardOf(pair, id))) step.effects.push({ type: 'recordDone', board: id, seq: input.seq });
    }
  }
  finishAll(step);
}

function accuse(step: Step, board: BoardState, life: Life): void {
  const reason = life === 'new' ? 'restarted' : life === 'failed' ? 'failed' : 'silent';
  if (board.id === step.pair.owner) {
    if (step.pair.takeover !== null) suspectFirstOfTakeover(step, board);
    else if (!isOurDoing(board, reason)) suspectOldest(step, board);
  }
  declareFailed(step, board, reason, null, {
    found: 'at the start of the gateway',
    resetCause: board.hello?.resetCause ?? null,
    // It has not said so itself: a person is told what is held against it.
    ...(isAtOdds(step.pair, board)
      ? { reason: 'has executed an input that was dropped, or that this ledger never had' }
      : {}),
  });
}

function isAtOdds(pair: PairState, { hello }: BoardState): boolean {
  return hello !== null && !hello.failed && hasExecutedDropped(pair, hello);
}

/** Every start but the first is told: what it found, and who is primary. */
export function reportStart(step: Step): void {
  if (step.pair.freshLedger) return;
  const code = step.pair.hostRestarted ? 'host-restarted' : 'gateway-restarted';
  openFault(step, code, null, null, { unfinished: step.pair.inputs.size, primary: step.pair.owner });
}
