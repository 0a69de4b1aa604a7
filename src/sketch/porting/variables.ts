import { closing } from '../source/functions.js';
import { functionAt, type ScannedFile, type ScannedSketch } from './scanned-sketch.js';

/** A variable that outlives an input: of a file, or static in a function. */
export interface LastingVariable {
  readonly name: string;
  /** Its declaration without what it begins with: `volatile unsigned long pulses`. */
  readonly declaration: string;
  readonly file: ScannedFile;
  readonly at: number;
}

/** A write to a variable. */
export interface VariableWrite {
  readonly file: ScannedFile;
  readonly at: number;
}

const NO_VARIABLE =
  /^(?:typedef|using|extern|template|namespace|friend|return|public|private|static_assert|goto|case|delete)\b/;

/** All of a sketch, but for constants. */
export function lastingVariables({ files }: ScannedSketch): readonly LastingVariable[] {
  return files.flatMap((file) => [...ofFile(file), ...ofFunctions(file)]);
}

function ofFile(file: ScannedFile): readonly LastingVariable[] {
  // A function is a statement of its own.
  let outside = file.plain;
  for (const { headAt, bodyTo } of file.functions)
    outside = `${outside.slice(0, headAt)}${';'.padEnd(bodyTo + 1 - headAt)}${outside.slice(bodyTo + 1)}`;
  return statements(outside).flatMap(({ text, at }) => declaredIn(text, at, file));
}

function ofFunctions(file: ScannedFile): readonly LastingVariable[] {
  return [...file.plain.matchAll(/\bstatic\s[^;(){}]*(?:\{[^;{}]*\}[^;]*|\([^;]*)?;/g)]
    .filter(({ index }) => functionAt(file, index) !== null)
    .flatMap(({ 0: text, index }) => declaredIn(text.slice(0, -1), index, file));
}

/** Up to each semicolon that is in no brackets. */
function statements(code: string): readonly { readonly text: string; readonly at: number }[] {
  const found: { text: string; at: number }[] = [];
  let from = 0;
  for (let at = 0; at < code.length; at++) {
    const character = code[at] ?? '';
    if ('{(['.includes(character)) at = closing(code, at);
    if (character !== ';') continue;
    const text = code.slice(from, at);
    found.push({ text: text.trim(), at: from + (text.length - text.trimStart().length) });
    from = at + 1;
  }
  return found;
}

/** The variables that one statement declares. */
function declaredIn(text: string, at: number, file: ScannedFile): readonly LastingVariable[] {
  const short = withoutInitializers(text);
  if (NO_VARIABLE.test(short) || /\bconstexpr\b/.test(short)) return [];
  // A pointer to what is constant may itself change.
  if (/\bconst\b/.test(short) && !/\bconst\b[^,]*\*(?!\s*const\b)/.test(short)) return [];
  const [first = '', ...others] = short.split(',');
  const [, type = '', name] = /^(.*[\s*&>}])(\w+)\s*$/s.exec(first) ?? [];
  if (name === undefined || !/[\w}]/.test(type) || /^(?:struct|class|union|enum)\s*$/.test(type.trim())) return [];
  const names = [name, ...others.map((other) => /(\w+)\s*$/.exec(other)?.[1] ?? '')].filter((one) => one !== '');
  return names.map((one) => ({
    name: one,
    declaration: `${type.replace(/\s+/g, ' ').trim()} ${one}`,
    file,
    at: at + Math.max(0, text.search(new RegExp(`\\b${one}\\b`))),
  }));
}

/** Without bodies, dimensions and what variables begin with; an empty text where it declares a function. */
function withoutInitializers(text: string): string {
  let short = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '=') {
      while (at + 1 < text.length && text[at + 1] !== ',')
        at = '{(['.includes(text[at + 1] ?? '') ? closing(text, at + 1) : at + 1;
    } else if (character === '(') {
      const end = closing(text, at);
      // Servo flap(9): an object; int limit(int): a function.
      if (!/^\s*(?:[\d"'&.-]|[A-Z][A-Z0-9_]*\b)/.test(text.slice(at + 1, end))) return '';
      at = end;
    } else if (character === '[') at = closing(text, at);
    else if (character === '{') {
      at = closing(text, at);
      short += '{}';
    } else short += character;
  }
  return short.trim();
}

/** Where a sketch writes it, or calls a method of it. */
export function writesOf(sketch: ScannedSketch, { name }: LastingVariable): readonly VariableWrite[] {
  const part = String.raw`(?:\s*\[[^\]]*\]|\s*(?:\.|->)\s*\w+)*`;
  const writes = new RegExp(
    [
      String.raw`(?<![\w.>])${name}\b${part}\s*(?:=(?!=)|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|<<=|>>=|\+\+|--)`,
      String.raw`(?:\+\+|--)\s*${name}\b`,
      String.raw`(?<![\w.>])${name}\s*(?:\.|->)\s*\w+\s*\(`,
      String.raw`(?<!\bsizeof\s*)&\s*${name}\b(?!\s*[,)]\s*sizeof\b[^;]*\bcc_)`,
    ].join('|'),
    'g',
  );
  return sketch.files.flatMap((file) =>
    [...file.plain.matchAll(writes)]
      .map(({ index }) => ({ file, at: index }))
      .filter(({ at }) => !isRegistration(file, at) && !isAnothers(file, at, name)),
  );
}

/** `cc_state(&s, sizeof s)` and `cc_reply(&s, …)` only look at it. */
function isRegistration({ plain }: ScannedFile, at: number): boolean {
  return /\bcc_(?!every\b)\w+\s*\([^;()]*$/.test(plain.slice(Math.max(0, at - 200), at));
}

/** Whether the function around has a variable or parameter of its own of this name; what stands in none declares it. */
function isAnothers(file: ScannedFile, at: number, name: string): boolean {
  const around = functionAt(file, at);
  if (around === null) return true;
  const text = file.plain.slice(around.headAt, around.bodyTo);
  const own = new RegExp(
    String.raw`(?<!\bstatic\s[^;]*)\b(?!return\b|else\b|case\b|goto\b|delete\b)[A-Za-z_]\w*(?:\s*[*&]\s*|\s+)${name}\s*(?:[=;,)[({])`,
  );
  return own.test(text);
}

/** Whether it is read or written at all where inputs are worked on. */
export function usesOf(sketch: ScannedSketch, { name }: LastingVariable): readonly VariableWrite[] {
  const uses = new RegExp(String.raw`(?<![\w.>])${name}\b`, 'g');
  return sketch.files.flatMap((file) =>
    [...file.plain.matchAll(uses)]
      .map(({ index }) => ({ file, at: index }))
      .filter(({ at }) => functionAt(file, at) !== null && !isAnothers(file, at, name)),
  );
}

/** The names that are registered as state: CC_STATE(LEVEL, PUMPING), cc_state(&NAME, …). */
export function registeredState({ files }: ScannedSketch): ReadonlySet<string> {
  const one = files.flatMap(({ plain }) => [...plain.matchAll(/\bcc_state\s*\(\s*&?\s*(\w+)/g)]);
  const several = files.flatMap(({ plain }) => [...plain.matchAll(/\bCC_STATE\s*\(([^()]*)\)/g)]);
  const named = several.flatMap(([, names = '']) => names.match(/\w+/g) ?? []);
  return new Set([...one.map(([, name = '']) => name), ...named]);
}
