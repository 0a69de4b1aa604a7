import type { ApplicationResult, ScriptedApplication } from '../../bench/scripted/board-application.js';
import { crc32 } from '../../protocol/crc32.js';

/** What an input of a simulation asks for. */
export interface Work {
  /** Which input of the client it is. */
  readonly number: number;
  /** Parts of its result, 1 to 4. */
  readonly parts: number;
  readonly reads: boolean;
  readonly rejected: boolean;
  /** Whoever executes it dies. */
  readonly poison: boolean;
}

/** What a fault makes of the next execution; `latent`: its state is wrong, and nothing shows it yet. */
export type Wrongness = 'none' | 'body' | 'state' | 'latent';

const PAYLOAD_BYTES = 6;
/** Levels are 1 to this; 0 is the safe one. They fit the 16 bits that an output has on the wire. */
export const LEVELS = 30_000;

export function encodeWork(work: Work): Uint8Array {
  const flags = (work.reads ? 1 : 0) | (work.rejected ? 2 : 0) | (work.poison ? 4 : 0);
  const { number, parts } = work;
  return Uint8Array.of(number, number >>> 8, number >>> 16, number >>> 24, parts, flags);
}

function decodeWork(payload: Uint8Array): Work {
  if (payload.length !== PAYLOAD_BYTES) return { number: 0, parts: 1, reads: false, rejected: false, poison: false };
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, parts = 1, flags = 0] = payload;
  const number = (b0 | (b1 << 8) | (b2 << 16) | (b3 << 24)) >>> 0;
  return { number, parts, reads: (flags & 1) !== 0, rejected: (flags & 2) !== 0, poison: (flags & 4) !== 0 };
}

/**
 * A sketch whose state is the history of what it executed: a chain over all inputs and readings, and their count. So two
 * boards agree exactly when they executed the same inputs in the same order, and a level tells how far its board was.
 */
export class HistoryApplication implements ScriptedApplication {
  readonly name = 'history';
  readonly version = 1;
  readonly outputs = [{ pin: 1, kind: 'pwm', safeLevel: 0 }] as const;
  readonly layout: string;
  readonly startState: Uint8Array;
  /** Of the next execution that is not a rejection. */
  wrong: Wrongness = 'none';
  onPoison: (number: number) => void = () => undefined;

  /** @param stateBytes 8 or more: more than a frame holds makes transfers of several frames */
  constructor(stateBytes: number, layout = 'u32 chain, u32 count') {
    this.startState = new Uint8Array(stateBytes);
    this.layout = layout;
  }

  onInput(bytes: Uint8Array, payload: Uint8Array, readSource: () => number): ApplicationResult {
    const work = decodeWork(payload);
    if (work.poison) this.onPoison(work.number);
    if (work.rejected) return { state: bytes, parts: [Uint8Array.of(1)], levels: [], rejected: true };
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const reading = work.reads ? readSource() : 0;
    let chain = crc32(payload, (view.getUint32(0, true) ^ reading) >>> 0);
    const count = view.getUint32(4, true) + 1;
    const wrong = this.wrong;
    this.wrong = 'none';
    if (wrong === 'state') chain = ~chain >>> 0;
    view.setUint32(0, chain, true);
    view.setUint32(4, count, true);
    // The rest of the state moves along, so that a chunk that was lost in a transfer shows, and a flipped bit stays.
    for (let index = 8; index < bytes.length; index++)
      bytes[index] = (bytes[index] ?? 0) ^ (chain >>> ((index & 3) * 8));
    if (wrong === 'latent') bytes[bytes.length - 1] = ~(bytes[bytes.length - 1] ?? 0);
    const level = wrong === 'none' || wrong === 'latent' ? levelOf(count) : levelOf(count + LEVELS / 2);
    return { state: bytes, parts: bodiesOf(work.parts, chain, level), levels: [level], rejected: false };
  }
}

function levelOf(count: number): number {
  return 1 + (count % LEVELS);
}

function bodiesOf(parts: number, chain: number, level: number): Uint8Array[] {
  const bodies = [Uint8Array.of(chain, chain >>> 8, chain >>> 16, chain >>> 24, level, level >>> 8)];
  for (let part = 1; part < parts; part++) bodies.push(Uint8Array.of(part, chain));
  return bodies;
}

/** The level that a result of several bodies sets; null when it sets none. */
export function levelIn(bodies: readonly Uint8Array[]): number | null {
  const [first] = bodies;
  if (first === undefined || first.length !== 6) return null;
  return (first[4] ?? 0) | ((first[5] ?? 0) << 8);
}
