import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runBench } from '#built/bench/run-bench.js';
import { FileLocks } from '#built/ledger/file-locks.js';

const folder = mkdtempSync(join(tmpdir(), 'copycat-one-bench-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a second bench in one folder is refused, and takes nothing away from the first', async () => {
  const kept = join(folder, 'runs', 'steady.txt');
  mkdirSync(join(folder, 'runs'));
  writeFileSync(kept, 'at work');
  const first = new FileLocks(null);
  first.takeBeside(join(folder, 'at-work'));
  const second = runBench({ scenarios: ['steady'], seed: 1, inputs: 30, link: 'wire', folder });
  await expect(second).rejects.toMatchObject({
    code: 'LEDGER_LOCKED',
    message: `Another bench (process ${process.pid}) is at work in ${folder}. Wait for its end, or give this one a folder of its own: bench --keep DIR.`,
  });
  expect(existsSync(kept)).toBe(true);
  // The lock goes with its process, and a bench begins with an empty folder.
  first.releaseAll();
  const [report] = await runBench({ scenarios: ['steady'], seed: 1, inputs: 30, link: 'wire', folder });
  expect(report?.failures).toEqual([]);
  expect(existsSync(kept)).toBe(false);
});
