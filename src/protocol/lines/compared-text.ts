import { findPattern } from './find-pattern.js';
import { mustCompile, type Pattern, type Span } from './pattern.js';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** A number in an answer. */
export interface NumberInText {
  readonly name: string;
  readonly unit: string;
  /** Its first group is the number. */
  readonly pattern: string;
  /** Two boards may differ by so much. */
  readonly tolerance: number;
}

/** What two answers do not agree on; null: that one does not have it. */
export interface TextDifference {
  readonly name: string;
  readonly unit: string;
  readonly one: number | null;
  readonly other: number | null;
}

/** How two answers compare. `where`: of a difference that no number has, the first line that differs, from 0, and both as they stand. */
export type ComparedText =
  | { readonly verdict: 'same' }
  | { readonly verdict: 'within-tolerance' }
  | { readonly verdict: 'different'; readonly numbers: readonly TextDifference[]; readonly where: LinePair | null };

export interface LinePair {
  readonly line: number;
  /** Null: it has fewer lines. */
  readonly one: string | null;
  readonly other: string | null;
}

export interface TextComparer {
  /** What is compared of an answer: the rest without what is ignored. Two answers with equal bytes here are the same. */
  comparable(answer: Uint8Array): Uint8Array;
  compare(one: Uint8Array, other: Uint8Array): ComparedText;
}

/**
 * Compares answers line by line, as patterns are of lines.
 * @param ignore patterns of what is not compared: their groups, or, of one without, all of it
 * @throws RangeError where a pattern is none
 */
export function textComparer(ignore: readonly string[], numbers: readonly NumberInText[]): TextComparer {
  const ignored = ignore.map(mustCompile);
  const fields = numbers.map((number) => ({ ...number, compiled: mustCompile(number.pattern) }));
  const linesOf = (answer: Uint8Array) => splitLines(answer).map((line) => without(line, ignored));
  return {
    comparable: (answer) => (ignored.length === 0 ? answer : joined(linesOf(answer))),
    compare: (one, other) => {
      const [mine, theirs] = [linesOf(one), linesOf(other)];
      const found: TextDifference[] = [];
      let isTolerated = false;
      for (let line = 0; line < Math.max(mine.length, theirs.length); line++) {
        const [a, b] = [mine[line], theirs[line]];
        if (a !== undefined && b !== undefined && isSame(a, b)) continue;
        const compared = a === undefined || b === undefined ? null : compareNumbers(a, b, fields);
        found.push(...(compared?.differences ?? []));
        if (compared === null || !compared.isAll) {
          const where = { line, one: textOf(a), other: textOf(b) };
          return { verdict: 'different', numbers: found, where };
        }
        isTolerated = true;
      }
      if (found.length > 0) return { verdict: 'different', numbers: found, where: null };
      return { verdict: isTolerated ? 'within-tolerance' : 'same' };
    },
  };
}

/** `isAll`: but for these numbers the lines are the same. */
function compareNumbers(
  one: Uint8Array,
  other: Uint8Array,
  fields: readonly (NumberInText & { readonly compiled: Pattern })[],
): { readonly differences: readonly TextDifference[]; readonly isAll: boolean } {
  const differences: TextDifference[] = [];
  const [mine, theirs]: [Span[], Span[]] = [[], []];
  for (const { name, unit, tolerance, compiled } of fields) {
    const [a, b] = [numberIn(one, compiled), numberIn(other, compiled)];
    if (a === null && b === null) continue;
    if (a === null || b === null || !isWithin(a.value, b.value, tolerance)) {
      differences.push({ name, unit, one: a?.value ?? null, other: b?.value ?? null });
    }
    if (a !== null) mine.push(a.span);
    if (b !== null) theirs.push(b.span);
  }
  return { differences, isAll: isSame(cutOut(one, mine), cutOut(other, theirs)) };
}

function numberIn(line: Uint8Array, pattern: Pattern): { readonly value: number; readonly span: Span } | null {
  const span = findPattern(pattern, withoutEnd(line))?.groups[0];
  if (span === undefined || span === null || span[0] === span[1]) return null;
  const value = Number(asText(line.subarray(...span)));
  return Number.isFinite(value) ? { value, span } : null;
}

/** Steps of decimals are not exact in binary: 0.4 and 0.3 are within 0.1. */
function isWithin(one: number, other: number, tolerance: number): boolean {
  return Math.abs(one - other) <= tolerance + 1e-12 * Math.min(Math.abs(one), Math.abs(other));
}

/** Every place of every pattern, none twice. */
function without(line: Uint8Array, ignored: readonly Pattern[]): Uint8Array {
  const spans: Span[] = [];
  for (const pattern of ignored) {
    const text = withoutEnd(line);
    for (let from = 0; from <= text.length; ) {
      const match = findPattern(pattern, text, from);
      if (match === null) break;
      spans.push(...(match.groups.length === 0 ? [match.whole] : match.groups.filter((span) => span !== null)));
      from = Math.max(match.whole[1], from + 1);
    }
  }
  return cutOut(line, spans);
}

/** What stands outside of the spans; each that was there leaves its mark, so that a line with one is not a line without. */
function cutOut(line: Uint8Array, spans: readonly Span[]): Uint8Array {
  if (spans.length === 0) return line;
  const left: number[] = [];
  for (const [place, byte] of line.entries()) {
    if (spans.some(([from]) => from === place)) left.push(0);
    if (!spans.some(([from, to]) => place >= from && place < to)) left.push(byte);
  }
  return Uint8Array.from(left);
}

/** With their ends: an end that differs is a difference too. */
function splitLines(answer: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let from = 0;
  for (const [place, byte] of answer.entries()) {
    const isEnd = byte === LINE_FEED || (byte === CARRIAGE_RETURN && answer[place + 1] !== LINE_FEED);
    if (!isEnd) continue;
    lines.push(answer.subarray(from, place + 1));
    from = place + 1;
  }
  if (from < answer.length) lines.push(answer.subarray(from));
  return lines;
}

function withoutEnd(line: Uint8Array): Uint8Array {
  let end = line.length;
  while (end > 0 && (line[end - 1] === LINE_FEED || line[end - 1] === CARRIAGE_RETURN)) end--;
  return line.subarray(0, end);
}

function joined(lines: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(lines.reduce((sum, line) => sum + line.length, 0));
  let end = 0;
  for (const line of lines) {
    all.set(line, end);
    end += line.length;
  }
  return all;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

function textOf(line: Uint8Array | undefined): string | null {
  return line === undefined ? null : asText(line).replaceAll('\0', '…').trimEnd();
}

/** A byte is a character: what is no text is shown too. */
function asText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
