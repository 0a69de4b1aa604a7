import { matches } from './find-pattern.js';
import type { Instruction, Pattern } from './pattern.js';
import type { ByteSet } from './pattern-syntax.js';

/** More combinations of places in two patterns are not followed: what they have in common is then not known. */
const MOST_STATES = 1000;
const NEVER_IN_A_LINE = [10, 13];

/** An empty line matches it, and then every line does, as nothing is everywhere. */
export function matchesEmpty(pattern: Pattern): boolean {
  return matches(pattern, new Uint8Array(0));
}

/** No line matches it at all, such as `a^`. */
export function matchesNoLine(pattern: Pattern): boolean {
  return commonLine([pattern]) === null;
}

/**
 * A line that matches all of them, one of the shortest; null: there is none, or it is too far to look for. Lines have no line feed and no
 * carriage return.
 */
export function commonLine(patterns: readonly Pattern[]): string | null {
  const bytes = oneOfEachKind(patterns);
  const begin: State = { places: patterns.map(() => [0]), isFound: patterns.map(() => false), line: '' };
  const seen = new Set<string>();
  const queue: State[] = [begin];
  for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
    const isBegin = state.line === '';
    if (patterns.every((pattern, index) => isFoundAtEnd(pattern, state, index, isBegin))) return state.line;
    for (const byte of bytes) {
      const next = stepped(patterns, state, byte, isBegin);
      const key = JSON.stringify([next.places, next.isFound]);
      if (seen.has(key)) continue;
      if (seen.size >= MOST_STATES) return null;
      seen.add(key);
      queue.push(next);
    }
  }
  return null;
}

/** Where each pattern's program may stand after `line`, and which were found in it. */
interface State {
  readonly places: readonly (readonly number[])[];
  readonly isFound: readonly boolean[];
  readonly line: string;
}

function isFoundAtEnd(pattern: Pattern, { places, isFound }: State, index: number, isBegin: boolean): boolean {
  return isFound[index] === true || reached(pattern.program, places[index] ?? [], isBegin, true).isFound;
}

function stepped(patterns: readonly Pattern[], state: State, byte: number, isBegin: boolean): State {
  const places: number[][] = [];
  const isFound: boolean[] = [];
  for (const [index, { program }] of patterns.entries()) {
    const now = reached(program, state.places[index] ?? [], isBegin, false);
    const found = state.isFound[index] === true || now.isFound;
    isFound.push(found);
    // It may begin anywhere, until it was found.
    const next = now.waiting.flatMap((at) => ((program[at] as { set: ByteSet }).set[byte] === 1 ? [at + 1] : []));
    places.push(found ? [] : [...new Set([...next, 0])].sort((one, other) => one - other));
  }
  return { places, isFound, line: state.line + String.fromCharCode(byte) };
}

function reached(
  program: readonly Instruction[],
  places: readonly number[],
  isBegin: boolean,
  isEnd: boolean,
): { readonly waiting: readonly number[]; readonly isFound: boolean } {
  const waiting: number[] = [];
  const seen = new Set<number>();
  const stack = [...places];
  let isFound = false;
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const step = program[at];
    if (step === undefined || seen.has(at)) continue;
    seen.add(at);
    if (step.does === 'byte') waiting.push(at);
    else if (step.does === 'match') isFound = true;
    else if (step.does === 'jump') stack.push(step.to);
    else if (step.does === 'split') stack.push(step.first, step.second);
    else if (step.does === 'save' || (step.does === 'begin' ? isBegin : isEnd)) stack.push(at + 1);
  }
  return { waiting, isFound };
}

/** Of all bytes that no pattern tells apart one, which a person can read where there is such a one. */
function oneOfEachKind(patterns: readonly Pattern[]): readonly number[] {
  const sets = patterns.flatMap(({ program }) => program.flatMap((step) => (step.does === 'byte' ? [step.set] : [])));
  const kinds = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    if (NEVER_IN_A_LINE.includes(byte)) continue;
    const kind = sets.map((set) => set[byte]).join('');
    const known = kinds.get(kind);
    if (known === undefined || readability(byte) > readability(known)) kinds.set(kind, byte);
  }
  return [...kinds.values()];
}

function readability(byte: number): number {
  if (byte >= 0x61 && byte <= 0x7a) return 3;
  if (byte >= 0x30 && byte <= 0x39) return 2;
  return byte > 0x20 && byte < 0x7f ? 1 : 0;
}
