import type { Difference, Verdict } from '../../pair/result/compare.js';
import { isWithin } from '../../pair/result/fields.js';
import type { ResultPart } from '../../pair/result/messages.js';
import { isBits, type RegisterRange } from '../../protocol/modbus/function-codes.js';
import type { CodeTable } from '../../protocol/modbus/pdu-length.js';
import { overlapsAny, placeRange } from '../../protocol/modbus/register-set.js';
import { coil, parseRequest, word } from '../../protocol/modbus/request.js';
import type { RegisterTolerance } from './modbus-options.js';
import { numberAt } from './register-number.js';

/** More than these are not told of one answer. */
const MAX_DIFFERENCES = 8;
/** Function code and number of bytes. */
const HEAD_BYTES = 2;

export interface RegisterComparison {
  readonly ignore: readonly RegisterRange[];
  readonly tolerances: readonly RegisterTolerance[];
  readonly codes: CodeTable;
}

/** R20: register by register, exactly but for those that are not compared or may differ by a little. `requests`: of each part, what it answers. */
export function compareRegisters(
  requests: readonly Uint8Array[],
  committed: readonly ResultPart[],
  other: readonly ResultPart[],
  by: RegisterComparison,
): Verdict {
  if (committed.length !== other.length) return mismatch('parts', null, []);
  let isTolerated = false;
  for (const [index, part] of committed.entries()) {
    const another = other[index];
    if (another === undefined || isSame(part, another)) continue;
    const found = compareParts(requests[index] ?? new Uint8Array(0), part, another, by);
    if (found.length > 0) return mismatch('body', index, found.slice(0, MAX_DIFFERENCES));
    isTolerated = true;
  }
  return { verdict: 'match', within: isTolerated ? 'tolerance' : 'exactly' };
}

function compareParts(request: Uint8Array, one: ResultPart, other: ResultPart, by: RegisterComparison): Difference[] {
  if (one.rejected !== other.rejected) {
    return [{ ...difference('rejected', Number(one.rejected), Number(other.rejected)), isBool: true }];
  }
  const said = parseRequest(request, by.codes);
  const reads = 'exception' in said ? null : said.reads;
  if (one.rejected || reads === null || one.body.length !== other.body.length)
    return compareBytes(one.body, other.body);
  const within = toleratedIn(reads, one.body, other.body, by.tolerances);
  const found: Difference[] = [];
  for (let address = reads.first; address <= reads.last; address++) {
    const place = { space: reads.space, first: address, last: address };
    const [committed, another] = [valueAt(one.body, reads, address), valueAt(other.body, reads, address)];
    if (committed === another || overlapsAny(place, by.ignore) || overlapsAny(place, within)) continue;
    const differs = difference(`${reads.space} ${address}`, committed, another);
    found.push(isBits(reads.space) ? { ...differs, isBool: true } : differs);
  }
  return found;
}

/** Registers of numbers that are all in the answer, and near enough. */
function toleratedIn(
  reads: RegisterRange,
  one: Uint8Array,
  other: Uint8Array,
  tolerances: readonly RegisterTolerance[],
): RegisterRange[] {
  return tolerances
    .filter((tolerance) => {
      const { space, first, last } = placeRange(tolerance);
      if (space !== reads.space || first < reads.first || last > reads.last) return false;
      const at = HEAD_BYTES + 2 * (first - reads.first);
      const inUnits = (bytes: Uint8Array): number => numberAt(bytes, at, tolerance) * tolerance.scale;
      return isWithin(inUnits(one), inUnits(other), tolerance.tolerance);
    })
    .map(placeRange);
}

function valueAt(answer: Uint8Array, { space, first }: RegisterRange, address: number): number {
  const index = address - first;
  return isBits(space) ? coil(answer.subarray(HEAD_BYTES), index) : word(answer, HEAD_BYTES + 2 * index);
}

function compareBytes(one: Uint8Array, other: Uint8Array): Difference[] {
  const longer = one.length >= other.length ? one : other;
  return [...longer.keys()]
    .filter((place) => one[place] !== other[place])
    .map((place) => difference(`byte ${place}`, one[place] ?? null, other[place] ?? null));
}

function isSame(one: ResultPart, other: ResultPart): boolean {
  return one.rejected === other.rejected && compareBytes(one.body, other.body).length === 0;
}

function difference(field: string, committed: number | null, other: number | null): Difference {
  return { field, unit: '', scale: 1, committed, other };
}

function mismatch(where: 'parts' | 'body', part: number | null, differences: readonly Difference[]): Verdict {
  return { verdict: 'mismatch', where, part, differences };
}
