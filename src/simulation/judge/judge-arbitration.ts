import type { PairEffect } from '../../pair/state/effects.js';
import type { PairState } from '../../pair/state/pair-state.js';
import { boardOf, followersOf, isProtected } from '../../pair/state/roles.js';
import { type CopyName, THIRD } from '../boards/copy-name.js';
import { isWrongLevel, type Wrongness } from '../boards/history-application.js';
import { type FaultKind, WRONG_KINDS } from '../faults/fault-kinds.js';
import type { BoardName } from '../world/world.js';
import type { Observations } from './observations.js';
import type { Asked } from './wrong-copies.js';

/** Copies of what is in work, the third copy's time for one, and a takeover take no longer. */
const SETTLED_WITHIN_US = 4_000_000;

/** A person has the pair go on as it is, or takes a result for the right one. */
const DECIDED = /(resume|accept)$/;

export function noteInjectedFault(observations: Observations, kind: FaultKind, board: BoardName): void {
  const { wrongCopies } = observations;
  const copy = kind === 'third-copy-wrong' ? THIRD : board;
  const isSameAgain = WRONG_KINDS.includes(kind) && wrongCopies.struck.size === 1 && wrongCopies.struck.has(copy);
  if (!isSameAgain) wrongCopies.faultsInjected++;
  if (WRONG_KINDS.includes(kind)) wrongCopies.struck.add(copy);
  // What another one answers wrongly from now on nobody has judged yet.
  if (WRONG_KINDS.includes(kind) && !isSameAgain) wrongCopies.isJudged = false;
  // Two things at once: who leaves then is another matter.
  if (wrongCopies.faultsInjected > 1) wrongCopies.dispute = null;
}

/** R19: a copy computes something wrong. Where somebody can tell, the wrong one has to leave, and the right one to drive. */
export function noteError(observations: Observations, copy: CopyName, wrongness: Wrongness): void {
  const { wrongCopies, world } = observations;
  if (isHidden(observations, wrongness)) return;
  if (
    copy === THIRD ||
    wrongCopies.dispute !== null ||
    wrongCopies.faultsInjected !== 1 ||
    wrongCopies.personDecided ||
    wrongCopies.hasPassed
  )
    return;
  const pair = world.gateway?.alive === true ? world.gateway.pair : null;
  if (pair === null || pair.phase !== 'serving' || !isProtected(pair)) return;
  const byTest = !canOthersTell(pair, wrongness);
  if (byTest && !canTestTell(observations, pair, copy)) return;
  const dueUs = world.schedule.nowUs + SETTLED_WITHIN_US;
  const dispute = { wrong: copy, right: copy === 'a' ? 'b' : 'a', dueUs, byTest, hasLeft: false } as const;
  wrongCopies.dispute = dispute;
  world.schedule.at(dueUs, () => {
    if (wrongCopies.dispute?.dueUs === dueUs) judgeDispute(observations);
  });
}

/** R20: where a value has a tolerance, states are not compared. */
function isHidden({ world, wrongCopies }: Observations, wrongness: Wrongness): boolean {
  const { tolerates } = world.options;
  if (tolerates && wrongness === 'latent') wrongCopies.differHidden = true;
  return tolerates && wrongness === 'latent';
}

function canTestTell(observations: Observations, pair: PairState, board: BoardName): boolean {
  const { wrongCpu, stuckCells } = observations.world.boards[board].defects;
  return pair.config.selfTests && (wrongCpu || stuckCells.size > 0);
}

function canOthersTell(pair: PairState, wrongness: Wrongness): boolean {
  const { thirdCopy, fields } = pair.config;
  if (wrongness === 'wild' && fields.some(({ max }) => max !== null)) return true;
  if (thirdCopy === null) return false;
  const {
    membership: { state: memberState },
    session: { state: session },
  } = boardOf(pair, thirdCopy);
  return memberState === 'in-sync' && session === 'open';
}

/** A person mends what is broken, or the time was too short: no self-test finds it. */
export function noteUntested({ wrongCopies }: Observations): void {
  if (wrongCopies.dispute?.byTest === true && !wrongCopies.dispute.hasLeft) wrongCopies.dispute = null;
}

/** All is quiet, or its time is over. */
export function judgeDispute(observations: Observations): void {
  const { dispute } = observations.wrongCopies;
  if (dispute === null) return;
  observations.wrongCopies.dispute = null;
  const { wrong, right, hasLeft } = dispute;
  if (!hasLeft) observations.breaks('wrongOneLeaves', `board ${wrong} was wrong, and is in the pair`);
  const { at } = observations.world.contact;
  if (observations.owner !== right || at !== right) {
    observations.breaks(
      'wrongOneLeaves',
      `${observations.owner} leads, the relay is at ${at}, board ${wrong} was wrong`,
    );
  }
  observations.coverage.count('disputes settled');
}

/** A board has left the pair, or was fenced. */
export function noteLeft(observations: Observations, board: string): void {
  const { dispute } = observations.wrongCopies;
  if (dispute?.wrong === board) dispute.hasLeft = true;
  if (dispute?.right === board) {
    observations.breaks('wrongOneLeaves', `board ${board} was right, and left; board ${dispute.wrong} was wrong`);
  }
}

export function noteStopped(observations: Observations): void {
  const { dispute } = observations.wrongCopies;
  if (dispute === null) return;
  const { wrong, right } = dispute;
  observations.breaks(
    'wrongOneLeaves',
    `board ${wrong} was wrong, board ${right} could have gone on, and the pair stopped`,
  );
}

/** R19: from the fence of the wrong one on, nothing that it had committed is given out for the first time. */
export function judgeAnswer(
  observations: Observations,
  ref: string,
  bodies: readonly Uint8Array[],
  repeat: boolean,
): void {
  const { wrongCopies, world } = observations;
  if (!wrongCopies.isJudged || repeat || wrongCopies.personDecided || observations.tailLost) return;
  if (world.wrongStates.isWrong(bodies))
    observations.breaks('wrongOneLeaves', `${ref} was answered as the wrong board had it`);
}

/** What the gateway is about to do, as far as commits, verdicts and the third copy go. */
export function judgeEffect(observations: Observations, pair: PairState, effect: PairEffect): void {
  judgeThird(observations, effect);
  // A late result of a board that is fenced is asked for in its old epoch, and refused (R8).
  if (effect.type === 'requestCommit' && effect.epoch === pair.lease.epoch)
    noteAsked(observations, pair, effect.board, effect.seq);
  if (effect.type === 'openFault' && effect.fault.code === 'judged-wrong') {
    judgeVerdict(observations, effect.fault.board ?? '', String(effect.fault.evidence['decidedBy']));
  }
  if (effect.type === 'openFault' && effect.fault.code === 'sensor-drift') {
    observations.coverage.count('drifts told');
    const { a, b } = observations.world.boards;
    if (!observations.drifted && a.driftedBy === b.driftedBy)
      observations.breaks('driftOnlyWithACause', 'no sensor had drifted');
  }
  if (effect.type === 'openFault' && effect.fault.evidence['behind'] !== undefined) noteUntested(observations);
  if (effect.type === 'commandDone' && DECIDED.test(effect.ref)) observations.wrongCopies.personDecided = true;
  if (effect.type === 'send' && effect.message.kind === 'violation' && pair.comparison.dispute !== null) {
    observations.breaks(
      'violationOnlyToLockedOut',
      `board ${effect.board} got VIOLATION while it was not known who is wrong`,
    );
  }
}

/** R19: compared, and nothing else. */
function judgeThird(observations: Observations, effect: PairEffect): void {
  switch (effect.type) {
    case 'recordMemberState':
    case 'recordSession':
    case 'recordDone':
    case 'recordAttempt':
    case 'recordHealth':
    case 'recordVerdict':
    case 'requestCommit':
      if (effect.board === THIRD) observations.breaks('thirdCopyIsNobody', `the ledger is told ${effect.type} of it`);
      return;
    case 'recordFence':
    case 'moveRelay':
      if (effect.to === THIRD) observations.breaks('thirdCopyIsNobody', `${effect.type} to it`);
      return;
    default:
      return;
  }
}

/** R19: whoever is judged wrong on evidence has been made to compute wrongly, unless two of three were. */
function judgeVerdict(observations: Observations, board: string, decidedBy: string): void {
  const { wrongCopies } = observations;
  observations.coverage.count('judged wrong');
  if (decidedBy === 'nothing' || wrongCopies.struck.has(board as CopyName)) return;
  if (wrongCopies.struck.size > 1 || wrongCopies.personDecided || wrongCopies.hasPassed || observations.tailLost)
    return;
  observations.breaks(
    'judgedWrongIsWrong',
    `${decidedBy} says so of ${board}; wrong were ${[...wrongCopies.struck].join() || 'none'}`,
  );
}

/** DESIGN 4: on whose agreement the first commit of a seq was asked for. */
function noteAsked(observations: Observations, pair: PairState, board: string, seq: number): void {
  if (pair.config.commitNeeds === 'primary' || observations.inputs.get(seq)?.hash != null) return;
  observations.wrongCopies.asked.set(seq, askedBy(observations, pair, board as CopyName, seq));
}

function askedBy(observations: Observations, pair: PairState, board: CopyName, seq: number): Asked {
  const { answers } = observations.wrongCopies;
  const own = answers[board].get(seq);
  for (const { id } of observations.world.copies)
    if (id !== board && own !== undefined && answers[id].get(seq) === own) return 'agreed';
  const isAlone = followersOf(pair).every(({ membership: { state: memberState } }) => memberState !== 'in-sync');
  return isAlone && pair.config.ifAlone === 'go-on' ? 'alone' : 'nobody';
}

/** A seq's first commit was granted. */
export function judgeCommit(
  observations: Observations,
  seq: number,
  bodies: readonly Uint8Array[],
  level: number | null,
): void {
  const { wrongCopies, world } = observations;
  const { commitNeeds } = world.options.config;
  const asked = wrongCopies.asked.get(seq);
  wrongCopies.asked.delete(seq);
  const mayPass = commitNeeds === 'primary' || wrongCopies.personDecided || observations.tailLost;
  if (!mayPass && asked === 'nobody')
    observations.breaks('committedOnlyWhenAgreed', `seq ${seq}: no other copy had answered the same`);
  if (!world.wrongStates.isWrong(bodies)) return;
  if (mayPass || wrongCopies.hasPassed || asked === 'alone' || wrongCopies.struck.size > 1) {
    wrongCopies.hasPassed = true;
    if (level !== null) wrongCopies.passedLevels.add(level);
    return;
  }
  observations.breaks('wrongIsNeverCommitted', `seq ${seq}: ${[...wrongCopies.struck].join()} computed wrongly`);
}

/** What reaches the actuator. */
export function judgeLevel(observations: Observations, level: number): void {
  if (isWrongLevel(level) && !observations.wrongCopies.passedLevels.has(level)) {
    observations.breaks('wrongIsNeverCommitted', `the actuator sees the wrong level ${level}`);
  }
}
