import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WORLD_FILE } from '../../bench/world-file/load-world.js';
import { factsOfKind } from '../../config/load/board-files.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { wrap } from '../../faults/wrap-text.js';
import type { BuiltSketch } from '../../sketch/build-sketch.js';
import type { PortingNote } from '../../sketch/porting/porting-note.js';
import type { SketchFolder } from '../../sketch/source/sketch-folder.js';
import { commandName } from '../terminal/command-name.js';
import { textWidth } from '../terminal/terminal.js';
import { textTable } from '../terminal/text-table.js';

/** A stack of a sketch with the library, its interrupts and a little of its own. */
const LEAST_STACK_BYTES = 256;

/** Why what was built is no program for this board; null: it is one. */
export function tooLarge(sketch: SketchFolder, kind: string, built: BuiltSketch): CopycatError | null {
  const { flashBytes, ramBytes, board, copycat } = built;
  const name = `a board of kind ${kind}`;
  const shown = sketch.inos[0]?.shown;
  const ours =
    copycat === null ? '' : '; what the library can do without is in firmware-harness/include/copycat/features.h';
  if (flashBytes > board.flashBytes) {
    return new CopycatError('USAGE', `${shown} takes ${flashBytes} bytes of flash: too large for ${name}`, {
      expected: `at most ${board.flashBytes} bytes, beside the boot loader${ours}`,
    });
  }
  if (ramBytes >= board.ramBytes) {
    return new CopycatError('USAGE', `the variables of ${shown} take ${ramBytes} bytes: more RAM than ${name} has`, {
      expected: `less than ${board.ramBytes} bytes of state and other variables, for the stack needs some too${ours}`,
    });
  }
  return null;
}

/** What a person reads of a sketch that was built. */
export function buildText(
  sketch: SketchFolder,
  kind: string,
  image: string,
  built: BuiltSketch,
  notes: readonly PortingNote[],
): string {
  const { flashBytes, ramBytes, board, copycat } = built;
  const row = (what: string, bytes: number, of: number, ours: number | undefined): string[] => [
    ...[what, String(bytes), `${percent(bytes, of)} of ${of}`],
    ...(ours === undefined ? [] : [`${ours} (${percent(ours, of)})`]),
  ];
  const table = textTable(
    [
      ['', 'bytes', 'of the board', ...(copycat === null ? [] : ['the library’s share'])],
      row('flash', flashBytes, board.flashBytes, copycat?.flashBytes),
      row('RAM', ramBytes, board.ramBytes, copycat?.ramBytes),
    ],
    [1, 2, 3],
  );
  const stack = board.ramBytes - ramBytes;
  const little = `Only ${stack} bytes of RAM are left for the stack: a board that runs out of it writes over its own variables.`;
  return [
    `${image}: ${sketch.inos.map(({ shown }) => shown).join(', ')} for ${factsOfKind(kind).name}`,
    '',
    table,
    ...(stack < LEAST_STACK_BYTES ? ['', ...wrap(little, textWidth())] : []),
    ...notesText(notes),
    '',
    notes.some((note) => note.kind === 'not-begun')
      ? 'It is no program for a board of a pair yet.'
      : `Next: ${commandName()} bench --firmware ${image}${kind === 'mega2560' ? ' --board mega2560' : ''}${worldWords(sketch)}`,
  ].join('\n');
}

/** With the image alone, the world that lies beside the sketch would not be looked for. */
function worldWords({ inos, path }: SketchFolder): string {
  const folder = dirname(inos[0]?.shown ?? '.');
  // There it is found without being named.
  if (folder === '.' || !existsSync(join(path, WORLD_FILE))) return '';
  return ` --world ${join(folder, WORLD_FILE)}`;
}

/** Each on a line of its own, so that an editor can go there; what is to be done is indented where it needs more. */
function notesText(notes: readonly PortingNote[]): readonly string[] {
  if (notes.length === 0) return [];
  const lines = notes.flatMap(({ file, line, found, advice }) =>
    wrap(`${file}:${line}: ${found} — ${advice}`, textWidth() - INDENT - HANGING).map(
      (part, row) => `${' '.repeat(row === 0 ? INDENT : INDENT + HANGING)}${part}`,
    ),
  );
  return ['', 'To change or to decide before it is one of a pair:', ...lines];
}

const INDENT = 2;
const HANGING = 4;

function percent(part: number, whole: number): string {
  return `${Math.round((100 * part) / whole)} %`;
}
