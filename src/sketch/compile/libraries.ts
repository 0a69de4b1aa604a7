import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blankOut } from '../source/blank-out.js';
import type { SketchFolder } from '../source/sketch-folder.js';
import type { BoardOfCore } from '../toolchain/board-of-core.js';
import { readProperties } from '../toolchain/properties.js';

/** A library that a sketch includes. */
export interface SketchLibrary {
  readonly name: string;
  /** Folders in which its headers are found. */
  readonly includes: readonly string[];
  /** Every folder that its sources read from. */
  readonly reads: readonly string[];
  readonly sources: readonly string[];
}

/** Our own: it comes along, and no other copy of it is taken. */
export const HARNESS = fileURLToPath(new URL('../../../firmware-harness', import.meta.url));
export const COPYCAT = 'Copycat';

/** Debian's packages of libraries put them there. */
const DEBIAN_LIBRARIES = '/usr/share/arduino/libraries';
const SOURCES = ['.c', '.cpp', '.S'];
const CODE = [...SOURCES, '.h', '.hpp', '.ino'];

/**
 * The libraries that a sketch includes, and those that they include, as the Arduino IDE finds them: by the names of their headers, in the
 * user's sketchbook before those of the core.
 */
export function librariesOf(
  { inos, sources, headers, path }: SketchFolder,
  board: BoardOfCore,
): readonly SketchLibrary[] {
  const found = new Map<string, SketchLibrary>();
  const wanted = [...inos, ...sources, ...headers].flatMap(({ text }) => includedIn(text));
  const seen = new Set<string>();
  for (let header = wanted.shift(); header !== undefined; header = wanted.shift()) {
    if (seen.has(header)) continue;
    seen.add(header);
    if ([path, board.core, board.variant].some((folder) => existsSync(join(folder, header)))) continue;
    const library = libraryWith(header, board);
    if (library === null || found.has(library.name)) continue;
    found.set(library.name, library);
    if (library.name !== COPYCAT) wanted.push(...includedBy(library));
  }
  return [...found.values()];
}

/** The headers that a text includes. */
function includedIn(text: string): readonly string[] {
  const lines = text.split('\n');
  return blankOut(text)
    .split('\n')
    .flatMap((line, index) => {
      if (!/^\s*#\s*include\b/.test(line)) return [];
      const [, header] = /#\s*include\s*[<"]([^>"]+)[>"]/.exec(lines[index] ?? '') ?? [];
      return header === undefined ? [] : [header];
    });
}

function includedBy({ includes, sources }: SketchLibrary): readonly string[] {
  const headers = includes.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => CODE.includes(extname(name)))
      .map((name) => join(folder, name)),
  );
  return [...new Set([...sources, ...headers])].flatMap((file) => includedIn(readFileSync(file, 'utf8')));
}

function libraryWith(header: string, { toolchain }: BoardOfCore): SketchLibrary | null {
  // The IDE finds src alone; what is written for the bare ports names headers by their folder.
  if (/^copycat\//.test(header) && existsSync(join(HARNESS, 'include', header))) return copycatLibrary();
  if (existsSync(join(HARNESS, 'src', header))) return copycatLibrary();
  const roots = [join(homedir(), 'Arduino/libraries'), DEBIAN_LIBRARIES, join(toolchain.core, 'libraries')];
  for (const root of roots) {
    const library = libraryIn(root, header);
    if (library !== null) return library;
  }
  return null;
}

function copycatLibrary(): SketchLibrary {
  const [src, include] = [join(HARNESS, 'src'), join(HARNESS, 'include')];
  const reads = [src, include, join(HARNESS, 'ports/avr')];
  return { name: COPYCAT, includes: [src, include], reads, sources: sourcesIn(src, true) };
}

function libraryIn(root: string, header: string): SketchLibrary | null {
  if (!existsSync(root)) return null;
  const stem = header.slice(0, header.length - extname(header).length).toLowerCase();
  // The one that is called like the header comes before others that have such a header too.
  const folders = readdirSync(root).sort((a, b) => Number(b.toLowerCase() === stem) - Number(a.toLowerCase() === stem));
  for (const name of folders) {
    const folder = join(root, name);
    const src = join(folder, 'src');
    const hasSrc = existsSync(src);
    if (!existsSync(join(hasSrc ? src : folder, header)) || !isForAvr(folder)) continue;
    if (hasSrc) return { name, includes: [src], reads: [src], sources: sourcesIn(src, true) };
    const utility = join(folder, 'utility');
    const includes = existsSync(utility) ? [folder, utility] : [folder];
    const sources = includes.flatMap((place) => sourcesIn(place, false));
    return { name, includes, reads: includes, sources };
  }
  return null;
}

function isForAvr(folder: string): boolean {
  const file = join(folder, 'library.properties');
  if (!existsSync(file)) return true;
  const architectures = readProperties(file).get('architectures') ?? '*';
  return architectures.split(',').some((one) => ['*', 'avr'].includes(one.trim()));
}

/** Source files in a folder, in a fixed order: the order of objects decides the image. */
export function sourcesIn(folder: string, recursive: boolean): readonly string[] {
  return readdirSync(folder, { recursive, encoding: 'utf8' })
    .filter((name) => SOURCES.includes(extname(name)))
    .sort()
    .map((name) => join(folder, name));
}
