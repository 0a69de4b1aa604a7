import type { BoardWire } from '../../pair/result/board-wire.js';
import { encodeFrame } from '../../protocol/frame-codec.js';
import type { Dialect } from '../dialect.js';
import { FrameReader } from './frame-reader.js';
import { InputMemory } from './input-memory.js';
import { MAX_INPUT_PAYLOAD_BYTES, toWire } from './wire-message.js';

/** INPUT without payload and observed values, and COMMIT, on the wire with delimiters and COBS (docs/protocol.md). */
const INPUT_BYTES = 23;
const COMMIT_BYTES = 17;
const OBSERVED_BYTES = 4;
/** More than a frame of the wire: what is longer is read as noise of one piece. */
const MAX_FRAME_BYTES = 160;
/** One byte, and 0 stands outside any session. */
const SESSIONS = 255;
const U32 = 2 ** 32;

/** R1 to R30 all hold for boards that run the firmware harness. */
export const HARNESS_WIRE: BoardWire = {
  abilities: { commit: true, digest: true, state: true, identity: true, repeats: true, bounded: true, keeps: true },
  exchangeBytes: (payloadBytes, observedValues) =>
    INPUT_BYTES + payloadBytes + OBSERVED_BYTES * observedValues + COMMIT_BYTES,
  sessions: SESSIONS,
  lastSeq: U32 - 1,
  pairTimeSpanMs: U32,
  maxPayloadBytes: MAX_INPUT_PAYLOAD_BYTES,
  mayRepeat: () => true,
};

/** The wire of the firmware harness (docs/protocol.md): what is pushed are frames, without their delimiters. */
export const HARNESS: Dialect = {
  wire: HARNESS_WIRE,
  cut: 'frames',
  maxFrameBytes: MAX_FRAME_BYTES,
  speakWith: ({ board, counts, note }) => {
    const inputs = new InputMemory();
    const reader = new FrameReader(board, inputs, counts, note);
    return {
      encode: (session, message) => {
        const frame = encodeFrame(toWire(session, message, reader.version));
        if (message.kind === 'input') {
          const { wireBytes } = reader.version;
          if (frame.length > wireBytes) throw new RangeError(`an input of ${frame.length} bytes, beyond ${wireBytes}`);
          inputs.remember(message);
        }
        return frame;
      },
      push: (frame) => {
        const read = reader.read(frame);
        return read === null ? [] : [read];
      },
      ended: () => reader.end(),
    };
  },
};
