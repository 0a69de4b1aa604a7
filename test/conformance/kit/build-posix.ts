import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The heater as a process. */
    posixHeater: string;
  }
}

/** Compiles the heater for this machine, once for all test files. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'copycat-conformance-'));
  const program = join(folder, 'heater');
  const harness = join(import.meta.dirname, '../../../firmware-harness');
  const sources = 'src/*.c ports/posix/*.c apps/heater/*.c';
  execFileSync('sh', ['-c', `gcc -std=gnu11 -O1 -Iinclude -Isrc -o "$0" ${sources}`, program], { cwd: harness });
  project.provide('posixHeater', program);
  return () => rmSync(folder, { recursive: true, force: true });
}
