import { EXCEPTION, FUNCTION, type RegisterRange } from '../../protocol/modbus/function-codes.js';
import type { Request } from '../../protocol/modbus/request.js';

/**
 * What masters may write. `codes`: whatever a function code writes. `none`: nothing. A list of function codes; or ranges of coils and
 * holding registers, and then by the codes alone of which it is known what they write.
 */
export type WritesAllowed =
  | 'codes'
  | 'none'
  | { readonly codes: readonly number[] }
  | { readonly ranges: readonly RegisterRange[] };

/** Everything else may change something: of a code that nobody knows here that is taken for granted. */
const READ_CODES: readonly number[] = [
  FUNCTION.readCoils,
  FUNCTION.readDiscreteInputs,
  FUNCTION.readHoldingRegisters,
  FUNCTION.readInputRegisters,
  FUNCTION.reportServerId,
  FUNCTION.encapsulated,
];

/** The exception that a request deserves because it writes what may not be written; null: it may. */
export function writeRefusal(allowed: WritesAllowed, { code, writes }: Request): number | null {
  if (READ_CODES.includes(code) || allowed === 'codes') return null;
  if (allowed === 'none') return EXCEPTION.illegalFunction;
  if ('codes' in allowed) return allowed.codes.includes(code) ? null : EXCEPTION.illegalFunction;
  if (writes === null) return EXCEPTION.illegalFunction;
  const isWithin = allowed.ranges.some(
    ({ space, first, last }) => space === writes.space && first <= writes.first && writes.last <= last,
  );
  return isWithin ? null : EXCEPTION.illegalDataAddress;
}

export function isRead(code: number): boolean {
  return READ_CODES.includes(code);
}
