/**
 * What a pattern says, before it is a program. Patterns are those of regular expressions that an automaton can follow, so that matching
 * never goes back and its time is bounded by the line's length: characters, `.`, classes, groups, `|`, `* + ? {2,5}`, `^` and `$`. They
 * are of bytes, as boards say what they like: a character beyond ASCII is its bytes in UTF-8.
 */

/** 1 for each byte that is in it. */
export type ByteSet = Readonly<Uint8Array>;

export type PatternNode =
  | { readonly type: 'byte'; readonly set: ByteSet }
  | { readonly type: 'begin' }
  | { readonly type: 'end' }
  /** `index`: from 1; null: it is not captured. */
  | { readonly type: 'group'; readonly item: PatternNode; readonly index: number | null }
  | { readonly type: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly type: 'choice'; readonly items: readonly PatternNode[] }
  /** `most`: Infinity where there is no last one. `isLazy`: as few as will do. */
  | {
      readonly type: 'repeat';
      readonly item: PatternNode;
      readonly least: number;
      readonly most: number;
      readonly isLazy: boolean;
    };

/** `problem`: what was expected instead, as the second half of a sentence. */
export type ParsedPattern = { readonly root: PatternNode; readonly groups: number } | { readonly problem: string };

/** Beyond it a repetition is written as `*`. */
const MOST_TIMES = 255;
const LONGEST_PATTERN = 256;

export function parsePattern(source: string): ParsedPattern {
  if (source === '') return { problem: 'a pattern that is not empty' };
  if (source.length > LONGEST_PATTERN) return { problem: `a pattern of at most ${LONGEST_PATTERN} characters` };
  const parser = new PatternParser(source);
  try {
    return { root: parser.parse(), groups: parser.groups };
  } catch (error) {
    if (error instanceof PatternProblem) return { problem: error.message };
    throw error;
  }
}

/** Leaves the parser from however deep; never leaves this file. */
class PatternProblem extends Error {}

const ESCAPED_CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, '0': 0 };
const ESCAPED_SETS: Readonly<Record<string, (byte: number) => boolean>> = {
  d: (byte) => byte >= 0x30 && byte <= 0x39,
  s: (byte) => byte === 0x20 || (byte >= 9 && byte <= 13),
  w: (byte) => /\w/.test(String.fromCharCode(byte)) && byte < 0x80,
};

class PatternParser {
  groups = 0;
  #at = 0;

  constructor(private readonly source: string) {}

  parse(): PatternNode {
    const root = this.#choice();
    if (this.#at < this.source.length) throw new PatternProblem('a ( for every )');
    return root;
  }

  #choice(): PatternNode {
    const items = [this.#sequence()];
    while (this.#takes('|')) items.push(this.#sequence());
    const [only] = items;
    return only !== undefined && items.length === 1 ? only : { type: 'choice', items };
  }

  #sequence(): PatternNode {
    const items: PatternNode[] = [];
    for (let next = this.source[this.#at]; next !== undefined && next !== '|' && next !== ')'; ) {
      items.push(this.#repeated(this.#atom()));
      next = this.source[this.#at];
    }
    return { type: 'sequence', items };
  }

  #repeated(item: PatternNode): PatternNode {
    const times = this.#times();
    if (times === null) return item;
    if (item.type === 'begin' || item.type === 'end')
      throw new PatternProblem('nothing repeated that is a place (^, $)');
    if (hasRepetition(item)) throw new PatternProblem('no repetition within a repetition');
    const isLazy = this.#takes('?');
    if (this.#times() !== null) throw new PatternProblem('one repetition of one thing');
    return { type: 'repeat', item, ...times, isLazy };
  }

  #times(): { least: number; most: number } | null {
    if (this.#takes('*')) return { least: 0, most: Infinity };
    if (this.#takes('+')) return { least: 1, most: Infinity };
    if (this.#takes('?')) return { least: 0, most: 1 };
    const [all, least, comma, most] = /^\{(\d+)(,)?(\d+)?\}/.exec(this.source.slice(this.#at)) ?? [];
    if (all === undefined || least === undefined) return null;
    this.#at += all.length;
    const times = {
      least: Number(least),
      most: most === undefined ? (comma === undefined ? Number(least) : Infinity) : Number(most),
    };
    const greatest = times.most === Infinity ? times.least : times.most;
    if (greatest > MOST_TIMES || greatest < times.least || times.most === 0) {
      throw new PatternProblem(`a repetition of 1 to ${MOST_TIMES} times, the smaller number first`);
    }
    return times;
  }

  #atom(): PatternNode {
    const [character = ''] = this.source.slice(this.#at);
    this.#at += character.length;
    switch (character) {
      case '^':
        return { type: 'begin' };
      case '$':
        return { type: 'end' };
      case '.':
        return { type: 'byte', set: setOf((byte) => byte !== 10 && byte !== 13) };
      case '(':
        return this.#group();
      case '[':
        return { type: 'byte', set: this.#class() };
      case '\\':
        return this.#escaped();
      case '*':
      case '+':
      case '?':
        throw new PatternProblem(`something before ${character} that it repeats (\\${character} means the character)`);
      default:
        return literal(character);
    }
  }

  #group(): PatternNode {
    const isCaptured = !this.#takes('?:');
    if (this.source[this.#at] === '?') throw new PatternProblem('no group that begins with (? other than (?:');
    const index = isCaptured ? ++this.groups : null;
    const item = this.#choice();
    if (!this.#takes(')')) throw new PatternProblem('a ) for every (');
    return { type: 'group', item, index };
  }

  #escaped(): PatternNode {
    const set = this.#escapedSet();
    return { type: 'byte', set };
  }

  /** What stands behind a backslash. */
  #escapedSet(): ByteSet {
    const letter = this.source[this.#at++] ?? '';
    const named = ESCAPED_SETS[letter.toLowerCase()];
    if (named !== undefined) return setOf(letter === letter.toLowerCase() ? named : (byte) => !named(byte));
    const control = ESCAPED_CONTROLS[letter];
    if (control !== undefined) return setOf((byte) => byte === control);
    if (letter === 'x') {
      const digits = this.source.slice(this.#at, this.#at + 2);
      if (!/^[0-9a-fA-F]{2}$/.test(digits)) throw new PatternProblem('two hexadecimal digits behind \\x');
      this.#at += 2;
      const value = Number.parseInt(digits, 16);
      return setOf((byte) => byte === value);
    }
    if (!/^[^\w\s]$/.test(letter) || letter > '~') {
      throw new PatternProblem(`none but \\d \\s \\w \\n \\r \\t \\xNN and signs behind a backslash, not \\${letter}`);
    }
    return setOf((byte) => byte === letter.charCodeAt(0));
  }

  #class(): ByteSet {
    const isNegated = this.#takes('^');
    const set = new Uint8Array(256);
    for (let isFirst = true; isFirst || this.source[this.#at] !== ']'; isFirst = false) {
      const from = this.#classItem();
      const isRange = this.source[this.#at] === '-' && this.source[this.#at + 1] !== ']';
      if (isRange) this.#at++;
      const to = isRange ? this.#classItem() : from;
      const [first, last] = [from.indexOf(1), to.lastIndexOf(1)];
      if (isRange && (count(from) !== 1 || count(to) !== 1 || last < first)) {
        throw new PatternProblem('a range of two characters, the smaller first, such as [0-9]');
      }
      for (let byte = first; byte <= last; byte++) if (isRange || from[byte] === 1) set[byte] = 1;
    }
    this.#at++;
    return isNegated ? setOf((byte) => set[byte] === 0) : set;
  }

  #classItem(): ByteSet {
    const character = this.source[this.#at];
    if (character === undefined) throw new PatternProblem('a ] for every [');
    this.#at++;
    if (character === '\\') return this.#escapedSet();
    if (character === ']') throw new PatternProblem('something between [ and ]');
    if (character > '~') throw new PatternProblem('characters of ASCII between [ and ]');
    return setOf((byte) => byte === character.charCodeAt(0));
  }

  #takes(text: string): boolean {
    if (!this.source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }
}

function setOf(isIn: (byte: number) => boolean): ByteSet {
  return Uint8Array.from({ length: 256 }, (_, byte) => (isIn(byte) ? 1 : 0));
}

function count(set: ByteSet): number {
  return set.reduce((sum, bit) => sum + bit, 0);
}

/** A character and, beyond ASCII, all of its bytes. */
function literal(character: string): PatternNode {
  const items = utf8Of(character).map((value): PatternNode => ({ type: 'byte', set: setOf((byte) => byte === value) }));
  const [only] = items;
  return only !== undefined && items.length === 1 ? only : { type: 'sequence', items };
}

function utf8Of(character: string): readonly number[] {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return [code];
  if (code >= 0xd800 && code <= 0xdfff) throw new PatternProblem('whole characters');
  const inHex = encodeURIComponent(character).split('%').slice(1);
  return inHex.map((digits) => Number.parseInt(digits, 16));
}

/** A count that is always the same repeats nothing in more ways than one. */
function hasRepetition(node: PatternNode): boolean {
  switch (node.type) {
    case 'repeat':
      return node.least !== node.most || hasRepetition(node.item);
    case 'group':
      return hasRepetition(node.item);
    case 'sequence':
    case 'choice':
      return node.items.some(hasRepetition);
    default:
      return false;
  }
}
