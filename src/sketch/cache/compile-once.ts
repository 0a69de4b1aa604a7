// Compiles C that has been compiled before by copying what came of it, in any clone: the same compiler, the same words, the same
// files. What does not compile leaves nothing, and is told again each time.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { cachedAtOnce, keyOf } from './cache.js';

interface CompileOnce {
  /** The command and its words that write `output`. */
  readonly commandTo: (output: string) => readonly string[];
  /** Where it runs. */
  readonly cwd: string;
  /** The place of this clone, where words name it. */
  readonly here?: string;
  readonly output: string;
  /** All that it may read below `cwd`, beside the compiler's own. */
  readonly folders: readonly string[];
}

const CODE = ['.c', '.h', '.cpp', '.S'];
/** What tells one release of avr-libc from another: its headers and objects come with it. */
const AVR_LIBC = '/usr/lib/avr/include/avr/version.h';
const known = new Map<string, string>();

/** Throws what `execFileSync` throws, with the compiler's own words. */
export function compileOnce({ commandTo, cwd, here = cwd, output, folders }: CompileOnce): void {
  const [compiler = '', ...words] = commandTo('OUTPUT').map((word) => word.replaceAll(here, 'HERE'));
  const texts = [
    once(compiler, versionOf),
    compiler,
    ...words,
    ...folders.map((folder) => once(join(cwd, folder), codeIn)),
  ];
  const made = cachedAtOnce('compiled', keyOf({ texts }), (half) => {
    const [command = '', ...args] = commandTo(half);
    execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  });
  mkdirSync(dirname(output), { recursive: true });
  copyFileSync(made, output);
}

/** What `read` says of a name, asked once. */
function once(name: string, read: (name: string) => string): string {
  const said = known.get(name) ?? read(name);
  known.set(name, said);
  return said;
}

function versionOf(compiler: string): string {
  const version = execFileSync(compiler, ['--version'], { encoding: 'utf8' });
  const isAvr = basename(compiler).startsWith('avr-') && existsSync(AVR_LIBC);
  return isAvr ? version + readFileSync(AVR_LIBC, 'utf8') : version;
}

/** A text that is another one as soon as a file in the folder is. */
function codeIn(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const code = names.filter((name) => CODE.includes(extname(name)));
  return keyOf({ files: code.map((name) => join(folder, name)), texts: code });
}
