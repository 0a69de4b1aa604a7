import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = resolve('dist/cli/main.js');
/** It only ends a test that would fail anyway: a reader that waits for ever. */
const LIMIT_MS = 60_000;
const CONFIG = `boards: { a: { kind: uno, port: emulated }, b: { kind: uno, port: emulated } }
relay: { pin: GPIO17, at-rest: none, feedback: GPIO27 }
input: every 1s
deadline: 1s
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-pipe-'));
  execFileSync('mkfifo', [join(folder, 'pipe.json'), join(folder, 'pipe.yaml')]);
  writeFileSync(join(folder, 'copycat.yaml'), CONFIG);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function bash(script: string): { readonly code: number | null; readonly said: string } {
  const run = spawnSync('bash', ['-c', script], {
    ...{ cwd: folder, encoding: 'utf8' as const, timeout: LIMIT_MS, killSignal: 'SIGKILL' as const },
    env: { ...process.env, NODE: process.execPath, MAIN },
  });
  return { code: run.status, said: run.stdout + run.stderr };
}

describe('a pipe in the place of a file', () => {
  it('is refused in a sentence where nobody writes into it', () => {
    const { code, said } = bash(
      `sed 's/kind: uno/kind: .\\/pipe.json/g' copycat.yaml > other.yaml; exec "$NODE" "$MAIN" check -c other.yaml`,
    );
    expect(code).toBe(2);
    expect(said.replaceAll(/\s+/g, ' ')).toContain(
      "the board's file ./pipe.json cannot be read: it is a pipe, and nobody writes into it",
    );
  });

  it('is read to its end where somebody takes time over it, and where they come later', () => {
    const slowly = bash(`exec "$NODE" "$MAIN" check -c <(head -n 1 copycat.yaml; sleep 0.2; tail -n +2 copycat.yaml)`);
    expect(slowly).toMatchObject({ code: 0, said: expect.stringContaining('can run') });
    const later = bash(`(sleep 0.2; cat copycat.yaml > pipe.yaml) & exec "$NODE" "$MAIN" check -c pipe.yaml`);
    expect(later).toMatchObject({ code: 0, said: expect.stringContaining('can run') });
  });
});
