import { exceptionIn } from '../../protocol/modbus/answer.js';
import {
  EXCEPTION,
  FUNCTION,
  isBits,
  type RegisterRange,
  type RegisterSpace,
} from '../../protocol/modbus/function-codes.js';
import { overlapsAny, placeRange } from '../../protocol/modbus/register-set.js';
import { COIL_ON, coil, type Request, word } from '../../protocol/modbus/request.js';
import type { RegisterPlace } from './modbus-options.js';
import { numberAt } from './register-number.js';

/** Once may be a write that was on its way; twice is a board that does not keep what it was given. */
export const STRIKES = 2;
/** A counter so near to its end, and then so near to 0, has run over. */
const NEAR_THE_END = 1 / 16;

/** By these a slave says that it has written nothing. */
const NOT_DONE: readonly number[] = [
  EXCEPTION.illegalFunction,
  EXCEPTION.illegalDataAddress,
  EXCEPTION.illegalDataValue,
  EXCEPTION.serverDeviceBusy,
];

/** What a board has shown of itself by what its registers say. */
export type Finding =
  | { readonly finding: 'restarted'; readonly value: number }
  | { readonly finding: 'written-value-lost'; readonly address: number };

/**
 * Looks at what one slave's registers say, whoever has asked for them: a number that only a restart makes smaller, and registers that
 * read back what was written there. Bounded by the registers that are watched.
 */
export class RegisterWatch {
  readonly #written = new Map<string, { value: number; strikes: number }>();
  #sign: number | null = null;

  constructor(
    private readonly written: readonly RegisterRange[],
    private readonly restartSign: RegisterPlace | null,
  ) {}

  /** An answer that fits its request. */
  look(pdu: Uint8Array, { code, reads, writes }: Request, answer: Uint8Array): Finding | null {
    const exception = exceptionIn(answer);
    if (exception !== null) {
      // A slave that is not done with it, or cannot tell, may yet carry it out.
      if (!NOT_DONE.includes(exception)) this.forgetWrites(writes);
      return null;
    }
    this.noteWritten(pdu, code, writes);
    if (reads === null) return null;
    return this.#lookForRestart(reads, answer) ?? this.#lookForLoss(reads, answer);
  }

  /** It has been done: by its answer, or because it was to all slaves and their time for it is over. */
  noteWritten(pdu: Uint8Array, code: number, writes: RegisterRange | null): void {
    if (writes === null || !overlapsAny(writes, this.written)) return;
    for (let address = writes.first; address <= writes.last; address++) {
      if (!this.#isWritten(writes.space, address)) continue;
      const value = writtenValue(pdu, code, address - writes.first);
      const key = `${writes.space} ${address}`;
      // What a mask makes of a register only the slave knows.
      if (value === null) this.#written.delete(key);
      else this.#written.set(key, { value, strikes: 0 });
    }
  }

  /** What is there now only the slave knows. */
  forgetWrites(writes: RegisterRange | null): void {
    if (writes === null) return;
    for (let address = writes.first; address <= writes.last; address++) {
      this.#written.delete(`${writes.space} ${address}`);
    }
  }

  /** A session begins. What was written to it before it left is not expected of it; nor, where it begins afresh, that it has run on. */
  begin(isAfresh: boolean): void {
    this.#written.clear();
    if (isAfresh) this.#sign = null;
  }

  #isWritten(space: RegisterSpace, address: number): boolean {
    return overlapsAny({ space, first: address, last: address }, this.written);
  }

  #lookForLoss(reads: RegisterRange, answer: Uint8Array): Finding | null {
    if (this.#written.size === 0 || !overlapsAny(reads, this.written)) return null;
    for (let address = reads.first; address <= reads.last; address++) {
      const known = this.#written.get(`${reads.space} ${address}`);
      if (known === undefined) continue;
      known.strikes = readValue(answer, reads, address) === known.value ? 0 : known.strikes + 1;
      if (known.strikes >= STRIKES) return { finding: 'written-value-lost', address };
    }
    return null;
  }

  #lookForRestart(reads: RegisterRange, answer: Uint8Array): Finding | null {
    const sign = this.restartSign;
    if (sign === null) return null;
    const { first, last } = placeRange(sign);
    if (reads.space !== sign.space || first < reads.first || last > reads.last) return null;
    const now = numberAt(answer, 2 + 2 * (first - reads.first), sign);
    const before = this.#sign;
    this.#sign = now;
    if (before === null || !(now < before) || hasRunOver(before, now, sign)) return null;
    return { finding: 'restarted', value: now };
  }
}

function writtenValue(pdu: Uint8Array, code: number, index: number): number | null {
  switch (code) {
    case FUNCTION.writeCoil:
      return word(pdu, 3) === COIL_ON ? 1 : 0;
    case FUNCTION.writeRegister:
      return word(pdu, 3);
    case FUNCTION.writeCoils:
      return coil(pdu.subarray(6), index);
    case FUNCTION.writeRegisters:
      return word(pdu, 6 + 2 * index);
    case FUNCTION.readWriteRegisters:
      return word(pdu, 10 + 2 * index);
    default:
      return null;
  }
}

function readValue(answer: Uint8Array, { space, first }: RegisterRange, address: number): number {
  const index = address - first;
  return isBits(space) ? coil(answer.subarray(2), index) : word(answer, 2 + 2 * index);
}

function hasRunOver(before: number, now: number, { type }: RegisterPlace): boolean {
  const bits = { u16: 16, i16: 15, u32: 32, i32: 31, f32: null }[type];
  if (bits === null) return false;
  const most = 2 ** bits;
  // A signed one goes on at its least value.
  const isAtBegin = now < most * NEAR_THE_END && (now >= 0 || now < -most * (1 - NEAR_THE_END));
  return before > most * (1 - NEAR_THE_END) && isAtBegin;
}
