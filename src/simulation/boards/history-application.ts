import type { ApplicationResult, ScriptedApplication } from '../../model-board/board-application.js';
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

/**
 * What a fault makes of an execution. `body`: its answer is wrong, as a plausible one; `wild`: beyond every limit; `state`:
 * its state too, and so whatever comes after it; `latent`: the state alone, and nothing but the digest shows it.
 */
export type Wrongness = 'none' | 'body' | 'wild' | 'state' | 'latent';

const PAYLOAD_BYTES = 6;
/** Levels are 1 to this; 0 is the safe one. They fit the 16 bits that an output has on the wire. */
export const LEVELS = 30_000;
/** No run has so many executions: a higher level is a wrong one. */
const RIGHT_LEVELS = LEVELS / 2;
const WILD_LEVEL = LEVELS + 400;

export function encodeWork(work: Work): Uint8Array {
  const flags = (work.reads ? 1 : 0) | (work.rejected ? 2 : 0) | (work.poison ? 4 : 0);
  const { number, parts } = work;
  return Uint8Array.of(number, number >>> 8, number >>> 16, number >>> 24, parts, flags);
}

export function decodeWork(payload: Uint8Array): Work {
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
  /** Of every execution, over restarts too, until somebody mends the board. */
  broken: Wrongness = 'none';
  /** What the last execution came to, chain and level; null: it was a rejection. */
  lastAnswer: number | null = null;
  onPoison: (number: number) => void = () => undefined;
  /** It computes something wrong now. */
  onWrong: (wrongness: Wrongness) => void = () => undefined;

  /**
   * @param stateBytes 9 or more: more than a frame holds makes transfers of several frames
   * @param warmth what it tells of itself in each answer beside what it computed: two boards never quite agree on it (R20);
   * null: nothing
   * @param wrongStates what is known of states that come from a wrong one, shared by all boards of a world
   */
  constructor(
    stateBytes: number,
    private readonly warmth: number | null,
    private readonly wrongStates: WrongStates,
  ) {
    this.startState = new Uint8Array(stateBytes);
    this.layout = 'u32 chain, u32 count';
  }

  onInput(bytes: Uint8Array, payload: Uint8Array, readSource: () => number): ApplicationResult {
    const work = decodeWork(payload);
    if (work.poison) this.onPoison(work.number);
    this.lastAnswer = null;
    if (work.rejected) return { state: bytes, parts: [Uint8Array.of(1)], levels: [], rejected: true };
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const reading = work.reads ? readSource() : 0;
    const before = view.getUint32(0, true);
    let chain = crc32(payload, (before ^ reading) >>> 0);
    const count = view.getUint32(4, true) + 1;
    const wrong = this.wrong === 'none' ? this.broken : this.wrong;
    this.wrong = 'none';
    if (wrong === 'state') chain = ~chain >>> 0;
    this.wrongStates.follow(before, chain, wrong === 'state');
    view.setUint32(0, chain, true);
    view.setUint32(4, count, true);
    // The rest of the state moves along, so that a chunk that was lost in a transfer shows, and a flipped bit stays.
    for (let index = 8; index < bytes.length; index++)
      bytes[index] = (bytes[index] ?? 0) ^ (chain >>> ((index & 3) * 8));
    if (wrong === 'latent') bytes[bytes.length - 1] = ~(bytes[bytes.length - 1] ?? 0);
    const level = levelOf(count, wrong);
    this.lastAnswer = chain * 0x1_0000 + level;
    if (wrong !== 'none') this.onWrong(wrong);
    return { state: bytes, parts: bodiesOf(work.parts, chain, level, this.warmth), levels: [level], rejected: false };
  }
}

function levelOf(count: number, wrong: Wrongness): number {
  const level = 1 + (count % RIGHT_LEVELS);
  if (wrong === 'wild') return WILD_LEVEL + (count % 200);
  return wrong === 'body' || wrong === 'state' ? level + RIGHT_LEVELS : level;
}

/** Where the values stand in the first part: chain, level, warmth. */
export const FIELD_OFFSETS = { chain: 0, level: 4, warmth: 6 } as const;

function bodiesOf(parts: number, chain: number, level: number, warmth: number | null): Uint8Array[] {
  const first = [chain, chain >>> 8, chain >>> 16, chain >>> 24, level, level >>> 8];
  const bodies = [Uint8Array.from(warmth === null ? first : [...first, warmth, warmth >>> 8])];
  for (let part = 1; part < parts; part++) bodies.push(Uint8Array.of(part, chain));
  return bodies;
}

/** The level that a result of several bodies sets; null when it sets none. */
export function levelIn(bodies: readonly Uint8Array[]): number | null {
  const [first] = bodies;
  if (first === undefined || first.length < FIELD_OFFSETS.warmth) return null;
  return (first[FIELD_OFFSETS.level] ?? 0) | ((first[FIELD_OFFSETS.level + 1] ?? 0) << 8);
}

/** No board that computes rightly sets such a level. */
export function isWrongLevel(level: number): boolean {
  return level > RIGHT_LEVELS;
}

/** Which states come from a wrong one, however they were handed on: told by their chains. */
export class WrongStates {
  readonly #chains = new Set<number>();

  follow(before: number, after: number, isWrong: boolean): void {
    if (isWrong || (this.#chains.size > 0 && this.#chains.has(before))) this.#chains.add(after);
  }

  /** An answer that no board gives which computes rightly from a right state. */
  isWrong(bodies: readonly Uint8Array[]): boolean {
    const level = levelIn(bodies);
    const [first] = bodies;
    if (level === null || first === undefined) return false;
    if (isWrongLevel(level)) return true;
    const [b0 = 0, b1 = 0, b2 = 0, b3 = 0] = first;
    return this.#chains.has((b0 | (b1 << 8) | (b2 << 16) | (b3 << 24)) >>> 0);
  }

  /** All is well: whatever state the boards share now is the right one. */
  forget(): void {
    this.#chains.clear();
  }
}
