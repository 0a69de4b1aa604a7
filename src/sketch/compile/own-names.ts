import { blankOut } from '../source/blank-out.js';
import { lineAt } from '../source/functions.js';
import type { SketchFolder } from '../source/sketch-folder.js';
import { HARNESS } from './libraries.js';

/** What a linker says of the objects that it has made itself: their places are those of nobody's source. */
const OF_THE_LINKER = /^(?:collect2: |\S+\.ltrans\d*\.ltrans\.o: In function )/;

/**
 * What the compiler and the linker have said, with files as the user would type them from where he is, and with what is ours by its place in the
 * library.
 * @param folder of the build: the .ino files have been put together there
 */
export function withOwnNames(text: string, sketch: SketchFolder, folder: string): string {
  const short = text
    .replaceAll(`${sketch.path}/`, '')
    .replaceAll(`${folder}/${sketch.name}.ino.cpp`, sketch.inos[0]?.name ?? '')
    .replaceAll(`${HARNESS}/`, 'Copycat/');
  const lines = short
    .split('\n')
    .filter((line) => !OF_THE_LINKER.test(line))
    .map((line) => undefinedReference(line, sketch) ?? withOwnName(line, sketch));
  return lines.join('\n').trimEnd();
}

function withOwnName(line: string, { inos, sources, headers }: SketchFolder): string {
  const files = [...inos, ...sources, ...headers];
  const own = files.find(({ name }) => line.startsWith(`${name}:`));
  if (own !== undefined) return own.shown + line.slice(own.name.length);
  const [, before = '', file, behind = ''] = /^(In file included from |\s+from )(.*?)(:\d.*)$/.exec(line) ?? [];
  const included = files.find(({ name }) => name === file);
  return included === undefined ? line : `${before}${included.shown}${behind}`;
}

/** Where the sketch names what is nowhere, in place of where the linker has put it; null: the line is of another kind. */
function undefinedReference(line: string, { inos, sources }: SketchFolder): string | null {
  const [, symbol] = /: undefined reference to [`'‘](.*)['’]$/.exec(line) ?? [];
  if (symbol === undefined) return null;
  const [name = ''] = /\w+(?=\(|$)/.exec(symbol) ?? [];
  for (const { shown, text } of [...inos, ...sources]) {
    const at = blankOut(text).search(new RegExp(`\\b${name}\\b`));
    if (at >= 0) return `${shown}:${lineAt(text, at)}: error: ‘${symbol}’ is used, and no file of the sketch has it`;
  }
  return `error: ‘${symbol}’ is used, and no file of the sketch has it`;
}
