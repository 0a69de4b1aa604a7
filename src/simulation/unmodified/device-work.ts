/**
 * `write`: changes the board and its output; `take`: a reading that changes what is read (clear-on-read); `read`: changes nothing;
 * `refused`: the board answers that it cannot be done (Modbus 1 to 3); `begun`: a write whose end nobody waits for (Modbus 5).
 */
export const WORK_KINDS = ['write', 'take', 'read', 'refused', 'begun'] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** What an input of a simulation asks of a board with firmware of its own. */
export interface DeviceWork {
  /** Which input of the client it is, from 1. */
  readonly number: number;
  readonly kind: WorkKind;
}

const PAYLOAD_BYTES = 5;
/** More inputs than any run has; they fit the 16 bits that an output has. */
const LEVELS = 60_000;

export function encodeDeviceWork({ number, kind }: DeviceWork): Uint8Array {
  return Uint8Array.of(number, number >>> 8, number >>> 16, number >>> 24, WORK_KINDS.indexOf(kind));
}

/** Null: it is none of the client's (a question of the gateway's own). */
export function decodeDeviceWork(payload: Uint8Array): DeviceWork | null {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, index = 0] = payload;
  const kind = WORK_KINDS[index];
  if (payload.length !== PAYLOAD_BYTES || kind === undefined) return null;
  return { number: (b0 | (b1 << 8) | (b2 << 16) | (b3 << 24)) >>> 0, kind };
}

/** R31: it may be given a second time, because nothing comes of it. */
export function isHarmless({ kind }: DeviceWork): boolean {
  return kind === 'read' || kind === 'refused';
}

/** It moves the output. */
export function isWrite({ kind }: DeviceWork): boolean {
  return kind === 'write' || kind === 'begun';
}

/** A level of its own for each write, so that it tells who shows what. */
export function levelOf({ number }: DeviceWork): number {
  return 1 + (number % LEVELS);
}
