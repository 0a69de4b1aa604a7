import { readFileSync, rmSync } from 'node:fs';
import { makeTemporaryFolder } from '../private-files/temporary-folder.js';
import { NotCompiled } from './compile/compile.js';
import { compileSketch } from './compile/compile-sketch.js';
import { COPYCAT } from './compile/libraries.js';
import { type MemoryUse, putImageHash } from './compile/link.js';
import { withOwnNames } from './compile/own-names.js';
import type { SketchFolder } from './source/sketch-folder.js';
import { boardOfCore } from './toolchain/board-of-core.js';
import { findToolchain } from './toolchain/toolchain.js';

export interface SketchBuild {
  /** The name by which Arduino's tools know the board. */
  readonly fqbn: string;
  /** Of the compiler: `CC_WINDOW=4`. */
  readonly defines: readonly string[];
}

export interface BuiltSketch extends MemoryUse {
  readonly isBuilt: true;
  /** The program, as Intel HEX, with its hash in place where it has a place for one. */
  readonly hex: string;
  /** What a program may take of the board. */
  readonly board: MemoryUse;
  /** What is there because of the Copycat library; null: the sketch does not include it. */
  readonly copycat: MemoryUse | null;
  readonly libraries: readonly string[];
  /** The compiler's warnings, with the user's own files and lines; empty: none. */
  readonly warnings: string;
}

/** The compiler's own words, with the user's own files and lines. */
export interface UnbuiltSketch {
  readonly isBuilt: false;
  readonly said: string;
}

/** The user's own lines are complained of as the IDE does it with warnings at "All", ours and the core's are not his to mend. */
const WARNINGS = { sketch: '-Wall -Wextra', copycat: '-w' };

/**
 * Builds a sketch for a board. Nothing is written but to the folder of temporary files and to the cache.
 * @throws CopycatError BUILD_FAILED when there is no compiler, or no such board
 */
export function buildSketch(sketch: SketchFolder, { fqbn, defines }: SketchBuild): BuiltSketch | UnbuiltSketch {
  const board = boardOfCore(findToolchain(), fqbn, defines);
  const folder = makeTemporaryFolder('copycat-build-');
  const shown = (text: string): string => withOwnNames(text, sketch, folder);
  try {
    const built = compileSketch({ sketch, board, folder, warnings: WARNINGS });
    if (built.libraries.includes(COPYCAT)) putImageHash(board, built);
    const { flashBytes, ramBytes, copycat, libraries } = built;
    return {
      ...{ isBuilt: true, hex: readFileSync(built.hex, 'latin1'), flashBytes, ramBytes, copycat, libraries },
      board: { flashBytes: board.flashBytes, ramBytes: board.ramBytes },
      warnings: shown(built.said),
    };
  } catch (error) {
    if (!(error instanceof NotCompiled)) throw error;
    return { isBuilt: false, said: shown(error.message) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
