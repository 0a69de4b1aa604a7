// Compiles C that has been compiled before by copying what came of it, in any clone: the same compiler, the same words, the same
// files. What does not compile leaves nothing, and is told again each time.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { cachedAtOnce, keyOf } from './cache.mjs';

const CODE = ['.c', '.h', '.cpp', '.S'];
/** What tells one release of avr-libc from another: its headers and objects come with it. */
const AVR_LIBC = '/usr/lib/avr/include/avr/version.h';
const versions = new Map();

/**
 * Runs `command args -o output` in `cwd`. `folders`: all that it may read below `cwd`, beside the compiler's own.
 * Throws with the compiler's own words.
 */
export function compileOnce({ command, args, cwd, output, folders }) {
  if (!versions.has(command)) versions.set(command, versionOf(command));
  const texts = [versions.get(command), [command, ...args].join(' ')];
  const files = folders.flatMap((folder) => codeIn(join(cwd, folder)));
  const made = cachedAtOnce('compiled', keyOf({ files, texts }), (half) =>
    execFileSync(command, [...args, '-o', half], { cwd, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  mkdirSync(dirname(output), { recursive: true });
  copyFileSync(made, output);
}

function versionOf(compiler) {
  const version = execFileSync(compiler, ['--version'], { encoding: 'utf8' });
  return compiler.startsWith('avr-') ? version + readFileSync(AVR_LIBC, 'utf8') : version;
}

function codeIn(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return names.filter((name) => CODE.includes(extname(name))).map((name) => join(folder, name));
}
