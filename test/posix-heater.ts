import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cachedAtOnce, keyOf } from '#built/sketch/cache/cache.js';

const HARNESS = join(import.meta.dirname, '../firmware-harness');
const FOLDERS = ['include', 'src', 'ports/posix', 'apps/heater'];
const COMPILE = 'gcc -std=gnu11 -O1 -Iinclude -Isrc $1 -o "$0" src/*.c ports/posix/*.c apps/heater/*.c';

/** The path of the heater compiled for this machine: once for each state of its sources, and each compiler. `flags`: `-DCC_…`. */
export function compiledHeater(flags = ''): string {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(HARNESS, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[ch]$/.test(name))
      .sort()
      .map((name) => join(HARNESS, folder, name)),
  );
  const compiler = execFileSync('gcc', ['--version'], { encoding: 'utf8' });
  return cachedAtOnce('heater', keyOf({ files, texts: [COMPILE, flags, compiler] }), (path) => {
    execFileSync('sh', ['-c', COMPILE, path, flags], { cwd: HARNESS });
  });
}
