import { writeFileSync } from 'node:fs';
import { BENCH_KINDS, mcuOfKind } from '../../bench/stage/heater-image.js';
import { BOARD_KINDS } from '../../config/board-kinds.js';
import { factsOfKind } from '../../config/load/board-files.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { type BuiltSketch, buildSketch } from '../../sketch/build-sketch.js';
import { portingList } from '../../sketch/porting/porting-list.js';
import type { PortingNote } from '../../sketch/porting/porting-note.js';
import { sketchNamed } from '../../sketch/source/named-sketch.js';
import { readSketch, type SketchFolder } from '../../sketch/source/sketch-folder.js';
import { nearestWord } from '../../words/nearest-word.js';
import { commandName } from '../terminal/command-name.js';
import { type ExitCode, printJsonFailure } from '../terminal/report-failure.js';
import { print, printError, printJson } from '../terminal/terminal.js';
import { buildText, tooLarge } from './build-text.js';

/** What was said on the command line of copycat build. */
export interface BuildArguments {
  readonly board: string;
  readonly output?: string;
  readonly define?: readonly string[];
  readonly bench?: boolean;
  readonly json?: boolean;
}

/** What was built, for a program. */
interface BuildReport {
  readonly sketch: string;
  readonly board: string;
  readonly image: string;
  readonly flash: Memory;
  readonly ram: Memory;
  readonly libraries: readonly string[];
  readonly warnings: string;
  /** What a person must still decide or change. */
  readonly porting: readonly PortingNote[];
}

interface Memory {
  readonly bytes: number;
  /** What a program may take of the board. */
  readonly of: number;
  /** What is there because of the Copycat library. */
  readonly copycatBytes: number;
}

/** copycat build SKETCH: an image of a sketch, what it takes of the board, and what keeps it from being one of a pair. */
export async function build(
  named: string,
  words: readonly string[],
  options: BuildArguments,
  bench: (words: readonly string[]) => Promise<void>,
): Promise<ExitCode | null> {
  const isBench = options.bench === true;
  const [extra] = words;
  if (extra !== undefined && !isBench) {
    const what = extra.startsWith('-')
      ? `unknown option '${extra}'`
      : `${extra} is one word too many for copycat build`;
    throw new CopycatError('USAGE', what, { expected: 'one sketch; what is for the bench stands behind --bench' });
  }
  const kind = boardKind(options.board);
  const { fqbn } = factsOfKind(kind);
  if (fqbn == null) throw unknownBoard(kind);
  const sketch = readSketch(sketchNamed(named));
  const notes = portingList(sketch);
  const notBegun = notes.find(({ kind }) => kind === 'not-begun');
  if (isBench && notBegun !== undefined) {
    const where = `${notBegun.file}:${notBegun.line}`;
    throw new CopycatError('USAGE', `${where}: ${notBegun.advice}`, { expected: 'a sketch that speaks to a gateway' });
  }
  const built = buildSketch(sketch, { fqbn, defines: options.define ?? [] });
  if (!built.isBuilt) {
    printError(built.said);
    printError(`copycat: ${sketch.inos[0]?.shown} was not built: ${whyNot(built.said)}`);
    if (options.json === true) printJsonFailure('BUILD_FAILED', built.said);
    return 1;
  }
  const refused = tooLarge(sketch, kind, built);
  if (refused !== null) throw refused;
  const image = options.output ?? `${sketch.name}.hex`;
  writeImage(image, built.hex);
  if (built.warnings !== '') printError(built.warnings);
  if (!isBench && options.json === true) printJson(reportOf(sketch, kind, image, built, notes));
  else print(buildText(sketch, kind, image, built, notes));
  if (!isBench) return 0;
  if (options.json !== true) print('');
  await bench([
    ...['bench', '--firmware', image, '--board', benchKindOf(kind)],
    ...words,
    ...(options.json === true ? ['--json'] : []),
  ]);
  return null;
}

/** The bench plays one kind for each processor. */
function benchKindOf(kind: string): string {
  return BENCH_KINDS.find((one) => mcuOfKind(one).name === factsOfKind(kind).mcu?.name) ?? kind;
}

function whyNot(said: string): string {
  const [, header] = /(\S+\.h(?:pp)?): No such file or directory/.exec(said) ?? [];
  if (header === undefined) return 'what the compiler says is above';
  return `no library has ${header}; expected one that has it below ~/Arduino/libraries`;
}

function boardKind(name: string): string {
  const kind = BOARD_KINDS.find((one) => one === name);
  if (kind === undefined) throw unknownBoard(name);
  return kind;
}

function unknownBoard(name: string): CopycatError {
  const known = BOARD_KINDS.filter((kind) => factsOfKind(kind).fqbn != null);
  const near = nearestWord(name, known);
  const meant = near === undefined || near === name ? '' : `; did you mean ${near}?`;
  return new CopycatError('USAGE', `${commandName()} build knows no boards of kind ${name}${meant}`, {
    value: name,
    expected: `one of ${known.join(', ')}`,
  });
}

function writeImage(file: string, hex: string): void {
  try {
    writeFileSync(file, hex);
  } catch (cause) {
    throw new CopycatError('USAGE', `${file} was not written`, { expected: 'a file that can be written (-o)', cause });
  }
}

function reportOf(
  sketch: SketchFolder,
  board: string,
  image: string,
  built: BuiltSketch,
  porting: readonly PortingNote[],
): BuildReport {
  const { flashBytes, ramBytes, copycat, libraries, warnings } = built;
  const of = built.board;
  return {
    ...{ sketch: sketch.inos[0]?.shown ?? sketch.path, board, image },
    flash: { bytes: flashBytes, of: of.flashBytes, copycatBytes: copycat?.flashBytes ?? 0 },
    ram: { bytes: ramBytes, of: of.ramBytes, copycatBytes: copycat?.ramBytes ?? 0 },
    ...{ libraries, warnings, porting },
  };
}
