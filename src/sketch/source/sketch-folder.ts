import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { CopycatError } from '../../errors/copycat-error.js';

/** A source file of a sketch. */
export interface SketchFile {
  /** Absolute. */
  readonly path: string;
  /** From the sketch's folder: what the compiler calls it. */
  readonly name: string;
  /** As its user would type it, from where he is. */
  readonly shown: string;
  readonly text: string;
}

/** A sketch as it lies on disk. */
export interface SketchFolder {
  /** Of what is built: that of its main .ino. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** The main one first, the others by name: the order in which they make one program. */
  readonly inos: readonly SketchFile[];
  /** .c, .cpp and .S, of the folder itself and of all below src. */
  readonly sources: readonly SketchFile[];
  readonly headers: readonly SketchFile[];
}

const INO = ['.ino', '.pde'];
const SOURCES = ['.c', '.cpp', '.cc', '.cxx', '.S'];
const HEADERS = ['.h', '.hpp', '.hh'];
const EXPECTED = 'the folder of a sketch, or its .ino file';

/**
 * Reads a sketch, as the Arduino IDE keeps it: NAME/NAME.ino, and what is beside it.
 * @param named its folder, or its main .ino
 * @throws CopycatError USAGE when there is none
 */
export function readSketch(named: string): SketchFolder {
  const stats = statSync(named, { throwIfNoEntry: false });
  if (stats === undefined) throw new CopycatError('USAGE', `there is no ${named}`, { expected: EXPECTED });
  const isFile = stats.isFile();
  if (isFile && !INO.includes(extname(named))) {
    throw new CopycatError('USAGE', `${named} is no sketch`, { expected: EXPECTED });
  }
  const path = isFile ? dirname(resolve(named)) : resolve(named);
  const names = filesOf(path);
  const inoNames = names.filter((name) => INO.includes(extname(name)) && !name.includes('/'));
  const main = mainOf(isFile ? basename(named) : null, inoNames, path, named);
  const read = (name: string): SketchFile => {
    const file = join(path, name);
    return { path: file, name, shown: relative(process.cwd(), file), text: readFileSync(file, 'utf8') };
  };
  const withEnding = (endings: readonly string[]) => names.filter((name) => endings.includes(extname(name))).map(read);
  return {
    ...{ name: basename(main, extname(main)), path },
    inos: [main, ...inoNames.filter((name) => name !== main)].map(read),
    sources: withEnding(SOURCES),
    headers: withEnding(HEADERS),
  };
}

/** What belongs to it: the files of the folder, and all below src. Its other folders are its user's own (extras, build). */
function filesOf(path: string): readonly string[] {
  const own = readdirSync(path, { withFileTypes: true });
  const files = own.filter((entry) => entry.isFile()).map(({ name }) => name);
  const hasSrc = own.some((entry) => entry.name === 'src' && entry.isDirectory());
  const below = hasSrc ? readdirSync(join(path, 'src'), { recursive: true, encoding: 'utf8' }) : [];
  const inSrc = below.map((name) => `src/${name}`).filter((name) => statSync(join(path, name)).isFile());
  return [...files, ...inSrc].filter((name) => !basename(name).startsWith('.')).sort();
}

/** The one that is named like the folder; another one where it is the only one, or was named itself. */
function mainOf(named: string | null, inos: readonly string[], path: string, shown: string): string {
  const wanted = INO.map((ending) => `${basename(path)}${ending}`);
  const main = inos.find((name) => wanted.includes(name)) ?? (inos.length === 1 ? inos[0] : named);
  if (main !== undefined && main !== null) return main;
  const [first = ''] = wanted;
  if (inos.length === 0) {
    throw new CopycatError('USAGE', `${shown} has no sketch: no .ino file`, { expected: `${EXPECTED} (${first})` });
  }
  throw new CopycatError('USAGE', `none of the .ino files of ${shown} is called like the folder`, {
    value: inos.join(', '),
    expected: `${first} among them, as the Arduino IDE wants it`,
  });
}
