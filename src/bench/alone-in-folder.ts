import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FileLocks } from '../ledger/file-locks.js';

/**
 * Does `work` while no other bench of any process is at work in the folder, which is made if need be: it would take away what the other
 * is judged by. Rejects with LEDGER_LOCKED while one is.
 */
export async function aloneInFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const locks = new FileLocks(null);
  locks.takeBeside(
    join(folder, 'at-work'),
    (_, pid) =>
      `Another bench (process ${pid}) is at work in ${folder}. Wait for its end, or give this one a folder of its own: bench --keep DIR.`,
  );
  try {
    return await work();
  } finally {
    locks.releaseAll();
  }
}
