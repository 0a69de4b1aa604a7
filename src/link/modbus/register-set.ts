import type { RegisterRange } from '../../protocol/modbus/function-codes.js';

function overlaps(one: RegisterRange, other: RegisterRange): boolean {
  return one.space === other.space && one.first <= other.last && other.first <= one.last;
}

export function overlapsAny(range: RegisterRange, ranges: readonly RegisterRange[]): boolean {
  return ranges.some((other) => overlaps(range, other));
}

/** Addresses of `range` that are in any of `ranges`, in order. */
export function* within(range: RegisterRange, ranges: readonly RegisterRange[]): Generator<number> {
  if (!overlapsAny(range, ranges)) return;
  for (let address = range.first; address <= range.last; address++) {
    if (overlapsAny({ space: range.space, first: address, last: address }, ranges)) yield address;
  }
}
