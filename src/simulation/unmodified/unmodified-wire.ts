import type { BoardWire } from '../../pair/result/board-wire.js';
import { NOT_TAKEN_CODE } from './device-messages.js';
import { decodeDeviceWork, isHarmless } from './device-work.js';

const LONGEST_PAYLOAD_BYTES = 254;

/** Of boards with firmware of their own: they answer in bounded time, and can do nothing else that a pair could use. */
export const UNMODIFIED_WIRE: BoardWire = {
  abilities: {
    commit: false,
    digest: false,
    state: false,
    identity: false,
    repeats: false,
    bounded: true,
    keeps: false,
  },
  exchangeBytes: (payloadBytes) => payloadBytes,
  sessions: 255,
  lastSeq: 0xffff_ffff,
  pairTimeSpanMs: 0x1_0000_0000,
  maxPayloadBytes: LONGEST_PAYLOAD_BYTES,
  mayRepeat: (payload) => {
    const work = decodeDeviceWork(payload);
    return work === null || isHarmless(work);
  },
};

/** So too where a board that joins is given all inputs since both were empty (R25). */
export const RESYNCED_WIRE: BoardWire = {
  ...UNMODIFIED_WIRE,
  resync: {
    from: 'start',
    begins: () => false,
    beginsWith: '',
    pace: 'full',
    preamble: [],
    wasTaken: ([part]) => part?.body[0] !== NOT_TAKEN_CODE,
  },
};
