// Compiles C that has been compiled before by copying what came of it, in any clone: the same compiler, the same words, the same
// files. What does not compile leaves nothing, and is told again each time.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { cachedAtOnce, keyOf } from './cache.mjs';

const CODE = ['.c', '.h', '.cpp', '.S'];
/** What tells one release of avr-libc from another: its headers and objects come with it. */
const AVR_LIBC = '/usr/lib/avr/include/avr/version.h';
const known = new Map();

/**
 * Runs the words that `commandTo(output)` gives, in `cwd`. `folders`: all that it may read below `cwd`, beside the compiler's own.
 * `here`: the place of this clone, where words name it. Throws with the compiler's own words.
 */
export function compileOnce({ commandTo, cwd, here = cwd, output, folders }) {
  const [compiler, ...words] = commandTo('OUTPUT').map((word) => word.replaceAll(here, 'HERE'));
  const texts = [
    once(compiler, versionOf),
    compiler,
    ...words,
    ...folders.map((folder) => once(join(cwd, folder), codeIn)),
  ];
  const made = cachedAtOnce('compiled', keyOf({ texts }), (half) => {
    const [command, ...args] = commandTo(half);
    execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  });
  mkdirSync(dirname(output), { recursive: true });
  copyFileSync(made, output);
}

/** What `read` says of a name, asked once. */
function once(name, read) {
  if (!known.has(name)) known.set(name, read(name));
  return known.get(name);
}

function versionOf(compiler) {
  const version = execFileSync(compiler, ['--version'], { encoding: 'utf8' });
  return basename(compiler).startsWith('avr-') ? version + readFileSync(AVR_LIBC, 'utf8') : version;
}

/** A text that is another one as soon as a file in the folder is. */
function codeIn(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const code = names.filter((name) => CODE.includes(extname(name)));
  return keyOf({ files: code.map((name) => join(folder, name)), texts: code });
}
