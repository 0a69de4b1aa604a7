import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Below are seeds that people play by hand, and that are pinned. */
const FIRST = 1_000_000;
const HEX_DIGITS = 7;

/**
 * Where the seeds begin that move with the sources: seeds that are always the same prove what was mended for them. The same
 * commit gives the same start, so that a failure can be played again; without git (a tarball) it is that of what is simulated.
 */
export function movingStart(root: string): { readonly start: number; readonly of: string } {
  const commit = commitOf(root);
  const of = commit ?? sourcesOf(root);
  return { start: FIRST + Number.parseInt(of.slice(0, HEX_DIGITS), 16), of: commit === null ? 'sources' : commit };
}

/** Null: there is no git, or this is no clone. */
function commitOf(root: string): string | null {
  try {
    const told = execFileSync('git', ['-C', root, 'rev-parse', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return /^[0-9a-f]{40,64}$/.test(told.trim()) ? told.trim() : null;
  } catch {
    // Whatever keeps git from answering, the sources are there.
    return null;
  }
}

function sourcesOf(root: string): string {
  const hash = createHash('sha256');
  for (const folder of ['src/pair', 'src/simulation']) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts')).sort()) {
      hash.update(file).update(readFileSync(join(root, folder, file)));
    }
  }
  return hash.digest('hex');
}
