import { type ByteSet, type PatternNode, parsePattern } from './pattern-syntax.js';

/** What a pattern's program does, step by step. */
export type Instruction =
  | { readonly does: 'byte'; readonly set: ByteSet }
  /** Either; the first is tried as the better one. */
  | { readonly does: 'split'; readonly first: number; readonly second: number }
  | { readonly does: 'jump'; readonly to: number }
  | { readonly does: 'save'; readonly slot: number }
  | { readonly does: 'begin' }
  | { readonly does: 'end' }
  | { readonly does: 'match' };

/** A pattern that can be looked for. Looking takes time in proportion to the length of what it is looked for in, whatever that is. */
export interface Pattern {
  /** As it was written. */
  readonly source: string;
  readonly program: readonly Instruction[];
  /** Groups that it captures. */
  readonly groups: number;
}

/** Where it was found: from, to (exclusive); null for a group that took no part. */
export interface Match {
  readonly whole: Span;
  readonly groups: readonly (Span | null)[];
}

export type Span = readonly [from: number, to: number];

/** So much of a program that no line takes long; each repetition with a count stands in it as often. */
const LONGEST_PROGRAM = 1024;

/** `problem`: what was expected instead, as the second half of a sentence. */
export function compilePattern(source: string): Pattern | { readonly problem: string } {
  const parsed = parsePattern(source);
  if ('problem' in parsed) return parsed;
  const program: Instruction[] = [];
  emit(parsed.root, program);
  program.push({ does: 'match' });
  if (program.length > LONGEST_PROGRAM) return { problem: 'a pattern that repeats less' };
  return { source, program, groups: parsed.groups };
}

/** For patterns that were judged before. @throws RangeError where it is none */
export function mustCompile(source: string): Pattern {
  const pattern = compilePattern(source);
  if ('problem' in pattern) throw new RangeError(`the pattern ${source}: expected ${pattern.problem}`);
  return pattern;
}

function emit(node: PatternNode, program: Instruction[]): void {
  if (program.length > LONGEST_PROGRAM) return; // it is refused already
  switch (node.type) {
    case 'byte':
      program.push({ does: 'byte', set: node.set });
      return;
    case 'begin':
    case 'end':
      program.push({ does: node.type });
      return;
    case 'group':
      if (node.index === null) return emit(node.item, program);
      program.push({ does: 'save', slot: 2 * node.index });
      emit(node.item, program);
      program.push({ does: 'save', slot: 2 * node.index + 1 });
      return;
    case 'sequence':
      for (const item of node.items) emit(item, program);
      return;
    case 'choice':
      return emitChoice(node.items, program);
    case 'repeat':
      return emitRepeat(node, program);
  }
}

function emitChoice(items: readonly PatternNode[], program: Instruction[]): void {
  const exits: number[] = [];
  for (const [index, item] of items.entries()) {
    const isLast = index === items.length - 1;
    const split = program.length;
    if (!isLast) program.push({ does: 'match' }); // stands here until it is known how long this one is
    emit(item, program);
    if (isLast) continue;
    exits.push(program.length);
    program.push({ does: 'match' });
    program[split] = { does: 'split', first: split + 1, second: program.length };
  }
  for (const exit of exits) program[exit] = { does: 'jump', to: program.length };
}

function emitRepeat(
  { item, least, most, isLazy }: Extract<PatternNode, { type: 'repeat' }>,
  program: Instruction[],
): void {
  const either = (into: number, past: number): Instruction =>
    isLazy ? { does: 'split', first: past, second: into } : { does: 'split', first: into, second: past };
  for (let time = 0; time < least; time++) emit(item, program);
  if (most === Infinity) {
    const split = program.length;
    program.push({ does: 'match' });
    emit(item, program);
    program.push({ does: 'jump', to: split });
    program[split] = either(split + 1, program.length);
    return;
  }
  const splits: number[] = [];
  for (let time = least; time < most; time++) {
    splits.push(program.length);
    program.push({ does: 'match' });
    emit(item, program);
  }
  for (const split of splits) program[split] = either(split + 1, program.length);
}
