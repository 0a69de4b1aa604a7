import type { StoreAnswer, StoreRequest } from '../../../ledger/worker/store-messages.js';
import { BOARD_NAMES, type BoardName } from '../../world/world.js';
import type { DeviceObservations } from './device-observations.js';
import { noteHeardOf } from './judge-device-output.js';

type AnswerOf<T extends StoreAnswer['type']> = Extract<StoreAnswer, { type: T }>;

/** Judges what the ledger's SQL has let into the file that decides, in the order in which it did. */
export function judgeDeviceFile(
  observations: DeviceObservations,
  requests: readonly StoreRequest[],
  answers: readonly StoreAnswer[],
): void {
  for (const answer of answers) if (answer.type === 'inputRecorded') observations.recorded.add(answer.seq);
  for (const request of requests) {
    switch (request.type) {
      case 'requestCommit': {
        const { board, session, seq, hash } = request;
        const isIts = (one: StoreAnswer): one is AnswerOf<'commitAnswered'> =>
          one.type === 'commitAnswered' &&
          one.board === board &&
          one.session === session &&
          one.seq === seq &&
          one.hash === hash;
        if (answers.find(isIts)?.outcome === 'granted') commitWritten(observations, request.board, request.seq);
        break;
      }
      case 'recordFence': {
        const { epoch } = request;
        const fence = answers.find((one) => one.type === 'fenceRecorded' && one.epoch === epoch);
        if (fence?.type === 'fenceRecorded') fenceWritten(observations, request, fence.owner);
        break;
      }
      case 'recordMemberState':
        memberStateWritten(observations, request.board, request.state);
        break;
      case 'recordVerdict':
        if (request.verdict === 'arbitrated') noteArbitrated(observations, request.seq);
        break;
      case 'dropInput':
        noteDropped(observations, request.seq);
        break;
      case 'recordStopped':
        if (request.stopped) stopWritten(observations);
        break;
      default:
    }
  }
}

function commitWritten(observations: DeviceObservations, board: string, seq: number): void {
  const record = observations.recordOfSeq.get(seq);
  if (record !== undefined) {
    record.isCommitted = true;
    noteHeardOf(observations, record, board);
  }
  if (observations.memberStates.get(board) === 'locked-out')
    observations.breaks('lockedOutCommitsNothing', `seq ${seq} was granted to ${board}`);
}

function noteArbitrated(observations: DeviceObservations, seq: number): void {
  const record = observations.recordOfSeq.get(seq);
  if (record !== undefined) record.isArbitrated = true;
}

function noteDropped(observations: DeviceObservations, seq: number): void {
  const record = observations.recordOfSeq.get(seq);
  if (record !== undefined) record.isDropped = true;
}

function fenceWritten(
  observations: DeviceObservations,
  { from, to, locksOut }: Extract<StoreRequest, { type: 'recordFence' }>,
  owner: string,
): void {
  if (owner === observations.owner) return;
  observations.owner = owner;
  if (observations.memberStates.get(to) !== 'in-sync')
    observations.breaks('fenceOnlyToTheFit', `the lease went to ${to}, which is ${observations.memberStates.get(to)}`);
  if (locksOut && !observations.hasCause(from))
    observations.breaks('fenceOnlyWithACause', `board ${from} was locked out, and nothing befell it`);
  if (locksOut) observations.memberStates.set(from, 'locked-out');
  observations.coverage.count(locksOut ? 'takeovers' : 'switchovers');
  observations.fences.push({ atUs: observations.world.schedule.nowUs, from, to, locksOut });
}

function memberStateWritten(
  observations: DeviceObservations,
  board: string,
  state: Extract<StoreRequest, { type: 'recordMemberState' }>['state'],
): void {
  const before = observations.memberStates.get(board);
  observations.memberStates.set(board, state);
  // Whoever comes back is compared anew.
  if (state !== 'in-sync') observations.doubted.clear();
  if (before === 'joining' && state === 'in-sync') observations.coverage.count('joins by replay');
  const joinsAnew = state === 'set-aside' && observations.mayDiffer;
  if (before === 'in-sync' && state !== 'in-sync' && !observations.hasCause(board) && !joinsAnew)
    observations.breaks('setAsideOnlyWithACause', `board ${board} is ${state}, and nothing befell it`);
}

function stopWritten(observations: DeviceObservations): void {
  observations.coverage.count('stops');
  const { contact } = observations.world;
  const isRelay = observations.relayFailed || contact.stuck || contact.slowerUs > 0;
  if (isRelay || BOARD_NAMES.every((name) => observations.hasCause(name))) return;
  // One that had left the pair before, for a cause of its own (`memberStateWritten`), is nobody who could take over.
  const isOut = (name: BoardName): boolean => observations.memberStates.get(name) !== 'in-sync';
  if (
    BOARD_NAMES.some((name) => observations.hasFailed(name) && BOARD_NAMES.every((one) => one === name || isOut(one)))
  )
    return;
  const failed = BOARD_NAMES.filter((name) => observations.hasCause(name)).join() || 'nobody';
  observations.breaks('stopsOnlyWithACause', `only ${failed} had failed`);
}
