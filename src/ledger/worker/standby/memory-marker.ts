import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { writePrivateFile } from '../../../private-files/private-file.js';

/**
 * Says beside the files that the ledger goes on in memory, for the start after a gateway that was killed meanwhile: the
 * file it finds lacks its tail (R27). Several places, because the one with the trouble may not take a file either.
 * @returns what kept it from being written anywhere; null: it lies somewhere
 */
export function markInMemory(places: readonly string[]): string | null {
  const failures = places.map((place) =>
    tried(() => {
      mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
      writePrivateFile(place, `${process.pid}\n`);
    }),
  );
  return failures.length === 0 || failures.includes(null) ? null : failures.join('; ');
}

/** @returns what kept it from being removed; null: it is gone everywhere */
export function unmark(places: readonly string[]): string | null {
  const failures = places.map((place) => tried(() => rmSync(place, { force: true })));
  return failures.every((failure) => failure === null) ? null : failures.join('; ');
}

function tried(work: () => void): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return (error as Error).message;
  }
}
