import type { FromBoard, Hello, ToBoard } from '../../pair/result/messages.js';
import {
  FRAME,
  type FromBoardMessage,
  type HelloMessage,
  type ToBoardMessage,
  VERSIONS,
} from '../../protocol/messages.generated.js';

const INPUT_FIXED_BYTES = 1 + 4 + 4 + 1; // flags, pair time, position, count of observed values
const OBSERVED_BYTES = 4;

const bodyBytes = (decodedBytes: number): number => decodedBytes - FRAME.headerBytes - FRAME.crcBytes;

/** Longest payload of an input that fits a frame of any version together with every value the other board may have observed (R21). */
export const MAX_INPUT_PAYLOAD_BYTES = Math.min(
  ...VERSIONS.map(({ decodedBytes, lines }) => bodyBytes(decodedBytes) - INPUT_FIXED_BYTES - lines * OBSERVED_BYTES),
);

export type Version = (typeof VERSIONS)[number];

const [OLDEST] = VERSIONS;

/** Null for a version of the protocol that this gateway does not speak. */
export function versionOf(protocol: number): Version | null {
  return VERSIONS.find((version) => version.protocol === protocol) ?? null;
}

/** VIOLATION.reason: the board was locked out. */
const LOCKED_OUT = 1;

/**
 * What the core says, as the frame to send in `session`. HELLO_REQ and OPEN stand outside any session.
 * @param version that the board speaks: it never reads more values than that has lines, so no more are given to it
 */
export function toWire(session: number, message: ToBoard, { lines }: Pick<Version, 'lines'> = OLDEST): ToBoardMessage {
  switch (message.kind) {
    case 'helloRequest':
      return { kind: 'helloRequest', session: 0, seq: 0 };
    case 'open':
      // A board of the harness has said its boot, or it is none.
      return { ...message, boot: message.boot ?? 0, session: 0, seq: 0 };
    case 'input': {
      const { kind, seq, pairTimeMs, probe, recall, position, payload, observed } = message;
      const given = { observedGiven: observed !== null, observed: observed?.slice(0, lines) ?? [] };
      return { kind, session, seq, pairTimeMs, probe, recall, position, payload, ...given };
    }
    case 'commit':
      return { kind: 'commit', session, seq: message.seq, resultHash: message.hash };
    case 'wait':
      return { kind: 'wait', session, seq: message.seq };
    case 'violation':
      return { kind: 'violation', session, seq: message.seq, reason: LOCKED_OUT };
    case 'stateGet':
      return { kind: 'stateGet', session, seq: 0, offset: message.offset };
    case 'statePut':
      return { ...message, session, seq: 0 };
    case 'selfTest':
      return { kind: 'selfTest', session, seq: 0, slice: message.slice };
    case 'reset':
      return { kind: 'reset', session, seq: 0 };
    case 'examine':
      // Its wire says that it cannot (BoardWire.examines): a board of the harness tests itself.
      throw new RangeError('the harness has no such message');
  }
}

const HELLO_FIXED_BYTES = 35;
const KEPT_SEQ_BYTES = 4;
/** So many kept results a HELLO can list: what it cannot list a restarted gateway could not take back in its order (R3, R27). */
const mostListed = ({ decodedBytes }: Version): number =>
  Math.floor((bodyBytes(decodedBytes) - HELLO_FIXED_BYTES) / KEPT_SEQ_BYTES);

/** A HELLO as the core hears it. */
export function helloFromWire(message: HelloMessage): Hello {
  const version = versionOf(message.protocol) ?? OLDEST;
  const { seq: unit, boot, imageHash, stateLayout, stateBytes, rxBytes, window, resetCause } = message;
  const { failed, parked, replays, executionCount, digest, kept, actedBits } = message;
  return {
    kind: 'hello',
    unit,
    boot,
    imageHash,
    stateLayout,
    stateBytes,
    transfersState: !replays,
    mostOutputs: version.lines,
    rxBytes,
    window: Math.min(window, mostListed(version)),
    resetCause,
    failed,
    parked,
    executionCount,
    digest,
    kept,
    actedBits,
  };
}

/** What the core hears of these as they are; the session stays behind. */
export function reportFromWire(message: Extract<FromBoardMessage, { kind: 'done' | 'failed' | 'state' }>): FromBoard {
  switch (message.kind) {
    case 'done':
      return { kind: 'done', seq: message.seq, stale: message.stale, readBack: message.readBack };
    case 'failed':
      return { kind: 'failed', reason: message.reason, detail: message.detail };
    case 'state': {
      const { executionCount, last, busy, accepted, offset, digest, outputs, data } = message;
      return { kind: 'state', executionCount, last, busy, accepted, offset, digest, outputs, data };
    }
  }
}
