import { matches } from './find-pattern.js';
import { mustCompile } from './pattern.js';

/** What a line of a board is. `other`: no pattern matches it. */
export type LineKind = 'banner' | 'push' | 'keep-alive' | 'not-taken' | 'error' | 'done' | 'answer' | 'other';

/** Patterns as they were written; null: there is none. */
export interface LinePatterns {
  readonly banner: string | null;
  readonly push: string | null;
  readonly keepAlive: string | null;
  readonly notTaken: string | null;
  readonly error: string | null;
  readonly done: string | null;
  readonly answer: string | null;
}

const CARRIAGE_RETURN = 13;

/**
 * Tells what a line is. No two patterns match one line (the configuration sees to it), so that their order says nothing.
 * @throws RangeError where a pattern is none
 */
export function lineKinds(patterns: LinePatterns): (line: Uint8Array) => LineKind {
  const said: readonly (readonly [LineKind, string | null])[] = [
    ['banner', patterns.banner],
    ['push', patterns.push],
    ['keep-alive', patterns.keepAlive],
    ['not-taken', patterns.notTaken],
    ['error', patterns.error],
    ['done', patterns.done],
    ['answer', patterns.answer],
  ];
  const kinds = said.flatMap(([kind, source]) => (source === null ? [] : [{ kind, pattern: mustCompile(source) }]));
  return (line) => kinds.find(({ pattern }) => matches(pattern, line))?.kind ?? 'other';
}

/** Without the carriage return that many put before their line feed: to patterns it is part of the line's end. */
export function trimmed(line: Uint8Array): Uint8Array {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
