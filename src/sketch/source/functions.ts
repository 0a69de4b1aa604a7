/** A function that a sketch defines at file level. Places are offsets into its text. */
export interface SketchFunction {
  readonly name: string;
  /** What stands before its body, on one line: a prototype but for its semicolon. */
  readonly head: string;
  readonly headAt: number;
  /** Between its braces. */
  readonly bodyFrom: number;
  readonly bodyTo: number;
  /** Between #if and #endif: whether it is compiled, only the preprocessor knows. */
  readonly isConditional: boolean;
}

const NO_FUNCTION = /^(?:class|struct|union|enum|namespace|template|extern|typedef|using)\b/;

/** The functions of a sketch, in order. `code`: without comments and texts (`blankOut`). */
export function functionsOf(code: string): readonly SketchFunction[] {
  const plain = withoutDirectives(code);
  const conditional = conditionalLines(code);
  const found: SketchFunction[] = [];
  let headFrom = 0;
  for (let at = 0; at < plain.length; at++) {
    const character = plain[at];
    if (character === ';') headFrom = at + 1;
    if (character !== '{') continue;
    const end = closing(plain, at);
    const head = plain.slice(headFrom, at);
    const headAt = headFrom + (head.length - head.trimStart().length);
    const name = functionName(head);
    // extern "C" { … } and namespaces hold functions too.
    if (name === null && /^\s*(?:extern\s*"[^"]*"|namespace\b[\w\s:]*)\s*$/.test(head)) {
      headFrom = at + 1;
      continue;
    }
    if (name !== null) {
      const isConditional = conditional.has(lineAt(plain, headAt));
      found.push({
        ...{ name, head: head.trim().replace(/\s+/g, ' '), headAt },
        ...{ bodyFrom: at + 1, bodyTo: end, isConditional },
      });
    }
    at = end;
    headFrom = end + 1;
  }
  return found;
}

/** Where the brace, bracket or parenthesis at `at` is closed; the end of the text where it is not. */
export function closing(code: string, at: number): number {
  let depth = 0;
  for (let index = at; index < code.length; index++) {
    const character = code[index] ?? '';
    if ('{(['.includes(character)) depth++;
    else if ('})]'.includes(character)) depth--;
    if (depth === 0) return index;
  }
  return code.length;
}

/** The line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** The code without preprocessor lines, each character in its place. */
export function withoutDirectives(code: string): string {
  return code.replace(/^[ \t]*#(?:\\\r?\n|[^\n])*/gm, (line) => line.replace(/[^\n]/g, ' '));
}

/** The lines from an #if to its #endif, both included. */
export function conditionalLines(code: string): ReadonlySet<number> {
  const lines = new Set<number>();
  let depth = 0;
  for (const [index, line] of code.split('\n').entries()) {
    const [, word = ''] = /^\s*#\s*(if|ifdef|ifndef|endif)\b/.exec(line) ?? [];
    if (word.startsWith('if')) depth++;
    if (depth > 0) lines.add(index + 1);
    if (word === 'endif') depth = Math.max(0, depth - 1);
  }
  return lines;
}

/** The name of what this is the head of; null: of no function that has a prototype. */
function functionName(head: string): string | null {
  const text = head.trim();
  if (NO_FUNCTION.test(text)) return null;
  const open = text.indexOf('(');
  if (open < 0 || text.slice(0, open).includes('=')) return null;
  const [, type = '', name] = /^(.*[\s*&>])(\w+)\s*$/s.exec(text.slice(0, open)) ?? [];
  // ISR(TIMER1_COMPA_vect) has no type, a method its class before it.
  if (name === undefined || !/\w/.test(type) || /\b(?:else|return|new|operator)\b/.test(type)) return null;
  const behind = text.slice(closing(text, open) + 1).trim();
  return /^(?:(?:noexcept|__attribute__\s*\(\(.*\)\))\s*)*$/.test(behind) ? name : null;
}
