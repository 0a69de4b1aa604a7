import type { PairEffect } from '../../pair/state/effects.js';
import type { PairState } from '../../pair/state/pair-state.js';
import { boardOf, followersOf, isProtected } from '../../pair/state/roles.js';
import { type CopyName, THIRD } from '../boards/copy-name.js';
import { isWrongLevel, type Wrongness } from '../boards/history-application.js';
import { type FaultKind, WRONG_KINDS } from '../faults/fault-kinds.js';
import type { BoardName } from '../world.js';
import type { Facts } from './facts.js';
import type { Asked } from './wrongs.js';

/** Copies of what is in work, the third copy's time for one, and a takeover take no longer. */
const SETTLED_WITHIN_US = 4_000_000;

export function noteStrike(facts: Facts, kind: FaultKind, board: BoardName): void {
  const { wrongs } = facts;
  const copy = kind === 'third-copy-wrong' ? THIRD : board;
  const isSameAgain = WRONG_KINDS.includes(kind) && wrongs.struck.size === 1 && wrongs.struck.has(copy);
  if (!isSameAgain) wrongs.strikes++;
  if (WRONG_KINDS.includes(kind)) wrongs.struck.add(copy);
  // What another one answers wrongly from now on nobody has judged yet.
  if (WRONG_KINDS.includes(kind) && !isSameAgain) wrongs.isJudged = false;
  // Two things at once: who leaves then is another matter.
  if (wrongs.strikes > 1) wrongs.riddle = null;
}

/** R19: a copy computes something wrong. Where somebody can tell, the wrong one has to leave, and the right one to drive. */
export function noteError(facts: Facts, copy: CopyName, wrongness: Wrongness): void {
  const { wrongs, world } = facts;
  if (isHidden(facts, wrongness)) return;
  if (copy === THIRD || wrongs.riddle !== null || wrongs.strikes !== 1 || wrongs.personDecided || wrongs.hasPassed)
    return;
  const pair = world.gateway?.alive === true ? world.gateway.pair : null;
  if (pair === null || pair.phase !== 'serving' || !isProtected(pair)) return;
  const byTest = !canOthersTell(pair, wrongness);
  if (byTest && !canTestTell(facts, pair, copy)) return;
  const dueUs = world.schedule.nowUs + SETTLED_WITHIN_US;
  const riddle = { wrong: copy, right: copy === 'a' ? 'b' : 'a', dueUs, byTest, hasLeft: false } as const;
  wrongs.riddle = riddle;
  world.schedule.at(dueUs, () => {
    if (wrongs.riddle?.dueUs === dueUs) judgeRiddle(facts);
  });
}

/** R20: where a value has a tolerance, states are not compared. */
function isHidden({ world, wrongs }: Facts, wrongness: Wrongness): boolean {
  const { tolerates } = world.options;
  if (tolerates && wrongness === 'latent') wrongs.differHidden = true;
  return tolerates && wrongness === 'latent';
}

function canTestTell(facts: Facts, pair: PairState, board: BoardName): boolean {
  const { wrongCpu, stuckCells } = facts.world.boards[board].defects;
  return pair.config.selfTests && (wrongCpu || stuckCells.size > 0);
}

function canOthersTell(pair: PairState, wrongness: Wrongness): boolean {
  const { witness, fields } = pair.config;
  if (wrongness === 'wild' && fields.some(({ max }) => max !== null)) return true;
  if (witness === null) return false;
  const {
    membership: { standing },
    session: { state: session },
  } = boardOf(pair, witness);
  return standing === 'in-sync' && session === 'open';
}

/** A person mends what is broken, or the time was too short: no self-test finds it. */
export function noteUntested({ wrongs }: Facts): void {
  if (wrongs.riddle?.byTest === true && !wrongs.riddle.hasLeft) wrongs.riddle = null;
}

/** All is quiet, or its time is over. */
export function judgeRiddle(facts: Facts): void {
  const { riddle } = facts.wrongs;
  if (riddle === null) return;
  facts.wrongs.riddle = null;
  const { wrong, right, hasLeft } = riddle;
  if (!hasLeft) facts.breaks('wrongOneLeaves', `board ${wrong} was wrong, and is in the pair`);
  const { at } = facts.world.contact;
  if (facts.owner !== right || at !== right) {
    facts.breaks('wrongOneLeaves', `${facts.owner} leads, the relay is at ${at}, board ${wrong} was wrong`);
  }
  facts.coverage.count('riddles solved');
}

/** A board has left the pair, or was fenced. */
export function noteLeft(facts: Facts, board: string): void {
  const { riddle } = facts.wrongs;
  if (riddle?.wrong === board) riddle.hasLeft = true;
  if (riddle?.right === board) {
    facts.breaks('wrongOneLeaves', `board ${board} was right, and left; board ${riddle.wrong} was wrong`);
  }
}

export function noteStopped(facts: Facts): void {
  const { riddle } = facts.wrongs;
  if (riddle === null) return;
  const { wrong, right } = riddle;
  facts.breaks('wrongOneLeaves', `board ${wrong} was wrong, board ${right} could have gone on, and the pair stopped`);
}

/** R19: from the fence of the wrong one on, nothing that it had committed is given out for the first time. */
export function judgeAnswer(facts: Facts, ref: string, bodies: readonly Uint8Array[], repeat: boolean): void {
  const { wrongs, world } = facts;
  if (!wrongs.isJudged || repeat || wrongs.personDecided || facts.tailLost) return;
  if (world.wrongStates.isWrong(bodies))
    facts.breaks('wrongOneLeaves', `${ref} was answered as the wrong board had it`);
}

/** What the gateway is about to do, as far as commits, verdicts and the third copy go. */
export function judgeEffect(facts: Facts, pair: PairState, effect: PairEffect): void {
  judgeThird(facts, effect);
  if (effect.type === 'requestCommit') noteAsked(facts, pair, effect.board, effect.seq);
  if (effect.type === 'openFault' && effect.fault.code === 'judged-wrong') {
    judgeVerdict(facts, effect.fault.board ?? '', String(effect.fault.evidence['decidedBy']));
  }
  if (effect.type === 'openFault' && effect.fault.code === 'sensor-drift') {
    facts.coverage.count('drifts told');
    const { a, b } = facts.world.boards;
    if (!facts.drifted && a.driftedBy === b.driftedBy) facts.breaks('driftOnlyWithACause', 'no sensor had drifted');
  }
  if (effect.type === 'openFault' && effect.fault.evidence['behind'] !== undefined) noteUntested(facts);
  if (effect.type === 'commandDone' && effect.ref.endsWith('resume')) facts.wrongs.personDecided = true;
  if (effect.type === 'send' && effect.message.kind === 'violation' && pair.comparison.riddle !== null) {
    facts.breaks('violationOnlyToLockedOut', `board ${effect.board} got VIOLATION while it was not known who is wrong`);
  }
}

/** R19: compared, and nothing else. */
function judgeThird(facts: Facts, effect: PairEffect): void {
  switch (effect.type) {
    case 'recordStanding':
    case 'recordSession':
    case 'recordDone':
    case 'recordAttempt':
    case 'recordHealth':
    case 'recordVerdict':
    case 'requestCommit':
      if (effect.board === THIRD) facts.breaks('thirdCopyIsNobody', `the ledger is told ${effect.type} of it`);
      return;
    case 'recordFence':
    case 'moveRelay':
      if (effect.to === THIRD) facts.breaks('thirdCopyIsNobody', `${effect.type} to it`);
      return;
    default:
      return;
  }
}

/** R19: whoever is judged wrong on evidence has been made to compute wrongly, unless two of three were. */
function judgeVerdict(facts: Facts, board: string, decidedBy: string): void {
  const { wrongs } = facts;
  facts.coverage.count('judged wrong');
  if (decidedBy === 'nothing' || wrongs.struck.has(board as CopyName)) return;
  if (wrongs.struck.size > 1 || wrongs.personDecided || wrongs.hasPassed || facts.tailLost) return;
  facts.breaks(
    'judgedWrongIsWrong',
    `${decidedBy} says so of ${board}; wrong were ${[...wrongs.struck].join() || 'none'}`,
  );
}

/** DESIGN 4: on whose agreement the first commit of a seq was asked for. */
function noteAsked(facts: Facts, pair: PairState, board: string, seq: number): void {
  if (pair.config.commitNeeds === 'primary' || facts.inputs.get(seq)?.hash != null) return;
  facts.wrongs.asked.set(seq, askedBy(facts, pair, board as CopyName, seq));
}

function askedBy(facts: Facts, pair: PairState, board: CopyName, seq: number): Asked {
  const { answers } = facts.wrongs;
  const own = answers[board].get(seq);
  for (const { id } of facts.world.copies)
    if (id !== board && own !== undefined && answers[id].get(seq) === own) return 'agreed';
  const isAlone = followersOf(pair).every(({ membership: { standing } }) => standing !== 'in-sync');
  return isAlone && pair.config.ifAlone === 'go-on' ? 'alone' : 'nobody';
}

/** A seq's first commit was granted. */
export function judgeCommit(facts: Facts, seq: number, bodies: readonly Uint8Array[], level: number | null): void {
  const { wrongs, world } = facts;
  const { commitNeeds } = world.options.config;
  const asked = wrongs.asked.get(seq);
  wrongs.asked.delete(seq);
  const mayPass = commitNeeds === 'primary' || wrongs.personDecided || facts.tailLost;
  if (!mayPass && asked === 'nobody')
    facts.breaks('committedOnlyWhenAgreed', `seq ${seq}: no other copy had answered the same`);
  if (!world.wrongStates.isWrong(bodies)) return;
  if (mayPass || wrongs.hasPassed || asked === 'alone' || wrongs.struck.size > 1) {
    wrongs.hasPassed = true;
    if (level !== null) wrongs.passedLevels.add(level);
    return;
  }
  facts.breaks('wrongIsNeverCommitted', `seq ${seq}: ${[...wrongs.struck].join()} computed wrongly`);
}

/** What reaches the actuator. */
export function judgeLevel(facts: Facts, level: number): void {
  if (isWrongLevel(level) && !facts.wrongs.passedLevels.has(level)) {
    facts.breaks('wrongIsNeverCommitted', `the actuator sees the wrong level ${level}`);
  }
}
