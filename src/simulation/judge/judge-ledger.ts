import type { LedgerRequest } from '../../pair/effects.js';
import type { LedgerAnswer } from '../../pair/events.js';
import type { Facts } from './facts.js';

type Request<T extends LedgerRequest['type']> = Extract<LedgerRequest, { type: T }>;

/** Judges what the ledger's SQL has let into the file. */
export function judgeWritten(facts: Facts, request: LedgerRequest, answer: LedgerAnswer | null): void {
  switch (request.type) {
    case 'recordInput':
      if (answer?.type === 'inputRecorded') inputWritten(facts, request);
      return;
    case 'requestCommit':
      if (answer?.type === 'commitAnswered' && answer.outcome === 'granted') commitWritten(facts, request);
      return;
    case 'recordFence':
      if (answer?.type === 'fenceRecorded') fenceWritten(facts, request, answer);
      return;
    case 'recordStanding': {
      const { board, standing } = request;
      const before = facts.standings.get(board);
      facts.standings.set(board, standing);
      if (before === 'in-sync' && standing !== 'in-sync' && !facts.hasCause(board)) {
        facts.breaks('setAsideOnlyWithACause', `board ${board} is ${standing}, and nothing befell it`);
      }
      return;
    }
    case 'recordVerdict':
      facts.verdicts.add(request.seq);
      facts.latestOrder = -1;
      return;
    case 'quarantine':
    case 'finishInput': {
      const input = facts.inputs.get(request.seq);
      if (input === undefined) return;
      if (request.type === 'quarantine') input.quarantined = true;
      else input.finished = true;
      return;
    }
    default:
      return;
  }
}

function inputWritten(facts: Facts, { seq, ref, kind }: Request<'recordInput'>): void {
  const known = facts.refOfSeq.get(seq);
  // What a board executed and a lost tail forgot is read back under its seq (R27).
  if (known !== undefined && known !== ref && kind !== 'recovered') {
    facts.breaks('seqUsedOnce', `seq ${seq} was ${known} and is ${ref}`);
  }
  facts.refOfSeq.set(seq, ref);
  if (facts.inputs.has(seq)) return;
  facts.inputs.set(seq, {
    ...{ seq, ref, kind },
    ...{ committedBy: null, hash: null, order: -1, quarantined: false, finished: false },
  });
}

function commitWritten(facts: Facts, request: Request<'requestCommit'>): void {
  const { board, seq, hash, parts } = request;
  if (facts.standings.get(board) === 'locked-out') {
    facts.breaks('lockedOutCommitsNothing', `seq ${seq} was granted to ${board}, which is locked out`);
  }
  facts.granted.set(`${board} ${seq}`, hash);
  const input = facts.inputs.get(seq);
  if (input === undefined) return;
  const bodies = parts.map(({ body }) => body);
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
    return facts.learnLevel(bodies, input.order);
  }
  if (input.hash === hash) return;
  if (!facts.verdicts.has(seq) && facts.powerCuts === 0) {
    facts.breaks('oneCommittedResult', `seq ${seq} was granted with a second hash, to ${board}`);
  }
  facts.learnLevel(bodies, input.order);
}

function fenceWritten(
  facts: Facts,
  { from, to, locksOut }: Request<'recordFence'>,
  answer: Extract<LedgerAnswer, { type: 'fenceRecorded' }>,
): void {
  const hasMoved = answer.owner !== facts.owner;
  facts.owner = answer.owner;
  facts.epoch = answer.epoch;
  if (!hasMoved) return;
  const standing = facts.standings.get(to);
  if (standing !== 'in-sync') facts.breaks('fenceOnlyToTheFit', `the lease went to ${to}, which is ${standing}`);
  if (locksOut && !facts.hasCause(from)) {
    facts.breaks('fenceOnlyWithACause', `board ${from} was locked out, and nothing befell it`);
  }
  if (locksOut) facts.standings.set(from, 'locked-out');
  facts.fences.push({ atUs: facts.world.schedule.nowUs, from, to, epoch: answer.epoch, locksOut });
}
