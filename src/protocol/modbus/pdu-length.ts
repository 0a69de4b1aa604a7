import { EXCEPTION_BIT, FUNCTION, MAX_PDU_BYTES } from './function-codes.js';

/** Bytes of a PDU behind its function code: always so many, or `countAt` names the byte (0: the one behind the code) that counts those behind it. */
export type PduLength = { readonly bytes: number } | { readonly countAt: number };

export interface CodeLengths {
  readonly request: PduLength;
  readonly answer: PduLength;
}

/** Lengths of function codes that are not known by themselves. */
export type CodeTable = ReadonlyMap<number, CodeLengths>;

export const NO_CODES: CodeTable = new Map();

/** `more`: it cannot be said yet; `unknown`: nobody has said how long such a PDU is, or it is longer than one may be. */
export type KnownLength = number | 'more' | 'unknown';

const fixed = (bytes: number): PduLength => ({ bytes });
const counted = (countAt: number): PduLength => ({ countAt });

const KNOWN: CodeTable = new Map<number, CodeLengths>([
  [FUNCTION.readCoils, { request: fixed(4), answer: counted(0) }],
  [FUNCTION.readDiscreteInputs, { request: fixed(4), answer: counted(0) }],
  [FUNCTION.readHoldingRegisters, { request: fixed(4), answer: counted(0) }],
  [FUNCTION.readInputRegisters, { request: fixed(4), answer: counted(0) }],
  [FUNCTION.writeCoil, { request: fixed(4), answer: fixed(4) }],
  [FUNCTION.writeRegister, { request: fixed(4), answer: fixed(4) }],
  [FUNCTION.writeCoils, { request: counted(4), answer: fixed(4) }],
  [FUNCTION.writeRegisters, { request: counted(4), answer: fixed(4) }],
  [FUNCTION.reportServerId, { request: fixed(0), answer: counted(0) }],
  [FUNCTION.maskWriteRegister, { request: fixed(6), answer: fixed(6) }],
  [FUNCTION.readWriteRegisters, { request: counted(8), answer: counted(0) }],
]);

/** MEI type, of the encapsulated function the one that is known: read device identification. */
const DEVICE_IDENTIFICATION = 14;
const IDENTIFICATION_HEAD_BYTES = 7;

/**
 * How long the PDU of a request that begins at `begin` is, as far as that can be said from the bytes before `end`.
 * Which functions there are is not looked at, only how long they are.
 */
export function requestLength(bytes: Uint8Array, begin: number, end: number, codes: CodeTable = NO_CODES): KnownLength {
  if (begin >= end) return 'more';
  const code = bytes[begin] ?? 0;
  if (code === FUNCTION.encapsulated && !codes.has(code)) {
    if (begin + 1 >= end) return 'more';
    return bytes[begin + 1] === DEVICE_IDENTIFICATION ? 4 : 'unknown';
  }
  return lengthBy((KNOWN.get(code) ?? codes.get(code))?.request, bytes, begin, end);
}

/** The same of an answer. */
export function answerLength(bytes: Uint8Array, begin: number, end: number, codes: CodeTable = NO_CODES): KnownLength {
  if (begin >= end) return 'more';
  const code = bytes[begin] ?? 0;
  if ((code & EXCEPTION_BIT) !== 0) return 2;
  if (code === FUNCTION.encapsulated && !codes.has(code)) return identificationLength(bytes, begin, end);
  return lengthBy((KNOWN.get(code) ?? codes.get(code))?.answer, bytes, begin, end);
}

export function isKnownFunction(code: number, codes: CodeTable = NO_CODES): boolean {
  return KNOWN.has(code) || codes.has(code) || code === FUNCTION.encapsulated;
}

function lengthBy(length: PduLength | undefined, bytes: Uint8Array, begin: number, end: number): KnownLength {
  if (length === undefined) return 'unknown';
  if ('bytes' in length) return within(1 + length.bytes);
  const countAt = begin + 1 + length.countAt;
  if (countAt >= end) return 'more';
  return within(2 + length.countAt + (bytes[countAt] ?? 0));
}

/** Objects of a number and a length each, behind a head that says how many. */
function identificationLength(bytes: Uint8Array, begin: number, end: number): KnownLength {
  if (begin + 1 >= end) return 'more';
  if (bytes[begin + 1] !== DEVICE_IDENTIFICATION) return 'unknown';
  let at = begin + IDENTIFICATION_HEAD_BYTES;
  if (at > end) return 'more';
  for (let left = bytes[at - 1] ?? 0; left > 0; left--) {
    if (at - begin + 2 > MAX_PDU_BYTES) return 'unknown';
    if (at + 1 >= end) return 'more';
    at += 2 + (bytes[at + 1] ?? 0);
  }
  return within(at - begin);
}

function within(length: number): KnownLength {
  return length <= MAX_PDU_BYTES ? length : 'unknown';
}
