import { forgive, giveUpSwitchover, recordMemberState, takeOut } from '../membership/membership.js';
import type { BoardId, Hello } from '../result/messages.js';
import { tellsLife } from '../state/board-abilities.js';
import type { BoardState } from '../state/board-state.js';
import type { Command } from '../state/events.js';
import { noteFault, openFault } from '../state/fault-log.js';
import type { PairState, Step } from '../state/pair-state.js';
import { boardOf, isThirdCopy, otherOf, primaryOf } from '../state/roles.js';
import { newTrial, type Update } from '../state/update-state.js';
import { commandDone, refuseCommand } from './answers.js';
import { startSwitchover } from './switchover.js';
import { hasOtherLayout, takeIn } from './trial.js';

type Begin = Extract<Command, { command: 'update-begin' }>;

/**
 * R26: a rolling firmware update is two joins and a switchover. A board that is not the primary leaves the pair and is
 * flashed; while that lasts, and until somebody has accepted it, it is kept out: also over a restart of the gateway no
 * board comes in by itself that may be half flashed.
 */
export function beginUpdate(step: Step, ref: string, wanted: Begin): void {
  const { pair } = step;
  const why = whyNotBegin(pair, wanted);
  if (why !== null) return refuseCommand(step, ref, why);
  const board = boardOf(pair, wanted.board);
  const { image, facts, comparisons, converter } = wanted;
  const faultId = openFault(step, 'updating', board.id, null, { image, primary: pair.lease.owner });
  takeOut(step, board, 'kept-out');
  board.membership.leftBy = faultId;
  const kept = { board: board.id, image, facts, converter, comparisons: Math.max(1, comparisons), faultId };
  pair.update = { ...kept, stage: 'flashing', why: null, trial: newTrial() };
  step.effects.push({ type: 'flashBoard', board: board.id, image });
  commandDone(step, ref, `Board ${board.id} is out of the pair and is being flashed.`);
}

function whyNotBegin(pair: PairState, { board: boardId, facts, converter }: Begin): string | null {
  const board = pair.boards.get(boardId);
  if (board === undefined) return `There is no board ${boardId}: this pair has ${pair.config.boards.join(' and ')}.`;
  if (!tellsLife(pair))
    return 'These boards cannot tell what they run: nobody could say whether one has its new program.';
  if (isThirdCopy(pair, board)) return 'The third copy is not flashed: it runs the image that the configuration names.';
  if (pair.phase === 'stopped') return 'The pair is stopped: see copycat status.';
  if (boardId === pair.lease.owner) return `Board ${boardId} is the primary: the other one is flashed first.`;
  if (pair.phase !== 'serving' || pair.findings.pending !== null) return 'The pair is busy with a start or a takeover.';
  const primary = primaryOf(pair);
  if (primary.session.state !== 'open' || primary.session.hello === null)
    return `Board ${pair.lease.owner} cannot be reached.`;
  if (pair.relay.isAway) return `The relay is not known to stand at board ${pair.lease.owner}.`;
  if (pair.comparison.dispute !== null) return 'The boards differ, and it is not settled yet which of them is wrong.';
  const { update } = pair;
  if (update !== null && update.stage !== 'failed') {
    return `An update of board ${update.board} is under way: see copycat status.`;
  }
  if (isHeldWithout(pair, board)) {
    return 'Commits need both boards here, and nothing goes on alone (if-alone: hold): the plant would stand still.';
  }
  const { stateLayout, stateBytes } = primary.session.hello;
  if (converter !== null) return null;
  if (facts !== null && (facts.stateLayout !== stateLayout || facts.stateBytes !== stateBytes)) {
    return `This image lays its state out otherwise (${facts.stateBytes} bytes, layout ${hexOf(facts.stateLayout)}) than the one of board ${pair.lease.owner} (${stateBytes} bytes, layout ${stateLayout === null ? 'not told' : hexOf(stateLayout)}): what the pair knows would mean something else there, unless a program converts it (--converter).`;
  }
  return null;
}

/** A board on trial agrees with nobody for sure: commits would wait for it for ever. */
function isHeldWithout(pair: PairState, board: BoardState): boolean {
  const { commitNeeds, ifAlone } = pair.config;
  if (commitNeeds !== 'both' || ifAlone !== 'hold') return false;
  return [...pair.boards.values()].every(
    (one) => one.id === pair.lease.owner || one === board || one.membership.state !== 'in-sync',
  );
}

/** `failure`: what the flasher said; null: the board has its program and may join. */
export function boardFlashed(step: Step, boardId: BoardId, failure: string | null): void {
  const { pair } = step;
  const { update } = pair;
  if (update === null || update.board !== boardId || update.stage !== 'flashing') return;
  const board = boardOf(pair, boardId);
  if (failure !== null) return failUpdate(step, update, `it was not flashed: ${failure}`);
  update.stage = 'joining';
  noteFault(step, update.faultId, 'flashed', { board: boardId, image: update.image });
  forgive(step, board);
  board.membership.joinsInVain = 0;
  board.membership.joinFromUs = step.atUs;
  recordMemberState(step, board, 'set-aside');
}

/** Whether this is a board that has been flashed, so that its image may be another one than the primary's. */
export function isFlashed({ update }: PairState, board: BoardState): boolean {
  return update !== null && update.board === board.id && (update.stage === 'joining' || update.stage === 'trial');
}

/**
 * R25, R26: a flashed board has said who it is. True: it may join, on trial where its program is not the primary's;
 * false: it may not, and the update has failed.
 */
export function admitFlashed(step: Step, hello: Hello): boolean {
  const { pair } = step;
  const { update } = pair;
  if (update === null) return false;
  const why = whyNotAdmit(pair, update, hello);
  if (why !== null) {
    failUpdate(step, update, why);
    return false;
  }
  const isSameImage = primaryOf(pair).session.hello?.imageHash === hello.imageHash;
  update.stage = isSameImage ? 'joining' : 'trial';
  update.trial = newTrial();
  return true;
}

function whyNotAdmit(pair: PairState, { facts, converter }: Update, hello: Hello): string | null {
  const primary = primaryOf(pair).session.hello;
  if (facts !== null && facts.imageHash !== hello.imageHash) {
    return 'it says that it runs another image than the one that was flashed';
  }
  if (primary === null) return 'the primary has not said who it is';
  const isSameLayout = primary.stateLayout === hello.stateLayout && primary.stateBytes === hello.stateBytes;
  if (!isSameLayout && converter === null) {
    return 'its new image lays the state out otherwise than the image of the primary';
  }
  // R25: what was committed came from the other program: a replay of it would not agree.
  const needsReplay = !hello.transfersState && primary.imageHash !== hello.imageHash;
  return needsReplay ? 'its new image cannot be given a state' : null;
}

/** The board stays out of the pair, with whatever program it has: only a person knows how it goes on. */
export function failUpdate(step: Step, update: Update, why: string): void {
  const { pair } = step;
  update.stage = 'failed';
  update.why = why;
  const board = boardOf(pair, update.board);
  openFault(step, 'update-failed', update.board, null, { why, image: update.image });
  if (board.id === pair.lease.owner) return;
  if (board.membership.state !== 'kept-out') takeOut(step, board, 'kept-out');
}

/** Called after every event: what became of a trial that was disturbed, and of a switchover that was accepted. */
export function continueUpdate(step: Step): void {
  const { pair } = step;
  const { update } = pair;
  if (update === null) return;
  const board = boardOf(pair, update.board);
  if (update.stage === 'switching') return continueSwitching(step, update, board);
  if (update.stage !== 'joining' && update.stage !== 'trial') return;
  if (board.membership.state === 'in-sync') {
    // It runs the primary's program: an ordinary join, and its fault is told as one that has ended.
    pair.update = null;
  } else if (board.membership.state === 'kept-out') {
    failUpdate(step, update, 'it is kept out of the pair: the faults before this one say why');
  } else if (board.membership.joining === null) {
    // R25: the next attempt begins clean, and the trial with it.
    update.stage = 'joining';
  }
}

function continueSwitching(step: Step, update: Update, board: BoardState): void {
  const { pair } = step;
  if (pair.phase !== 'serving' || pair.takeover !== null) return;
  if (pair.lease.owner === board.id) {
    // R26: the two programs differ, and a person has chosen this one: the other is not compared with it any more.
    pair.update = null;
    const old = otherOf(pair);
    if (old.membership.state === 'in-sync') takeOut(step, old, 'kept-out');
    noteFault(step, update.faultId, 'ended', { primary: board.id, waits: old.id });
  } else if (board.membership.joining !== null) {
    update.stage = 'trial';
  } else {
    failUpdate(step, update, 'it did not become the primary: the faults before this one say why');
  }
}

/**
 * A person has seen in what the two programs differ, field by field, and accepts it: the board becomes the primary. What
 * has begun to differ since is not accepted with it.
 */
export function acceptUpdate(step: Step, ref: string, fields: readonly string[]): void {
  const { pair } = step;
  const { update } = pair;
  const why = whyNotAccept(pair, fields);
  if (why !== null || update === null) return refuseCommand(step, ref, why ?? '');
  if (update.trial.differing === 0 && !hasOtherLayout(pair, boardOf(pair, update.board))) {
    // They have agreed in everything, state included: a backup like any other.
    takeIn(step, boardOf(pair, update.board), update);
    pair.update = null;
    return startSwitchover(step, ref);
  }
  update.stage = 'switching';
  pair.switchover = { ref, askedAtUs: step.atUs };
  pair.phase = 'draining';
}

function whyNotAccept(pair: PairState, fields: readonly string[]): string | null {
  const { update } = pair;
  if (update === null) return 'No update is under way.';
  const { board, stage, trial, comparisons } = update;
  if (stage !== 'trial' || trial.compared < comparisons) {
    return `Board ${board} has not been compared on ${comparisons} inputs yet (${trial.compared} so far): there is nothing to accept.`;
  }
  if (pair.phase !== 'serving' || pair.findings.pending !== null) return 'The pair is busy with a start or a takeover.';
  if (primaryOf(pair).session.state !== 'open') return `Board ${pair.lease.owner} cannot be reached.`;
  const unseen = [...trial.fields.keys()].filter((field) => !fields.includes(field));
  if (unseen.length > 0) return `The boards differ in ${unseen.join(', ')}, which was not accepted.`;
  if (trial.others > 0) return 'The boards differ in more fields than can be told apart: that is not to be accepted.';
  return null;
}

/** The board is set aside with what it runs; flashed back it joins again. */
export function abandonUpdate(step: Step, ref: string): void {
  const { pair } = step;
  const { update } = pair;
  if (update === null) return refuseCommand(step, ref, 'No update is under way.');
  if (update.stage === 'flashing')
    return refuseCommand(step, ref, `Board ${update.board} is being flashed: wait for its end.`);
  const isTaken = pair.phase !== 'serving' && pair.phase !== 'draining' && pair.phase !== 'stopped';
  if (isTaken) return refuseCommand(step, ref, 'The pair is busy with a start or a takeover.');
  if (update.board === pair.lease.owner)
    return refuseCommand(step, ref, `Board ${update.board} is the primary already.`);
  if (update.stage === 'switching') {
    pair.phase = 'serving';
    giveUpSwitchover(step, 'The update was abandoned.');
  }
  pair.update = null;
  const board = boardOf(pair, update.board);
  if (board.membership.state !== 'kept-out') takeOut(step, board, 'kept-out');
  noteFault(step, update.faultId, 'abandoned', { board: update.board });
  commandDone(step, ref, `Board ${update.board} is out of the pair, with the image it has.`);
}

function hexOf(value: number): string {
  return value.toString(16).padStart(8, '0');
}
