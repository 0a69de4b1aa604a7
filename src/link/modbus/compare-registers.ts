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
  const numbers = numbersIn(reads, one.body, other.body, by.tolerances);
  const within = numbers.filter(({ isTolerated }) => isTolerated).map(({ range }) => range);
  // Each number once, though both of its registers may differ.
  const found = new Set<Difference>();
  for (let address = reads.first; address <= reads.last; address++) {
    const place = { space: reads.space, first: address, last: address };
    const [committed, another] = [valueAt(one.body, reads, address), valueAt(other.body, reads, address)];
    if (committed === another || overlapsAny(place, by.ignore) || overlapsAny(place, within)) continue;
    const number = numbers.find(({ range, differs }) => differs !== null && overlapsAny(place, [range]));
    found.add(number?.differs ?? differenceAt(place, committed, another));
  }
  return [...found];
}

interface ComparedNumber {
  readonly range: RegisterRange;
  /** They are near enough. */
  readonly isTolerated: boolean;
  /** As it is told where they are not; null: one of them is no number that could be told, as an f32 may be. */
  readonly differs: Difference | null;
}

/** Those that are all in the answer. */
function numbersIn(
  reads: RegisterRange,
  one: Uint8Array,
  other: Uint8Array,
  tolerances: readonly RegisterTolerance[],
): ComparedNumber[] {
  return tolerances.flatMap((place) => {
    const { name, unit, scale, type } = place;
    const range = placeRange(place);
    if (range.space !== reads.space || range.first < reads.first || range.last > reads.last) return [];
    const at = HEAD_BYTES + 2 * (range.first - reads.first);
    const [committed, another] = [numberAt(one, at, place) * scale, numberAt(other, at, place) * scale];
    const told = { field: name, unit, scale: type === 'f32' ? null : scale, committed, other: another };
    const differs = Number.isFinite(committed) && Number.isFinite(another) ? told : null;
    return [{ range, isTolerated: isWithin(committed, another, place.tolerance), differs }];
  });
}

function differenceAt({ space, first }: RegisterRange, committed: number, other: number): Difference {
  const told = difference(`${space} ${first}`, committed, other);
  return isBits(space) ? { ...told, isBool: true } : told;
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
