import type { FromBoard } from '../../../pair/result/messages.js';
import type { PairEffect } from '../../../pair/state/effects.js';
import { isHarmless } from '../../unmodified/device-work.js';
import type { UnmodifiedBoard } from '../../unmodified/unmodified-board.js';
import type { BoardName } from '../../world/world.js';
import type { DeviceObservations } from './device-observations.js';
import { type DeviceRecord, textOf } from './device-record.js';

type Send = Extract<PairEffect, { type: 'send' }>;

/** An input is about to leave to a board. */
export function judgeDeviceGiven(observations: DeviceObservations, { board: id, message }: Send): void {
  if (message.kind !== 'input' || message.probe) return;
  const record = observations.recordOf(message.payload);
  if (record === null) return;
  const board = id as BoardName;
  const { life } = observations.world.boards[board];
  const { seq } = message;
  const what = `${record.work.kind} ${record.work.number} (seq ${seq}) to board ${board}`;
  record.seqs.add(seq);
  observations.recordOfSeq.set(seq, record);
  const isLeading = board === observations.owner;
  const giving = { board, life, isLeading, cuts: observations.cuts };
  if (!observations.recorded.has(seq)) observations.breaks('givenOnlyWhenRecorded', what);
  // What changes nothing may have been done when it was given first, whatever the board says to it when it is given again.
  const isRepeated = isHarmless(record.work) && record.givings.filter((one) => one.isLeading).length > 1;
  if (!isLeading && !isTakenByWhoLed(record) && !isRepeated) observations.breaks('copyOnlyWhenDone', what);
  // R25: what is given again to a board that has begun anew is judged by what the board does.
  if (!isHarmless(record.work) && !record.isReleased && !isReplaying(observations, board)) {
    if (record.isInDoubt) observations.breaks('doubtIsNotRedone', what);
    const isSame = (one: typeof giving): boolean =>
      one.board === board && one.life === life && one.cuts === observations.cuts;
    const notTaken = record.told.filter((told) => isSame(told) && told.ending === 'not-taken').length;
    if (record.givings.filter(isSame).length > notTaken) observations.breaks('writtenOnce', what);
  }
  record.givings.push(giving);
}

function isReplaying({ world: { gateway } }: DeviceObservations, board: BoardName): boolean {
  return gateway?.pair.boards.get(board)?.membership.joining?.step === 'replaying';
}

/** A fault names it as what a board may have carried out, and nobody knows. */
export function noteDoubtTold(observations: DeviceObservations, board: string | null, seq: number): void {
  const record = observations.recordOfSeq.get(seq);
  if (record === undefined) return;
  record.isDoubtTold = true;
  const giving = record.givings.findLast((one) => one.board === board);
  if (giving === undefined || isHarmless(record.work)) return;
  const isHeard = record.told.some((told) => told.board === board && told.life === giving.life);
  if (!isHeard) observations.mayDiffer = true;
}

/** R22: a person wants it tried again, whoever may have carried it out. */
export function noteReleased(observations: DeviceObservations, seq: number): void {
  const record = observations.recordOfSeq.get(seq);
  if (record !== undefined) record.isReleased = true;
}

/** R2: there is something to copy. */
function isTakenByWhoLed({ told, isCommitted }: DeviceRecord): boolean {
  return isCommitted || told.some(({ isLeading, ending }) => isLeading && ending !== 'not-taken');
}

export function noteCarriedOut(
  observations: DeviceObservations,
  { id, life }: UnmodifiedBoard,
  record: DeviceRecord,
): void {
  const board = id as BoardName;
  const giving = record.givings.findLast((one) => one.board === board);
  // What the next primary does again is later than whatever the one before it did.
  if (record.order < 0 || giving?.isLeading === true) record.order = observations.carriedOut++;
  const isAgain = record.carriedOut.some((one) => one.board === board && one.life === life);
  const { kind, number } = record.work;
  if (isAgain && !isHarmless(record.work) && !record.isReleased && observations.cuts === 0)
    observations.breaks('writtenOnce', `board ${board} carries out ${kind} ${number} again in life ${life}`);
  if (giving === undefined)
    observations.breaks('givenOnlyWhenRecorded', `board ${board} carries out ${kind} ${number} unasked`);
  record.carriedOut.push({ board, life });
}

/** A link has told the gateway what its board said. */
export function noteTold(observations: DeviceObservations, port: BoardName, message: FromBoard): void {
  if (message.kind === 'said') {
    observations.said.set(textOf([message.body]), port === observations.owner);
    return;
  }
  if (message.kind !== 'result') return;
  const record = observations.recordOfSeq.get(message.seq);
  if (record === undefined) return;
  // Of the board that was given it: it may have begun anew since it has said so.
  const life = record.givings.findLast(({ board }) => board === port)?.life ?? observations.world.boards[port].life;
  const ending = message.ending ?? null;
  record.told.push({
    ...{ board: port, life, isLeading: port === observations.owner, cuts: observations.cuts },
    ...{ text: textOf(message.parts.map(({ body }) => body)), ending },
  });
  noteCompared(observations, record);
  if (ending === 'in-doubt' && !isHarmless(record.work)) observations.doubted.add(record);
}

/** Both have answered it, alike: what was in doubt before it is settled. */
function noteCompared(observations: DeviceObservations, record: DeviceRecord): void {
  const [a, b] = [lastOf(record, 'a'), lastOf(record, 'b')];
  if (a?.ending !== null || b?.ending !== null || a?.text !== b?.text) return;
  for (const doubted of observations.doubted) if (doubted.order < record.order) observations.doubted.delete(doubted);
}

function lastOf({ told }: DeviceRecord, board: BoardName): DeviceRecord['told'][number] | undefined {
  return told.findLast((one) => one.board === board);
}

/** The client has an answer. */
export function judgeDeviceAnswer(
  observations: DeviceObservations,
  record: DeviceRecord,
  bodies: readonly Uint8Array[],
  repeat: boolean,
): void {
  const text = textOf(bodies);
  const { cuts } = observations;
  const what = `input ${record.work.number}`;
  const sameCuts = record.answers.filter((answer) => answer.cuts === cuts);
  if (!record.told.some((told) => told.text === text))
    observations.breaks('answerIsOfTheInput', `${what} was answered ${text}, which no board has said`);
  if (!repeat && sameCuts.some((answer) => !answer.repeat))
    observations.breaks('answeredOnceUnmarked', `${what} was answered twice without a mark`);
  const before = sameCuts[0];
  if (before !== undefined && before.text !== text && !record.isArbitrated)
    observations.breaks('sameAnswerAgain', `${what} was answered ${before.text} and then ${text}`);
  if (record.refused !== null)
    observations.breaks('answeredOnceUnmarked', `${what} was refused (${record.refused}) and then answered`);
  if (repeat) observations.coverage.count('repeated answers');
  record.answers.push({ text, repeat, cuts });
}
