import type { StoreAnswer, StoreRequest } from '../../../ledger/worker/store-messages.js';
import { BOARD_NAMES } from '../../world/world.js';
import type { DeviceObservations } from './device-observations.js';
import { noteHeardOf } from './judge-device-output.js';

/** Judges what the ledger's SQL has let into the file that decides. */
export function judgeDeviceFile(
  observations: DeviceObservations,
  requests: readonly StoreRequest[],
  answers: readonly StoreAnswer[],
): void {
  for (const answer of answers) {
    if (answer.type === 'inputRecorded') observations.recorded.add(answer.seq);
    if (answer.type === 'commitAnswered' && answer.outcome === 'granted') {
      const record = observations.recordOfSeq.get(answer.seq);
      if (record !== undefined) {
        record.isCommitted = true;
        noteHeardOf(observations, record, answer.board);
      }
      if (observations.memberStates.get(answer.board) === 'locked-out')
        observations.breaks('lockedOutCommitsNothing', `seq ${answer.seq} was granted to ${answer.board}`);
    }
    if (answer.type === 'fenceRecorded') fenceWritten(observations, requests, answer.owner, answer.epoch);
  }
  for (const request of requests) {
    if (request.type === 'recordMemberState') memberStateWritten(observations, request.board, request.state);
    if (request.type === 'recordVerdict' && request.verdict === 'arbitrated') noteArbitrated(observations, request.seq);
    if (request.type === 'dropInput') noteDropped(observations, request.seq);
    if (request.type === 'recordStopped' && request.stopped) stopWritten(observations);
  }
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
  requests: readonly StoreRequest[],
  owner: string,
  epoch: number,
): void {
  const fence = requests.find((request) => request.type === 'recordFence' && request.epoch === epoch);
  if (owner === observations.owner || fence?.type !== 'recordFence') return;
  const { from, to, locksOut } = fence;
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
  const joinsAnew = state === 'set-aside' && observations.diedAtWork;
  if (before === 'in-sync' && state !== 'in-sync' && !observations.hasCause(board) && !joinsAnew)
    observations.breaks('setAsideOnlyWithACause', `board ${board} is ${state}, and nothing befell it`);
}

function stopWritten(observations: DeviceObservations): void {
  observations.coverage.count('stops');
  const { contact } = observations.world;
  const isRelay = observations.relayFailed || contact.stuck || contact.slowerUs > 0;
  if (isRelay || BOARD_NAMES.every((name) => observations.hasCause(name))) return;
  const failed = BOARD_NAMES.filter((name) => observations.hasCause(name)).join() || 'nobody';
  observations.breaks('stopsOnlyWithACause', `only ${failed} had failed`);
}
