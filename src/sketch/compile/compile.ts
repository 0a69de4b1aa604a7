import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { CopycatError } from '../../errors/copycat-error.js';
import { compileOnce } from '../cache/compile-once.js';
import type { BoardOfCore } from '../toolchain/board-of-core.js';
import { commandOf } from '../toolchain/properties.js';
import { HARNESS } from './libraries.js';

/** What a compiler or linker that found a mistake has said. */
export class NotCompiled extends Error {
  override readonly name = 'NotCompiled';
}

export interface SourceToCompile {
  readonly board: BoardOfCore;
  /** As the compiler is to call it, from `cwd`. */
  readonly source: string;
  readonly object: string;
  readonly includes: readonly string[];
  /** Flags in the place of the core's own; null: those. */
  readonly warnings: string | null;
  /** Where the compiler runs. */
  readonly cwd: string;
}

/** Compiles to `object`. Gives what the compiler said of it. Throws NotCompiled. */
export function compile(wanted: SourceToCompile): string {
  mkdirSync(dirname(wanted.object), { recursive: true });
  return run(commandTo(wanted, wanted.object), wanted.cwd);
}

/**
 * The same for what is not the user's: made once for every sketch, from the same command, the same source, and headers that are the same in
 * every folder that it may read from. Its warnings are told to nobody. Throws NotCompiled.
 */
export function compileKept(wanted: SourceToCompile, reads: readonly string[]): void {
  try {
    const output = wanted.object;
    compileOnce({ commandTo: (object) => commandTo(wanted, object), cwd: '/', here: HARNESS, output, folders: reads });
  } catch (error) {
    if (error instanceof Error && 'stderr' in error && typeof error.stderr === 'string')
      throw new NotCompiled(error.stderr, { cause: error });
    throw error;
  }
}

function commandTo({ board, source, includes, warnings }: SourceToCompile, object: string): readonly string[] {
  return commandOf(board.properties, `recipe${recipeOf(source)}.o.pattern`, {
    ...(warnings === null ? {} : { 'compiler.warning_flags': warnings }),
    includes: includes.map((include) => `"-I${include}"`).join(' '),
    source_file: source,
    object_file: object,
  });
}

function recipeOf(source: string): string {
  const ending = extname(source);
  return ['.cc', '.cxx'].includes(ending) ? '.cpp' : ending;
}

/** Runs a command and gives what it said. Throws NotCompiled with that when it fails. */
export function run([command = '', ...words]: readonly string[], cwd = '/'): string {
  const { error, status, stdout, stderr } = spawnSync(command, words, { cwd, encoding: 'utf8' });
  if (error !== undefined) {
    throw new CopycatError('BUILD_FAILED', `${command} could not be run`, { cause: error });
  }
  if (status !== 0) throw new NotCompiled(stderr);
  return stdout + stderr;
}
