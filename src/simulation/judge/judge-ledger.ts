import { decodeBodies } from '../../ledger/result-blob.js';
import type { StoreAnswer, StoreRequest } from '../../ledger/worker/store-messages.js';
import { THIRD } from '../boards/copy-name.js';
import { levelIn } from '../boards/history-application.js';
import { BOARD_NAMES, type BoardName } from '../world/world.js';
import { judgeCommit, noteLeft, noteStopped } from './judge-arbitration.js';
import { noteHealthWritten } from './judge-rest.js';
import type { Observations } from './observations.js';

type Request<T extends StoreRequest['type']> = Extract<StoreRequest, { type: T }>;
type AnswerTo<T extends StoreAnswer['type']> = Extract<StoreAnswer, { type: T }>;

/** Judges what the ledger's SQL has let into the file that decides, in the order in which it did. */
export function judgeWritten(
  observations: Observations,
  requests: readonly StoreRequest[],
  answers: readonly StoreAnswer[],
): void {
  let next = 0;
  /** The answer to this request, if it is of this type; requests are answered in order, and some not at all. */
  const answer = <T extends StoreAnswer['type']>(type: T): AnswerTo<T> | null => {
    while (answers[next]?.type === 'inputRead' || answers[next]?.type === 'historyRead') next++;
    const found = answers[next];
    if (found?.type !== type) return null;
    next++;
    return found as AnswerTo<T>;
  };
  for (const request of requests) {
    switch (request.type) {
      case 'recordInput':
        if (answer('inputRecorded') !== null) inputWritten(observations, request);
        else if (answer('inputKnown') === null && answer('refUsed') === null) answer('refDropped');
        break;
      case 'requestCommit':
        if (answer('commitAnswered')?.outcome === 'granted') commitWritten(observations, request);
        break;
      case 'recordDone':
        if (answer('doneRecorded') !== null) doneWritten(observations, request);
        break;
      case 'reserveSeqs':
        if (request.answer) answer('seqsReserved');
        break;
      case 'recordFence': {
        const fence = answer('fenceRecorded');
        if (fence !== null) fenceWritten(observations, request, fence);
        break;
      }
      default:
        noteWritten(observations, request);
    }
  }
}

function doneWritten(observations: Observations, { board, seq }: Request<'recordDone'>): void {
  const { nowUs } = observations.world.schedule;
  if (board === observations.owner && observations.outstanding.delete(seq) && observations.outstanding.size === 0)
    observations.idleSinceUs = nowUs;
  if (observations.memberStates.get(board) !== 'locked-out') return;
  const fence = observations.fences.findLast(({ from, locksOut }) => locksOut && from === board);
  const actedAtUs = observations.actedAtUs[board as BoardName].get(seq);
  if (fence === undefined || actedAtUs === undefined) return;
  if (actedAtUs > fence.atUs)
    observations.breaks('fencedCountsForNothing', `seq ${seq} is recorded as done by ${board}`);
}

function noteWritten(observations: Observations, request: StoreRequest): void {
  switch (request.type) {
    case 'recordMemberState':
      return memberStateWritten(observations, request);
    case 'recordHealth':
      return noteHealthWritten(observations, request.board);
    case 'recordStopped':
      if (request.stopped) stopWritten(observations);
      return;
    case 'recordEmitted': {
      const ref = observations.refOfSeq.get(request.seq) ?? '';
      if (!observations.answers.has(ref)) observations.breaks('emittedOnlyWhenSent', `seq ${request.seq} (${ref})`);
      return;
    }
    case 'recordVerdict':
      observations.verdicts.add(request.seq);
      // Somebody else is right now: an older level may be his newest one.
      if (request.verdict === 'arbitrated') {
        observations.latestOrder = -1;
        observations.arbitrated.add(request.seq);
      }
      return;
    case 'quarantine':
    case 'releaseInput':
    case 'dropInput': {
      const input = observations.inputs.get(request.seq);
      if (input === undefined) return;
      if (request.type === 'quarantine') observations.coverage.count('quarantines');
      if (request.type === 'quarantine') input.quarantined = true;
      else if (request.type === 'releaseInput') {
        input.quarantined = false;
      } else input.dropped = true;
      return;
    }
    default:
      return;
  }
}

function stopWritten(observations: Observations): void {
  observations.coverage.count('stops');
  noteStopped(observations);
  const isRelay =
    observations.relayFailed || observations.world.contact.stuck || observations.world.contact.slowerUs > 0;
  // R19: a third copy that contradicts a primary which is alone with it: nobody knows who is wrong, and nothing is committed.
  if (observations.world.options.config.commitNeeds === 'both' && observations.wrongCopies.struck.has(THIRD)) return;
  // R27: the ledger lost that the primary it knows had been replaced, and has begun anew: a person decides.
  if (isRelay || observations.leaseMayBeLost || (observations.hasCause('a') && observations.hasCause('b'))) return;
  observations.breaks(
    'stopsOnlyWithACause',
    `only ${observations.hasCause('a') ? 'a' : observations.hasCause('b') ? 'b' : 'nobody'} had failed`,
  );
}

function memberStateWritten(
  observations: Observations,
  { board, state: memberState }: Request<'recordMemberState'>,
): void {
  const before = observations.memberStates.get(board);
  observations.memberStates.set(board, memberState);
  if (memberState === 'in-sync') {
    const clean = observations.executedWhenJoined.get(board) ?? 0;
    const isEnough = before === 'joining' && clean >= observations.world.options.config.joinComparisons;
    if (!isEnough)
      observations.breaks(
        'joinsAfterComparisons',
        `board ${board} is in sync after ${clean} executions (it was ${before})`,
      );
  }
  if (before === 'joining' && memberState === 'in-sync') {
    observations.coverage.count(observations.world.options.transfersState ? 'joins' : 'joins by replay');
  }
  if (before === 'in-sync' && memberState !== 'in-sync') noteLeft(observations, board);
  // R27: a backup that may not share what the ledger lost joins anew, and nobody is blamed. One that was given the same input as the first to
  // have it, by a takeover that was lost, has read for itself: it differs, and R18 keeps it out.
  const maySetAside = observations.leaseMayBeLost && (memberState === 'set-aside' || memberState === 'kept-out');
  if (before === 'in-sync' && memberState !== 'in-sync' && !observations.hasCause(board) && !maySetAside) {
    observations.breaks('setAsideOnlyWithACause', `board ${board} is ${memberState}, and nothing befell it`);
  }
}

function inputWritten(observations: Observations, { seq, ref, kind }: Request<'recordInput'>): void {
  const known = observations.refOfSeq.get(seq);
  // What a board executed and a lost tail forgot is read back under its seq (R27).
  // One that was recorded, and lost with all who were given it, nobody knows of.
  const isKnown = BOARD_NAMES.some(
    (name) => observations.memberStates.get(name) === 'in-sync' && observations.hasDone(name, 'executed', seq),
  );
  const isUnseen = observations.lostTails > 0 && !isKnown;
  if (known !== undefined && known !== ref && kind !== 'recovered' && !isUnseen) {
    observations.breaks('seqUsedOnce', `seq ${seq} was ${known} and is ${ref}`);
  }
  observations.refOfSeq.set(seq, ref);
  observations.recordedAtUs.set(seq, observations.world.schedule.nowUs);
  if (observations.inputs.has(seq)) return;
  const fate = { committedBy: null, hash: null, order: -1, quarantined: false, dropped: false };
  observations.inputs.set(seq, { seq, ref, kind, ...fate });
}

function commitWritten(observations: Observations, request: Request<'requestCommit'>): void {
  const { board, seq, hash, result } = request;
  if (observations.memberStates.get(board) === 'locked-out') {
    observations.breaks('lockedOutCommitsNothing', `seq ${seq} was granted to ${board}, which is locked out`);
  }
  observations.granted[board as BoardName].set(seq, hash);
  const input = observations.inputs.get(seq);
  if (input === undefined) return;
  if (input.hash === null) {
    if (board !== observations.owner) {
      observations.breaks(
        'firstCommitNeedsTheLease',
        `seq ${seq} was first committed by ${board}, the lease is ${observations.owner}'s`,
      );
    }
    input.committedBy = board;
    input.hash = hash;
    input.order = observations.commits++;
    const bodies = decodeBodies(result) ?? [];
    observations.learnLevel(bodies, input);
    return judgeCommit(observations, seq, bodies, levelIn(bodies));
  }
  if (board === observations.owner && input.committedBy !== board) observations.coverage.count('adopted results');
  // It may be that it was lost and is done again, in another order.
  if (observations.lostTails > 0 && board === observations.owner) {
    const before = input.order;
    input.order = observations.commits++;
    // Whoever shows this very input shows it in its new place.
    for (const [name, { life, order }] of observations.shown) {
      if (order === before) observations.shown.set(name, { life, order: input.order });
    }
    observations.learnLevel(decodeBodies(result) ?? [], input);
  }
  if (input.hash === hash) return;
  if (!observations.verdicts.has(seq) && observations.powerCuts === 0) {
    observations.breaks('oneCommittedResult', `seq ${seq} was granted with a second hash, to ${board}`);
  }
  const bodies = decodeBodies(result) ?? [];
  observations.learnLevel(bodies, input);
  judgeCommit(observations, seq, bodies, levelIn(bodies));
}

function fenceWritten(
  observations: Observations,
  { from, to, locksOut }: Request<'recordFence'>,
  answer: AnswerTo<'fenceRecorded'>,
): void {
  const hasMoved = answer.owner !== observations.owner;
  observations.owner = answer.owner;
  observations.epoch = answer.epoch;
  if (!hasMoved) return;
  // Whoever is wrong for good may lead again.
  observations.wrongCopies.isJudged = false;
  const memberState = observations.memberStates.get(to);
  if (memberState !== 'in-sync')
    observations.breaks('fenceOnlyToTheFit', `the lease went to ${to}, which is ${memberState}`);
  if (locksOut && !observations.hasCause(from) && !isLeftByALostTail(observations, from, to)) {
    observations.breaks('fenceOnlyWithACause', `board ${from} was locked out, and nothing befell it`);
  }
  if (locksOut) {
    observations.memberStates.set(from, 'locked-out');
    if (observations.wrongCopies.dispute?.wrong === from) observations.wrongCopies.isJudged = true;
    noteLeft(observations, from);
  }
  observations.outstanding.clear();
  observations.unhinderedSinceUs = observations.world.schedule.nowUs;
  observations.switching = locksOut
    ? null
    : { to, level: observations.world.actuator.seen.at(-1)?.level ?? null, gapFromUs: null };
  observations.coverage.count(locksOut ? 'takeovers' : 'switchovers');
  observations.fences.push({ atUs: observations.world.schedule.nowUs, from, to, epoch: answer.epoch, locksOut });
}

/** R10: it had been replaced, or had begun the life that it leads, and the ledger lost that. */
function isLeftByALostTail({ leaseMayBeLost, world }: Observations, from: string, to: string): boolean {
  if (!leaseMayBeLost) return false;
  const countOf = (board: string): number => world.boards[board as BoardName].core?.memory.executionCount ?? 0;
  const board = world.gateway?.pair.boards.get(from);
  const isOtherLife = board?.session.hello != null && board.session.hello.boot !== board.session.boot;
  return isOtherLife || countOf(from) < countOf(to);
}
