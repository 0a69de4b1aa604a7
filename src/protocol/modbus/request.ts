import {
  EXCEPTION,
  FUNCTION,
  isBits,
  MOST_BITS_READ,
  MOST_REGISTERS_READ,
  READ_FUNCTIONS,
  type RegisterRange,
  type RegisterSpace,
} from './function-codes.js';
import { type CodeTable, isKnownFunction, NO_CODES, requestLength } from './pdu-length.js';

/** What a request is about. `reads` and `writes`: null where it does not, or where nobody knows what its function code does. */
export interface Request {
  readonly code: number;
  readonly reads: RegisterRange | null;
  readonly writes: RegisterRange | null;
}

/** No slave would carry it out; what one would say to it. */
export interface Refusal {
  readonly exception: number;
}

const MOST_BITS_WRITTEN = 1968;
const MOST_REGISTERS_WRITTEN = 123;
const MOST_REGISTERS_WRITTEN_AND_READ = 121;
const LAST_REGISTER = 0xffff;
export const COIL_ON = 0xff00;

/** What the PDU of a request asks for, or the exception that it deserves: an unknown function, a length that is not its function's, a number that may not be. */
export function parseRequest(pdu: Uint8Array, codes: CodeTable = NO_CODES): Request | Refusal {
  const code = pdu[0] ?? 0;
  if (code === 0 || code >= 0x80 || !isKnownFunction(code, codes)) return { exception: EXCEPTION.illegalFunction };
  const length = requestLength(pdu, 0, pdu.length, codes);
  if (length === 'unknown' && code === FUNCTION.encapsulated) return { exception: EXCEPTION.illegalFunction };
  if (length !== pdu.length) return { exception: EXCEPTION.illegalDataValue };
  const space = READ_FUNCTIONS.get(code);
  if (space !== undefined) return reading(code, span(space, pdu, 1, mostRead(space)));
  switch (code) {
    case FUNCTION.writeCoil:
      return writing(code, single('coils', pdu));
    case FUNCTION.writeRegister:
    case FUNCTION.maskWriteRegister:
      return writing(code, single('holding', pdu));
    case FUNCTION.writeCoils:
      return writing(code, counted('coils', pdu, 1, MOST_BITS_WRITTEN));
    case FUNCTION.writeRegisters:
      return writing(code, counted('holding', pdu, 1, MOST_REGISTERS_WRITTEN));
    case FUNCTION.readWriteRegisters: {
      const reads = span('holding', pdu, 1, MOST_REGISTERS_READ);
      const writes = counted('holding', pdu, 5, MOST_REGISTERS_WRITTEN_AND_READ);
      if ('exception' in reads) return reads;
      return 'exception' in writes ? writes : { code, reads, writes };
    }
    default:
      return { code, reads: null, writes: null };
  }
}

/** A request that reads the whole of a range. @throws RangeError for one that no single request reads */
export function readingRequest({ space, first, last }: RegisterRange): Uint8Array {
  const quantity = last - first + 1;
  const [code] = [...READ_FUNCTIONS].find(([, read]) => read === space) ?? [];
  const isAddress = Number.isInteger(first) && first >= 0 && last <= LAST_REGISTER;
  if (code === undefined || !isAddress || quantity < 1 || quantity > mostRead(space)) {
    throw new RangeError(`${space} ${first} to ${last} are not read by one request`);
  }
  return Uint8Array.of(code, first >>> 8, first, quantity >>> 8, quantity);
}

/** A request that writes these values from an address on: one by its own function. @throws RangeError for what cannot be written */
export function writingRequest(space: RegisterSpace, first: number, values: readonly number[]): Uint8Array {
  const isCoils = space === 'coils';
  const most = isCoils ? MOST_BITS_WRITTEN : MOST_REGISTERS_WRITTEN;
  const isWritable = isCoils || space === 'holding';
  if (!isWritable || values.length < 1 || values.length > most || first + values.length - 1 > LAST_REGISTER) {
    throw new RangeError(`${values.length} of ${space} from ${first} on are not written by one request`);
  }
  const [only = 0] = values;
  const at = [first >>> 8, first];
  if (values.length === 1) {
    const value = isCoils ? (only === 0 ? 0 : COIL_ON) : only;
    return Uint8Array.of(isCoils ? FUNCTION.writeCoil : FUNCTION.writeRegister, ...at, value >>> 8, value);
  }
  const bytes = isCoils ? packed(values) : values.flatMap((value) => [value >>> 8, value & 0xff]);
  const code = isCoils ? FUNCTION.writeCoils : FUNCTION.writeRegisters;
  return Uint8Array.of(code, ...at, values.length >>> 8, values.length, bytes.length, ...bytes);
}

/** In bytes that hold eight coils each, the first one in the lowest bit: 0 or 1. */
export function coil(bytes: Uint8Array, index: number): number {
  return ((bytes[index >> 3] ?? 0) >> (index & 7)) & 1;
}

function packed(values: readonly number[]): number[] {
  const bytes = new Array<number>(Math.ceil(values.length / 8)).fill(0);
  for (const [index, value] of values.entries()) {
    if (value !== 0) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7));
  }
  return bytes;
}

/** The ranges that single requests read, which together are this one. */
export function readablePieces({ space, first, last }: RegisterRange): RegisterRange[] {
  const most = mostRead(space);
  const pieces: RegisterRange[] = [];
  for (let at = first; at <= last; at += most) pieces.push({ space, first: at, last: Math.min(last, at + most - 1) });
  return pieces;
}

/** Two bytes, the high one first. */
export function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function mostRead(space: RegisterSpace): number {
  return isBits(space) ? MOST_BITS_READ : MOST_REGISTERS_READ;
}

function reading(code: number, reads: RegisterRange | Refusal): Request | Refusal {
  return 'exception' in reads ? reads : { code, reads, writes: null };
}

function writing(code: number, writes: RegisterRange | Refusal): Request | Refusal {
  return 'exception' in writes ? writes : { code, reads: null, writes };
}

function single(space: RegisterSpace, pdu: Uint8Array): RegisterRange {
  const first = word(pdu, 1);
  return { space, first, last: first };
}

/** Its first address and how many stand at `at`. */
function span(space: RegisterSpace, pdu: Uint8Array, at: number, most: number): RegisterRange | Refusal {
  const first = word(pdu, at);
  const quantity = word(pdu, at + 2);
  if (quantity < 1 || quantity > most) return { exception: EXCEPTION.illegalDataValue };
  if (first + quantity - 1 > LAST_REGISTER) return { exception: EXCEPTION.illegalDataAddress };
  return { space, first, last: first + quantity - 1 };
}

/** The same with values behind it, which are as many bytes as they say. */
function counted(space: RegisterSpace, pdu: Uint8Array, at: number, most: number): RegisterRange | Refusal {
  const range = span(space, pdu, at, most);
  if ('exception' in range) return range;
  const quantity = range.last - range.first + 1;
  const bytes = isBits(space) ? Math.ceil(quantity / 8) : 2 * quantity;
  return pdu[at + 4] === bytes ? range : { exception: EXCEPTION.illegalDataValue };
}
