import type { Database } from 'better-sqlite3';
import { CopycatError } from '../errors/copycat-error.js';
import { CONSTRAINTS_1, SCHEMA_1 } from './schema.js';

/** Step n brings a file from version n to n + 1. A step that has been released is never changed again. */
const STEPS: readonly string[] = [SCHEMA_1 + CONSTRAINTS_1];

export const SCHEMA_VERSION = STEPS.length;

/**
 * Brings a file to this version's schema, each step in a transaction of its own.
 * @throws CopycatError LEDGER_UNAVAILABLE when a newer Copycat wrote it: going on could misread it.
 */
export function migrate(database: Database): void {
  const found = versionOf(database);
  refuseNewer(found, database.name);
  for (let version = found; version < SCHEMA_VERSION; version++) {
    database.transaction(() => {
      database.exec(STEPS[version] ?? '');
      database.pragma(`user_version = ${version + 1}`);
    })();
  }
}

export function versionOf(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

export function refuseNewer(version: number, path: string): void {
  if (version <= SCHEMA_VERSION) return;
  throw new CopycatError(
    'LEDGER_UNAVAILABLE',
    `The ledger ${path} was written by a newer Copycat (schema ${version}). Install that version or a newer one, or name another ledger.`,
    { value: version, expected: `schema ${SCHEMA_VERSION} or older` },
  );
}
