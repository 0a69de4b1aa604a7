import type { RegisterRange } from './function-codes.js';

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

/** Where a number is: in one register, or in two if it has 32 bits. */
export interface RegistersOfNumber {
  readonly space: 'holding' | 'input';
  readonly address: number;
  readonly type: 'u16' | 'i16' | 'u32' | 'i32' | 'f32';
}

/** What a number's place is read with: its register, or both. */
export function placeRange({ space, address, type }: RegistersOfNumber): RegisterRange {
  return { space, first: address, last: type === 'u16' || type === 'i16' ? address : address + 1 };
}
