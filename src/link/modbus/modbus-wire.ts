import type { BoardWire } from '../../pair/result/board-wire.js';
import type { RegisterRange } from '../../protocol/modbus/function-codes.js';
import { FUNCTION } from '../../protocol/modbus/function-codes.js';
import type { CodeTable } from '../../protocol/modbus/pdu-length.js';
import { overlapsAny, placeRange } from '../../protocol/modbus/register-set.js';
import { parseRequest, readablePieces, readingRequest } from '../../protocol/modbus/request.js';
import { compareRegisters } from './compare-registers.js';
import type { ModbusOptions } from './modbus-options.js';
import { STRIKES } from './register-watch.js';

/** Unit and PDU. */
const MAX_PAYLOAD_BYTES = 254;
const CRC_BYTES = 2;
const U32 = 2 ** 32;
const READ_ONLY: readonly number[] = [FUNCTION.reportServerId, FUNCTION.encapsulated];

/** What Modbus RTU costs, and what its slaves can do: answer, in bounded time, and be given registers where they are named. */
export function modbusWire(options: ModbusOptions): BoardWire {
  const { codes, clearOnRead, joinCopy, written, restartSign, readFrom } = options;
  const state = joinCopy.length > 0;
  return {
    abilities: {
      ...{ commit: false, digest: false, state, identity: false, repeats: false, bounded: true, keeps: false },
    },
    exchangeBytes: (payloadBytes) => payloadBytes + CRC_BYTES,
    sessions: 255,
    lastSeq: U32 - 1,
    pairTimeSpanMs: U32,
    maxPayloadBytes: MAX_PAYLOAD_BYTES,
    countsRepeats: true,
    examines: written.length > 0 || restartSign !== null,
    mayRepeat: (payload) => mayRepeat(payload, codes, clearOnRead),
    // What a read changes both boards have to be read for.
    isReadAlone: (payload) => readFrom === 'primary' && payload.length > 0 && mayRepeat(payload, codes, clearOnRead),
    isPulse: (payload) => isPulse(payload, options),
    compareAnswers: (payload, committed, other) => {
      const requests = payload.length === 0 ? watchRequests(options) : [payload.subarray(1)];
      return compareRegisters(requests, committed, other, options);
    },
  };
}

/** What both boards are asked for a probe, a part of its result each. The sign of a restart is among it: not compared, and looked at all the same. */
export function watchRequests({ watch, restartSign }: ModbusOptions): readonly Uint8Array[] {
  const watched = restartSign === null ? watch : [...watch, placeRange(restartSign)];
  return watched.flatMap(readablePieces).map(readingRequest);
}

function isPulse(payload: Uint8Array, { codes, pulse }: ModbusOptions): boolean {
  const request = parseRequest(payload.subarray(1), codes);
  return !('exception' in request) && request.writes !== null && overlapsAny(request.writes, pulse);
}

/** R19: what a board is examined by: the sign of a restart, and what was written, as often as it takes to be evidence. */
export function examinationRequests({ written, restartSign }: ModbusOptions): readonly Uint8Array[] {
  const sign = restartSign === null ? [] : [readingRequest(placeRange(restartSign))];
  const kept = written.flatMap(readablePieces).map(readingRequest);
  return [...sign, ...Array.from({ length: STRIKES }, () => kept).flat()];
}

/**
 * A read that changes nothing, as far as anybody has said. What only a table of lengths knows may do anything.
 * @param payload unit and PDU; nothing: a probe, which reads what may be read
 */
export function mayRepeat(payload: Uint8Array, codes: CodeTable, clearOnRead: readonly RegisterRange[]): boolean {
  const [unit] = payload;
  if (unit === undefined) return true;
  const request = parseRequest(payload.subarray(1), codes);
  // A slave is not even asked for it.
  if ('exception' in request) return true;
  if (unit === 0 || request.writes !== null) return false;
  if (request.reads === null) return READ_ONLY.includes(request.code) && !codes.has(request.code);
  return !overlapsAny(request.reads, clearOnRead);
}
