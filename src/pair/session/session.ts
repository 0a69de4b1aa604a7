import { emit, sendUnsentAnswers } from '../input/answer.js';
import { finishAll } from '../input/finish.js';
import { keepAboveUsedSeqs } from '../input/used-seqs.js';
import { dismissThirdCopy, takeOut } from '../membership/membership.js';
import type { Hello } from '../result/messages.js';
import { accuse, leave } from '../state/accuse.js';
import { tellsLife } from '../state/board-abilities.js';
import type { BoardState, Session, Work } from '../state/board-state.js';
import { noteWherePrimaryIs } from '../state/facts/known-history.js';
import { forgetRestored } from '../state/facts/restored-ledger.js';
import { count } from '../state/fault-log.js';
import type { StateLost, Step } from '../state/pair-state.js';
import { boardOf, isAccused, isThirdCopy, isWanted, otherOf } from '../state/roles.js';
import { askAgain, beginHandshake, executedBefore, nextAskUs, noteExecuted, open } from './handshake.js';
import { forgetWhoIsThere, isRightBoard } from './identity.js';
import { settleOverReopening } from './in-flight.js';
import { hasExecutedDropped, noteLostTail, recoverWaiting } from './lost-tail.js';
import { startWhenKnown } from './start.js';
import { stateLost } from './state-lost.js';
import { isSwitchingTransient, linkIsBack } from './switching-transient.js';

export function linkOpened(step: Step, boardId: string, resets: boolean): void {
  const board = boardOf(step.pair, boardId);
  board.link.isUp = true;
  board.link.resetByOpening = resets;
  // R10: a link that returns while the fence is in flight cancels nothing.
  if (isAccused(step.pair, board)) return;
  if (isWanted(board) && step.pair.phase !== 'stopped') beginHandshake(step, board);
  // R25: a board that is out and has come back is tried at once.
  else board.membership.joinFromUs = step.atUs;
}

export function linkLost(step: Step, boardId: string, reason: string): void {
  const { pair } = step;
  const board = boardOf(pair, boardId);
  board.link.isUp = false;
  forgetWhoIsThere(board.identity);
  if (!isWanted(board)) return;
  board.session.state = 'closed';
  board.session.isQuestioned = false;
  if (pair.phase === 'starting') {
    // What its HELLO said may not hold any more when the link comes back.
    board.session.hello = null;
    board.session.askedAtUs = step.atUs;
  }
  if (pair.phase === 'starting' || pair.phase === 'stopped') return;
  if (isSwitchingTransient(step, board, reason)) return;
  // R15: no deadline is needed.
  accuse(step, board, 'unplugged', oldestSeq(board.work), { link: reason });
}

function oldestSeq(work: Work): number | null {
  const [first] = work.exchanges.keys();
  return first ?? null;
}

export function helloReceived(step: Step, board: BoardState, session: number, hello: Hello): void {
  const { pair } = step;
  if (!isWanted(board) || pair.phase === 'stopped') return;
  switch (board.session.state) {
    case 'closed':
      return;
    case 'open':
      return helloWhileOpen(step, board, session, hello);
    case 'opening':
      return helloWhileOpening(step, board, session, hello);
    case 'hello-requested':
    case 'hello-received': {
      if (!isRightBoard(step, board, hello)) {
        if (pair.phase === 'starting') startWhenKnown(step);
        return;
      }
      const isTaken = hasTakenOpen(board.session, session, hello);
      noteHello(board.session, session, hello);
      // R25: what a board that joins may do, joining finds in its session (join.ts).
      if (board.membership.joining !== null) return;
      if (pair.phase === 'starting') startWhenKnown(step);
      else reopenAfterLinkLoss(step, board, isTaken);
    }
  }
}

/** It has taken the OPEN that was on its way when its link was lost: the confirmation was lost with that. */
function hasTakenOpen({ number, hello: before }: Session, session: number, hello: Hello): boolean {
  return session === number && before !== null && before.boot === hello.boot;
}

function noteHello(session: Session, helloSession: number, hello: Hello): void {
  session.hello = hello;
  session.helloSession = helloSession;
  session.state = 'hello-received';
}

/** R15: a board that has lost its session has lost its state: session 0 shows it even when its boot HELLO was lost. */
function helloWhileOpen(step: Step, board: BoardState, session: number, hello: Hello): void {
  if (session === board.session.number && hello.boot === board.session.boot) {
    if (!hello.parked) return;
    if (board.membership.joining !== null) {
      // R25: interrupted joins start clean, also when it was we who kept still.
      return leave(step, board, null, 'at-once');
    }
    // R11: it has heard nothing for its silence time (we stood still, perhaps); the next OPEN takes it back as it is.
    board.session.hello = hello;
    board.session.helloSession = session;
    return open(step, board, true);
  }
  // Said in an earlier session of the same life, and late. A board that tells no life says outside of any session that it began anew.
  const isAnew = !tellsLife(step.pair) && session === 0;
  if (hello.boot === board.session.boot && !isAnew) return count(step, 'stale-frames', board.id);
  accuse(step, board, 'restarted', oldestSeq(board.work), {
    resetCause: hello.resetCause,
    boot: hello.boot,
    bootBefore: board.session.boot,
  });
}

function helloWhileOpening(step: Step, board: BoardState, session: number, hello: Hello): void {
  const hasChanged = hello.boot !== board.session.hello?.boot || hello.failed;
  if (hasChanged && board.membership.joining !== null) return noteHello(board.session, session, hello);
  if (hello.boot !== board.session.hello?.boot) {
    // It restarted between its HELLO and our OPEN.
    return accuse(step, board, 'restarted', null, { resetCause: hello.resetCause, boot: hello.boot });
  }
  if (hello.failed) return accuse(step, board, 'failed', null, { reason: 'says so in HELLO' });
  if (session !== board.session.number) {
    // A late answer to HELLO_REQ, or a refusal: OPEN is repeated in its time, and names the session that was told last.
    board.session.helloSession = session;
    return;
  }
  board.session.state = 'open';
  board.session.hello = hello;
  board.session.boot = hello.boot;
  board.link.resetByOpening = false;
  linkIsBack(step, board);
  const staysIn = settleOverReopening(step, board);
  board.work.leftAtWork = [];
  if (board.membership.joining !== null || !staysIn) return;
  if (board.session.resume && !recoverKept(step, board, hello)) return;
  if (board.id !== step.pair.lease.owner) return;
  noteWherePrimaryIs(step, { isFresh: hello.isFresh === true, mayHaveRestarted: step.pair.start.tailMayBeLost });
  step.pair.findings.waitingForPrimary = false;
  step.pair.start.tailMayBeLost = false;
  noteGoesOnFromBackup(step);
  step.pair.queue.dropped.clear();
  sendUnsentAnswers(step);
  for (const input of step.pair.queue.inputs.values()) emit(step, input);
  finishAll(step);
}

/** The ledger knows the pair again. */
function noteGoesOnFromBackup({ pair: { start }, effects }: Step): void {
  if (start.restoredFrom === null) return;
  start.restoredFrom = null;
  effects.push(forgetRestored());
}

/** What it executed between its HELLO and our OPEN counts as well. False: it has executed what the pair does not know. */
function recoverKept(step: Step, board: BoardState, hello: Hello): boolean {
  const { pair } = step;
  keepAboveUsedSeqs(pair);
  noteLostTail(step, [board]);
  if (hasExecutedDropped(pair, hello)) {
    if (pair.start.tailWasLost && board.id !== pair.lease.owner) {
      leave(step, board, null, 'later');
      return false;
    }
    accuse(step, board, 'failed', null, { reason: 'has executed an input that was dropped' });
    return false;
  }
  if (pair.start.tailMayBeLost && board.id === pair.lease.owner && recoverWaiting(step, hello).length > 0) {
    // R27: the backup does not know it.
    const other = otherOf(pair);
    if (other.membership.state === 'in-sync') takeOut(step, other, 'set-aside');
    dismissThirdCopy(step);
  }
  noteExecuted(pair, board, hello);
  noteWhatItsStateHas(step, board, hello);
  board.work.toRecover = executedBefore(pair, board, hello);
  board.work.highestGivenSeq = Math.max(board.work.highestGivenSeq, ...hello.kept);
  return true;
}

/**
 * R3, R27: a board that was opened afresh in what the ledger lost keeps no results any more, and its state has in it what was
 * committed up to its count. Given once more, with a place that is taken, it would be waited for in vain.
 */
function noteWhatItsStateHas(step: Step, board: BoardState, { executionCount, digest, kept }: Hello): void {
  const { inputs } = step.pair.queue;
  const isItsState = [...inputs.values()].some(
    ({ commit }) => digest !== null && commit?.executionCount === executionCount && commit.digest === digest,
  );
  if (!isItsState) return;
  for (const { seq, commit, doneBy } of inputs.values()) {
    if (commit === null || commit.executionCount > executionCount || kept.includes(seq) || doneBy.has(board.id))
      continue;
    doneBy.add(board.id);
    if (!isThirdCopy(step.pair, board)) step.effects.push({ type: 'recordDone', board: board.id, seq });
  }
}

/** The primary's link came back and nobody could take over meanwhile: the same life is taken back as it is. */
function reopenAfterLinkLoss(step: Step, board: BoardState, isTaken: boolean): void {
  const { hello, isQuestioned, helloSession } = board.session;
  if (hello === null) return;
  // R15: its link has not ended since, so that it says so outside of a session because it has begun anew.
  if (isQuestioned && helloSession === 0)
    return accuse(step, board, 'restarted', null, { resetCause: hello.resetCause, boot: hello.boot });
  if (hello.failed) return accuse(step, board, 'failed', null, { reason: 'says so in HELLO' });
  if (tellsLife(step.pair) && !isTaken && (board.session.helloSession === 0 || hello.boot !== board.session.boot)) {
    return accuse(step, board, 'restarted', null, { resetCause: hello.resetCause, boot: hello.boot });
  }
  open(step, board, true);
}

/** HELLO_REQ and OPEN go out again and again; after the whole time the board counts as unresponsive. */
export function askAgainIfDue(step: Step, board: BoardState): void {
  const { pair, atUs } = step;
  if (isAccused(pair, board)) return;
  const dueUs = nextAskUs(pair, board);
  if (dueUs === null || atUs < dueUs) return;
  askAgain(step, board);
  if (atUs < board.session.askedAtUs + pair.config.helloTimeoutUs || board.session.unresponsive) return;
  board.session.unresponsive = true;
  if (pair.phase === 'starting') return startWhenKnown(step);
  if (pair.phase === 'stopped') return;
  accuse(step, board, 'silent', null, { answered: 'no HELLO' });
}

/** What its link has noticed: the board itself knows nothing of sessions, nor that it has lost anything. */
const REGISTERS_SHOW: Readonly<Record<string, StateLost>> = {
  restarted: { reason: 'restarted', evidence: { resetCause: 'unknown', decidedBy: 'restart-sign' } },
  'written-value-lost': { reason: 'judged-wrong', evidence: { reason: 'written-value-lost', decidedBy: 'written' } },
};

export function failedReceived(step: Step, board: BoardState, reason: string, detail: number): void {
  // What its code means then takes the size of its state to read (src/values/changed-place.ts).
  const stateBytes = reason === 'stateCorrupt' ? board.session.hello?.stateBytes : undefined;
  const known = stateBytes === undefined ? {} : { stateBytes };
  const lost = REGISTERS_SHOW[reason];
  if (lost !== undefined) {
    const evidence = { ...lost.evidence, [lost.reason === 'restarted' ? 'sign' : 'register']: detail, wrong: board.id };
    return stateLost(step, board, oldestSeq(board.work), { ...lost, evidence });
  }
  accuse(step, board, 'failed', oldestSeq(board.work), { reason, detail, ...known });
}
