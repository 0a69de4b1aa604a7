import { EXCEPTION_BIT, FUNCTION, isBits } from './function-codes.js';
import { answerLength, type CodeTable, NO_CODES } from './pdu-length.js';
import { type Request, word } from './request.js';

/**
 * Whether an answer can be one to this request: an exception of its function, or what its function and its numbers ask for. Of a
 * function that only a table of lengths knows, its length.
 */
export function isAnswerTo(request: Uint8Array, of: Request, answer: Uint8Array, codes: CodeTable = NO_CODES): boolean {
  const code = answer[0] ?? 0;
  if ((code & ~EXCEPTION_BIT) !== of.code) return false;
  if (answerLength(answer, 0, answer.length, codes) !== answer.length) return false;
  if ((code & EXCEPTION_BIT) !== 0) return true;
  if (of.reads !== null) {
    const quantity = of.reads.last - of.reads.first + 1;
    return answer[1] === (isBits(of.reads.space) ? Math.ceil(quantity / 8) : 2 * quantity);
  }
  switch (of.code) {
    case FUNCTION.writeCoil:
    case FUNCTION.writeRegister:
    case FUNCTION.maskWriteRegister:
      return isSame(request, answer, request.length);
    case FUNCTION.writeCoils:
    case FUNCTION.writeRegisters:
      // Its function, first address and number.
      return isSame(request, answer, 5);
    case FUNCTION.encapsulated:
      return codes.has(of.code) || isSame(request, answer, 3);
    default:
      return true;
  }
}

/** Why it is an exception; null: it is none. */
export function exceptionIn(answer: Uint8Array): number | null {
  return ((answer[0] ?? 0) & EXCEPTION_BIT) === 0 ? null : (answer[1] ?? 0);
}

export function exceptionTo(code: number, exception: number): Uint8Array {
  return Uint8Array.of(code | EXCEPTION_BIT, exception);
}

/** Longest PDU with which a request can be answered, in bytes. */
export function longestAnswer({ code, reads }: Request, mostBytes: number): number {
  if (reads !== null) {
    const quantity = reads.last - reads.first + 1;
    return 2 + (isBits(reads.space) ? Math.ceil(quantity / 8) : 2 * quantity);
  }
  const writes: readonly number[] = [
    FUNCTION.writeCoil,
    FUNCTION.writeRegister,
    FUNCTION.writeCoils,
    FUNCTION.writeRegisters,
  ];
  if (writes.includes(code)) return 5;
  return code === FUNCTION.maskWriteRegister ? 7 : mostBytes;
}

/** The register at this address in the answer to a read that begins at `first`. */
export function registerIn(answer: Uint8Array, first: number, address: number): number {
  return word(answer, 2 + 2 * (address - first));
}

function isSame(one: Uint8Array, other: Uint8Array, bytes: number): boolean {
  for (let at = 0; at < bytes; at++) if (one[at] !== other[at]) return false;
  return true;
}
