import { blankOut } from '../source/blank-out.js';
import { closing, functionsOf, lineAt, type SketchFunction, withoutDirectives } from '../source/functions.js';
import type { SketchFile, SketchFolder } from '../source/sketch-folder.js';

/** Where a line of a sketch runs. */
export type Context =
  /** In setup(), or only on behalf of it. */
  | 'setup'
  /** In loop(), on an input, or nobody knows where. */
  | 'processing'
  /** In an interrupt handler. */
  | 'interrupt'
  /** In a function that the sketch has given to the library: a source or an output of its own. */
  | 'own-line';

export interface ScannedFile {
  readonly file: SketchFile;
  /** Without comments and texts, each character in its place. */
  readonly code: string;
  /** Without preprocessor lines too. */
  readonly plain: string;
  readonly functions: readonly SketchFunction[];
}

/** A sketch as far as it can be read without a compiler. */
export interface ScannedSketch {
  readonly files: readonly ScannedFile[];
  /** Functions that attachInterrupt names, and ISR(…) as `ISR VECTOR`. */
  readonly handlers: ReadonlySet<string>;
  /** What cc_begin() calls for an input; null: there is no cc_begin(). */
  readonly onInput: string | null;
  /** By the name of a function, the contexts that it runs in. */
  readonly contexts: ReadonlyMap<string, ReadonlySet<Context>>;
}

/** `attachInterrupt(digitalPinToInterrupt(2), []() {`: what stands in its braces is a handler. */
const LAMBDA = /\battachInterrupt\s*\((?:[^(),]|\([^()]*\))*,\s*\[[^\]]*\]\s*(?:\([^()]*\)\s*)?(?=\{)/g;
const ISR = /\bISR\s*\(\s*(\w+)[^)]*\)\s*(?=\{)/g;

export function scanSketch({ inos, sources, headers }: SketchFolder): ScannedSketch {
  const files = [...inos, ...sources, ...headers].map(scanFile);
  const all = files.map(({ plain }) => plain).join('\n');
  const handlers = new Set([
    ...[...all.matchAll(/\battachInterrupt\s*\((?:[^(),]|\([^()]*\))*,\s*&?(\w+)/g)].map(([, name = '']) => name),
    ...files.flatMap(({ functions }) => functions.map(({ name }) => name).filter((name) => name.startsWith('ISR '))),
  ]);
  const onInput = /\bcc_begin\s*\([^;]*,\s*&?(\w+)\s*\)/.exec(all)?.[1] ?? (/\bcc_begin\s*\(/.test(all) ? '' : null);
  return { files, handlers, onInput, contexts: contextsOf(files, handlers, ownLines(all, files), onInput) };
}

function scanFile(file: SketchFile): ScannedFile {
  const code = blankOut(file.text);
  const plain = withoutDirectives(code);
  const bodiesAfter = (head: RegExp, nameOf: (match: RegExpExecArray) => string): SketchFunction[] =>
    [...plain.matchAll(head)].map((match): SketchFunction => {
      const open = match.index + match[0].length;
      const bodyTo = closing(plain, open);
      const head = match[0].trim();
      return { name: nameOf(match), head, headAt: match.index, bodyFrom: open + 1, bodyTo, isConditional: false };
    });
  const isrs = bodiesAfter(ISR, ([, vector]) => `ISR ${vector}`);
  const lambdas = bodiesAfter(LAMBDA, ({ index }) => `ISR of ${file.name}, ${lineAt(file.text, index)}`);
  // Those first: a function that has one in it is around it.
  return { file, code, plain, functions: [...lambdas, ...functionsOf(code), ...isrs] };
}

/** Functions that are given to a cc_ function, but for cc_begin: it calls them where they may do what they like. */
function ownLines(all: string, files: readonly ScannedFile[]): ReadonlySet<string> {
  const names = new Set(files.flatMap(({ functions }) => functions.map(({ name }) => name)));
  const calls = [...all.matchAll(/\bcc_(?!begin\b|state\b|write\b|reply\b|log)\w+\s*\(/g)];
  const given = calls.flatMap((call) => {
    const open = call.index + call[0].length - 1;
    return [...all.slice(open, closing(all, open)).matchAll(/\b\w+\b(?!\s*\()/g)].map(([word]) => word);
  });
  return new Set(given.filter((word) => names.has(word)));
}

function contextsOf(
  files: readonly ScannedFile[],
  handlers: ReadonlySet<string>,
  own: ReadonlySet<string>,
  onInput: string | null,
): ReadonlyMap<string, ReadonlySet<Context>> {
  const bodies = new Map<string, string>();
  for (const { plain, functions } of files)
    for (const { name, bodyFrom, bodyTo } of functions)
      bodies.set(name, (bodies.get(name) ?? '') + plain.slice(bodyFrom, bodyTo));
  const found = new Map<string, Set<Context>>([...bodies.keys()].map((name) => [name, new Set<Context>()]));
  const reach = (name: string, context: Context): void => {
    const known = found.get(name);
    if (known === undefined || known.has(context)) return;
    known.add(context);
    for (const [, called = ''] of (bodies.get(name) ?? '').matchAll(/\b(\w+)\s*\(/g)) reach(called, context);
  };
  reach('setup', 'setup');
  for (const name of ['loop', onInput ?? '']) reach(name, 'processing');
  for (const name of handlers) reach(name, 'interrupt');
  for (const name of own) reach(name, 'own-line');
  // Who calls it cannot be seen.
  for (const contexts of found.values()) if (contexts.size === 0) contexts.add('processing');
  return found;
}

/** The function that an offset of a file is in; null: none. */
export function functionAt({ functions }: ScannedFile, offset: number): SketchFunction | null {
  return functions.find(({ bodyFrom, bodyTo }) => offset >= bodyFrom && offset < bodyTo) ?? null;
}

/** Where an offset of a file runs. */
export function contextAt(sketch: ScannedSketch, file: ScannedFile, offset: number): ReadonlySet<Context> {
  const around = functionAt(file, offset);
  return sketch.contexts.get(around?.name ?? '') ?? new Set<Context>(['processing']);
}

/** The line of an offset, from 1. */
export function lineOf({ file }: ScannedFile, offset: number): number {
  return lineAt(file.text, offset);
}

/** The words of a call at `offset`, and what it is given: text as its user wrote it. */
export function callAt(
  { file, code }: ScannedFile,
  offset: number,
): { readonly found: string; readonly given: readonly string[] } {
  const open = code.indexOf('(', offset);
  const end = closing(code, open);
  const given: string[] = [];
  let from = open + 1;
  for (let at = open + 1; at <= end; at++) {
    const character = code[at] ?? '';
    if ('([{'.includes(character) && character !== '') at = closing(code, at);
    else if (character === ',' || at === end) {
      given.push(file.text.slice(from, at).trim().replace(/\s+/g, ' '));
      from = at + 1;
    }
  }
  const words = given.length === 1 && given[0] === '' ? [] : given;
  return { found: shortCall(file.text.slice(offset, open).trim(), words), given: words };
}

const MOST_SHOWN = 48;

function shortCall(name: string, given: readonly string[]): string {
  const whole = `${name}(${given.join(', ')})`;
  if (whole.length <= MOST_SHOWN) return whole;
  const first = `${name}(${given[0]}, …)`;
  return given.length > 1 && first.length <= MOST_SHOWN ? first : `${name}(…)`;
}
