// Where the emulated Pi's parts are kept: outside what git sees, and used again by the next run.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../run-program.mjs';

export const CACHE = process.env.COPYCAT_PI_CACHE ?? join(ROOT, '.copycat', 'pi-cache');

/** A folder in the cache, made when it is not there. */
export function cacheFolder(...names) {
  const folder = join(CACHE, ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Runs a program to its end; its output, or an error with what it said. */
export function call(command, args, options = {}) {
  return execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
}
