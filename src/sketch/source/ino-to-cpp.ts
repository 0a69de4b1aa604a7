import { blankOut } from './blank-out.js';
import { conditionalLines, functionsOf, lineAt } from './functions.js';

/** One .ino of a sketch. */
export interface InoFile {
  /** As the compiler is to call it. */
  readonly name: string;
  readonly text: string;
}

/**
 * The C++ that a sketch stands for, as the Arduino IDE makes it: Arduino.h, its .ino files one behind the other, and a prototype of
 * each function before the first of them. The compiler speaks of the lines of the .ino files.
 */
export function inoToCpp(files: readonly InoFile[]): string {
  const whole = files.map(({ name, text }) => `#line 1 "${name}"\n${text}${text.endsWith('\n') ? '' : '\n'}`).join('');
  const code = blankOut(whole);
  const functions = functionsOf(code);
  const [first] = functions;
  if (first === undefined) return `#include <Arduino.h>\n${whole}`;
  const at = placeOfPrototypes(code, first.headAt);
  return `#include <Arduino.h>\n${whole.slice(0, at)}${prototypes(whole, functions)}${lineMark(whole, at)}${whole.slice(at)}`;
}

/**
 * Each where the compiler looks for its function. Not of a function between #if and #endif, which may not be there, nor of one with default
 * arguments: they may stand only once.
 */
function prototypes(whole: string, functions: ReturnType<typeof functionsOf>): string {
  return functions
    .filter(({ head, isConditional }) => !isConditional && !head.includes('='))
    .map(({ head, headAt }) => `${lineMark(whole, headAt)}${head};\n`)
    .join('');
}

/** The beginning of the line of the first function; of the outermost #if that it stands in, where it does. */
function placeOfPrototypes(code: string, headAt: number): number {
  const conditional = conditionalLines(code);
  let line = lineAt(code, headAt);
  if (conditional.has(line)) while (conditional.has(line - 1)) line--;
  let at = 0;
  for (let passed = 1; passed < line; passed++) at = code.indexOf('\n', at) + 1;
  return at;
}

/** What the compiler is to call the line that `at` is in. */
function lineMark(whole: string, at: number): string {
  const marks = [...whole.slice(0, at).matchAll(/^#line 1 "(.*)"\n/gm)];
  const mark = marks.at(-1);
  const from = mark === undefined ? 0 : mark.index + mark[0].length;
  return `#line ${lineAt(whole.slice(from), at - from)} "${mark?.[1] ?? ''}"\n`;
}
