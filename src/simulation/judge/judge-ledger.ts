import { decodeBodies } from '../../ledger/result-blob.js';
import type { StoreAnswer, StoreRequest } from '../../ledger/worker/store-messages.js';
import { THIRD } from '../boards/copy-name.js';
import { levelIn } from '../boards/history-application.js';
import { BOARD_NAMES, type BoardName } from '../world.js';
import type { Facts } from './facts.js';
import { judgeCommit, noteLeft, noteStopped } from './judge-arbitration.js';
import { noteHealthWritten } from './judge-rest.js';

type Request<T extends StoreRequest['type']> = Extract<StoreRequest, { type: T }>;
type AnswerTo<T extends StoreAnswer['type']> = Extract<StoreAnswer, { type: T }>;

/** Judges what the ledger's SQL has let into the file that decides, in the order in which it did. */
export function judgeWritten(facts: Facts, requests: readonly StoreRequest[], answers: readonly StoreAnswer[]): void {
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
        if (answer('inputRecorded') !== null) inputWritten(facts, request);
        else if (answer('inputKnown') === null && answer('refUsed') === null) answer('refDropped');
        break;
      case 'requestCommit':
        if (answer('commitAnswered')?.outcome === 'granted') commitWritten(facts, request);
        break;
      case 'recordDone':
        if (answer('doneRecorded') !== null) doneWritten(facts, request);
        break;
      case 'reserveSeqs':
        if (request.answer) answer('seqsReserved');
        break;
      case 'recordFence': {
        const fence = answer('fenceRecorded');
        if (fence !== null) fenceWritten(facts, request, fence);
        break;
      }
      default:
        noteWritten(facts, request);
    }
  }
}

function doneWritten(facts: Facts, { board, seq }: Request<'recordDone'>): void {
  const { nowUs } = facts.world.schedule;
  if (board === facts.owner && facts.outstanding.delete(seq) && facts.outstanding.size === 0) facts.idleSinceUs = nowUs;
  if (facts.standings.get(board) !== 'locked-out') return;
  const fence = facts.fences.findLast(({ from, locksOut }) => locksOut && from === board);
  const actedAtUs = facts.actedAtUs[board as BoardName].get(seq);
  if (fence === undefined || actedAtUs === undefined) return;
  if (actedAtUs > fence.atUs) facts.breaks('fencedCountsForNothing', `seq ${seq} is recorded as done by ${board}`);
}

function noteWritten(facts: Facts, request: StoreRequest): void {
  switch (request.type) {
    case 'recordStanding':
      return standingWritten(facts, request);
    case 'recordHealth':
      return noteHealthWritten(facts, request.board);
    case 'recordStopped':
      if (request.stopped) stopWritten(facts);
      return;
    case 'recordEmitted': {
      const ref = facts.refOfSeq.get(request.seq) ?? '';
      if (!facts.answers.has(ref)) facts.breaks('emittedOnlyWhenSent', `seq ${request.seq} (${ref})`);
      return;
    }
    case 'recordVerdict':
      facts.verdicts.add(request.seq);
      // Somebody else is right now: an older level may be his newest one.
      if (request.verdict === 'arbitrated') {
        facts.latestOrder = -1;
        facts.arbitrated.add(request.seq);
      }
      return;
    case 'quarantine':
    case 'releaseInput':
    case 'dropInput': {
      const input = facts.inputs.get(request.seq);
      if (input === undefined) return;
      if (request.type === 'quarantine') facts.coverage.count('quarantines');
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

function stopWritten(facts: Facts): void {
  facts.coverage.count('stops');
  noteStopped(facts);
  const isRelay = facts.relayFailed || facts.world.contact.stuck || facts.world.contact.slowerUs > 0;
  // R19: a third copy that contradicts a primary which is alone with it: nobody knows who is wrong, and nothing is committed.
  if (facts.world.options.config.commitNeeds === 'both' && facts.wrongs.struck.has(THIRD)) return;
  // R27: the ledger lost that the primary it knows had been replaced, and has begun anew: a person decides.
  if (isRelay || facts.leaseMayBeLost || (facts.hasCause('a') && facts.hasCause('b'))) return;
  facts.breaks(
    'stopsOnlyWithACause',
    `only ${facts.hasCause('a') ? 'a' : facts.hasCause('b') ? 'b' : 'nobody'} had failed`,
  );
}

function standingWritten(facts: Facts, { board, standing }: Request<'recordStanding'>): void {
  const before = facts.standings.get(board);
  facts.standings.set(board, standing);
  if (standing === 'in-sync') {
    const clean = facts.executedWhenJoined.get(board) ?? 0;
    const isEnough = before === 'joining' && clean >= facts.world.options.config.joinComparisons;
    if (!isEnough)
      facts.breaks('joinsAfterComparisons', `board ${board} is in sync after ${clean} executions (it was ${before})`);
  }
  if (before === 'joining' && standing === 'in-sync') {
    facts.coverage.count(facts.world.options.transfersState ? 'joins' : 'joins by replay');
  }
  if (before === 'in-sync' && standing !== 'in-sync') noteLeft(facts, board);
  // R27: a backup that may not share what the ledger lost joins anew, and nobody is blamed.
  const maySetAside = facts.leaseMayBeLost && standing === 'set-aside';
  if (before === 'in-sync' && standing !== 'in-sync' && !facts.hasCause(board) && !maySetAside) {
    facts.breaks('setAsideOnlyWithACause', `board ${board} is ${standing}, and nothing befell it`);
  }
}

function inputWritten(facts: Facts, { seq, ref, kind }: Request<'recordInput'>): void {
  const known = facts.refOfSeq.get(seq);
  // What a board executed and a lost tail forgot is read back under its seq (R27).
  // One that was recorded, and lost with all who were given it, nobody knows of.
  const isKnown = BOARD_NAMES.some(
    (name) => facts.standings.get(name) === 'in-sync' && facts.lives.get(name)?.executed.has(seq) === true,
  );
  const isUnseen = facts.lostTails > 0 && !isKnown;
  if (known !== undefined && known !== ref && kind !== 'recovered' && !isUnseen) {
    facts.breaks('seqUsedOnce', `seq ${seq} was ${known} and is ${ref}`);
  }
  facts.refOfSeq.set(seq, ref);
  facts.recordedAtUs.set(seq, facts.world.schedule.nowUs);
  if (facts.inputs.has(seq)) return;
  const fate = { committedBy: null, hash: null, order: -1, quarantined: false, dropped: false };
  facts.inputs.set(seq, { seq, ref, kind, ...fate });
}

function commitWritten(facts: Facts, request: Request<'requestCommit'>): void {
  const { board, seq, hash, result } = request;
  if (facts.standings.get(board) === 'locked-out') {
    facts.breaks('lockedOutCommitsNothing', `seq ${seq} was granted to ${board}, which is locked out`);
  }
  facts.granted[board as BoardName].set(seq, hash);
  const input = facts.inputs.get(seq);
  if (input === undefined) return;
  if (input.hash === null) {
    if (board !== facts.owner) {
      facts.breaks(
        'firstCommitNeedsTheLease',
        `seq ${seq} was first committed by ${board}, the lease is ${facts.owner}'s`,
      );
    }
    input.committedBy = board;
    input.hash = hash;
    input.order = facts.commits++;
    const bodies = decodeBodies(result) ?? [];
    facts.learnLevel(bodies, input);
    return judgeCommit(facts, seq, bodies, levelIn(bodies));
  }
  if (board === facts.owner && input.committedBy !== board) facts.coverage.count('adopted results');
  // It may be that it was lost and is done again, in another order.
  if (facts.lostTails > 0 && board === facts.owner) {
    input.order = facts.commits++;
    facts.learnLevel(decodeBodies(result) ?? [], input);
  }
  if (input.hash === hash) return;
  if (!facts.verdicts.has(seq) && facts.powerCuts === 0) {
    facts.breaks('oneCommittedResult', `seq ${seq} was granted with a second hash, to ${board}`);
  }
  const bodies = decodeBodies(result) ?? [];
  facts.learnLevel(bodies, input);
  judgeCommit(facts, seq, bodies, levelIn(bodies));
}

function fenceWritten(
  facts: Facts,
  { from, to, locksOut }: Request<'recordFence'>,
  answer: AnswerTo<'fenceRecorded'>,
): void {
  const hasMoved = answer.owner !== facts.owner;
  facts.owner = answer.owner;
  facts.epoch = answer.epoch;
  if (!hasMoved) return;
  // Whoever is wrong for good may lead again.
  facts.wrongs.isJudged = false;
  const standing = facts.standings.get(to);
  if (standing !== 'in-sync') facts.breaks('fenceOnlyToTheFit', `the lease went to ${to}, which is ${standing}`);
  if (locksOut && !facts.hasCause(from) && !isLeftByALostTail(facts, from, to)) {
    facts.breaks('fenceOnlyWithACause', `board ${from} was locked out, and nothing befell it`);
  }
  if (locksOut) {
    facts.standings.set(from, 'locked-out');
    if (facts.wrongs.riddle?.wrong === from) facts.wrongs.isJudged = true;
    noteLeft(facts, from);
  }
  facts.outstanding.clear();
  facts.unhinderedSinceUs = facts.world.schedule.nowUs;
  facts.switching = locksOut ? null : { to, level: facts.world.actuator.seen.at(-1)?.level ?? null, gapFromUs: null };
  facts.coverage.count(locksOut ? 'takeovers' : 'switchovers');
  facts.fences.push({ atUs: facts.world.schedule.nowUs, from, to, epoch: answer.epoch, locksOut });
}

/** R10: it had been replaced, or had begun the life that it leads, and the ledger lost that. */
function isLeftByALostTail({ leaseMayBeLost, world }: Facts, from: string, to: string): boolean {
  if (!leaseMayBeLost) return false;
  const countOf = (board: string): number => world.boards[board as BoardName].core?.memory.executionCount ?? 0;
  const board = world.gateway?.pair.boards.get(from);
  const isOtherLife = board?.session.hello != null && board.session.hello.boot !== board.session.boot;
  return isOtherLife || countOf(from) < countOf(to);
}
