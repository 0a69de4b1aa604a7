import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { inoToCpp } from '../source/ino-to-cpp.js';
import type { SketchFolder } from '../source/sketch-folder.js';
import type { BoardOfCore } from '../toolchain/board-of-core.js';
import { commandOf } from '../toolchain/properties.js';
import { compile, compileKept, run } from './compile.js';
import { COPYCAT, librariesOf, type SketchLibrary, sourcesIn } from './libraries.js';
import { type LinkedProgram, link, type MemoryUse, memoryWithout, type ProgramToLink } from './link.js';

export interface SketchToCompile {
  readonly sketch: SketchFolder;
  readonly board: BoardOfCore;
  /** Where objects, .elf and .hex go. */
  readonly folder: string;
  /** Flags: how much of the sketch, and of our library, is complained of. */
  readonly warnings: { readonly sketch: string; readonly copycat: string };
}

export interface CompiledSketch extends LinkedProgram {
  /** What is there because of the Copycat library; null: the sketch does not include it. */
  readonly copycat: MemoryUse | null;
  /** Libraries that it includes, by name. */
  readonly libraries: readonly string[];
}

/**
 * Builds a sketch as the Arduino IDE does: by the recipes of an installed core (platform.txt, boards.txt), with the libraries that it includes.
 * Throws NotCompiled, with the compiler's own words.
 */
export function compileSketch(wanted: SketchToCompile): CompiledSketch {
  const { sketch, board, folder, warnings } = wanted;
  mkdirSync(folder, { recursive: true });
  const libraries = librariesOf(sketch, board);
  const includes = [board.core, board.variant, ...libraries.flatMap((library) => library.includes)];
  // First what is the user's own: his mistakes are what he waits for.
  const { objects, said } = compileOwn(wanted, includes);
  const ofLibraries = libraries.map((library) => ({
    name: library.name,
    objects: compileLibrary(wanted, library, [includes, libraries.flatMap(({ reads }) => reads)]),
  }));
  const program: ProgramToLink = {
    ...{ board, folder, name: sketch.name, warnings: warnings.sketch },
    objects: [...objects, ...ofLibraries.flatMap((library) => library.objects)],
    archive: buildCore(board, folder),
  };
  const linked = link(program);
  const ours = ofLibraries.find(({ name }) => name === COPYCAT);
  return {
    ...linked,
    said: said + linked.said,
    copycat: ours === undefined ? null : shareOf(program, linked, ours.objects),
    libraries: libraries.map(({ name }) => name),
  };
}

function shareOf(program: ProgramToLink, whole: MemoryUse, objects: readonly string[]): MemoryUse {
  const rest = memoryWithout(program, objects);
  return { flashBytes: whole.flashBytes - rest.flashBytes, ramBytes: whole.ramBytes - rest.ramBytes };
}

function compileOwn(
  { sketch, board, folder, warnings }: SketchToCompile,
  includes: readonly string[],
): { readonly objects: readonly string[]; readonly said: string } {
  const whole = join(folder, `${sketch.name}.ino.cpp`);
  if (sketch.inos.length > 0) writeFileSync(whole, inoToCpp(sketch.inos));
  const sources = [...(sketch.inos.length > 0 ? [whole] : []), ...sketch.sources.map(({ name }) => name)];
  const said: string[] = [];
  const objects = sources.map((source) => {
    const object = join(folder, 'sketch', `${source === whole ? basename(whole) : source}.o`);
    const paths = [...includes, sketch.path];
    said.push(compile({ board, source, object, includes: paths, warnings: warnings.sketch, cwd: sketch.path }));
    return object;
  });
  return { objects, said: said.join('') };
}

function compileLibrary(
  { board, folder, warnings }: SketchToCompile,
  { name, sources }: SketchLibrary,
  [includes, reads]: readonly [readonly string[], readonly string[]],
): readonly string[] {
  const flags = name === COPYCAT ? warnings.copycat : null;
  return sources.map((source, index) => {
    const object = join(folder, 'libraries', name, `${index}-${basename(source)}.o`);
    compileKept({ board, source, object, includes, warnings: flags, cwd: '/' }, [board.core, board.variant, ...reads]);
    return object;
  });
}

/** The core as an archive; its path from the folder of the build. */
function buildCore(board: BoardOfCore, folder: string): string {
  const includes = [board.core, board.variant];
  const objects = includes.flatMap((place) =>
    sourcesIn(place, true).map((source) => {
      const object = join(folder, 'core', `${relative(place, source).replaceAll('/', '-')}.o`);
      compileKept({ board, source, object, includes, warnings: null, cwd: '/' }, includes);
      return object;
    }),
  );
  const [first = '', ...others] = objects;
  const archive = 'core.a';
  const values = { 'build.path': folder, archive_file: archive, object_file: first };
  run([...commandOf(board.properties, 'recipe.ar.pattern', values), ...others]);
  return archive;
}
