// Vitest's global set-up: many tests load the program as it is compiled (`#built/…`, workers, commands). One that is older
// than its source would be judged in its place, and a mistake in the source noticed by nobody.
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run-program.mjs';
import { build } from './set-up.mjs';

/** What the compiler writes with every build. */
const STAMP = 'build/.tsbuildinfo';
/** What the bundler writes with every build. */
const PROGRAM = 'dist/cli/main.js';
const CONFIGURATION = ['tsconfig.json', 'package.json', 'tools/bundle.mjs'];

/** Builds when the compiled program is missing or older than its source. */
export async function setup() {
  if (!isStale(ROOT)) return;
  const began = new Date();
  if (!(await build())) throw new Error('src does not compile: tests would judge an older program');
  // The compiler leaves the stamp alone where the text of every source is as before.
  utimesSync(join(ROOT, STAMP), began, began);
}

/** Whether what `root` has compiled is missing, or older than anything it is made of. */
export function isStale(root) {
  const stamp = join(root, STAMP);
  if (!existsSync(stamp) || !existsSync(join(root, PROGRAM))) return true;
  // The compiler touches its stamp also where it only looks (tsc --noEmit).
  const builtMs = Math.min(statSync(stamp).mtimeMs, statSync(join(root, PROGRAM)).mtimeMs);
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).map((path) =>
    join('src', path),
  );
  return [...sources, ...CONFIGURATION].some((path) => {
    const stats = statSync(join(root, path), { throwIfNoEntry: false });
    return stats !== undefined && stats.mtimeMs > builtMs;
  });
}
