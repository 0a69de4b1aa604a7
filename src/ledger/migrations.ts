import Sqlite, { type Database } from 'better-sqlite3';
import { CopycatError } from '../errors/copycat-error.js';
import { CONSTRAINTS_1, SCHEMA_1 } from './schema.js';
import { SCHEMA_2 } from './schema-2.js';
import { SCHEMA_3 } from './schema-3.js';

/** Step n brings a file from version n to n + 1. A step that has been released is never changed again. */
const STEPS: readonly string[] = [SCHEMA_1 + CONSTRAINTS_1, SCHEMA_2, SCHEMA_3];

export const SCHEMA_VERSION = STEPS.length;

/** Marks a file as a ledger of ours: "CpyC". */
const APPLICATION_ID = 0x43707943;

/**
 * Brings a file to this version's schema, each step in a transaction of its own.
 * @throws CopycatError LEDGER_UNAVAILABLE when a newer Copycat wrote it: going on could misread it.
 */
export function migrate(database: Database): void {
  refuseForeign(database);
  const found = versionOf(database);
  for (let version = found; version < SCHEMA_VERSION; version++) {
    database.transaction(() => {
      database.exec(STEPS[version] ?? '');
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${version + 1}`);
    })();
  }
}

/** An object of the schema as SQLite keeps it. */
export interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

const OBJECTS = `SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name`;

/** Tables, indexes, views and constraints that a file has. */
export function objectsOf(database: Database): SchemaObject[] {
  return database.prepare(OBJECTS).all() as SchemaObject[];
}

/** Those that a file of this version must have. */
export function objectsOfVersion(version: number): SchemaObject[] {
  const database = new Sqlite(':memory:');
  try {
    for (const step of STEPS.slice(0, version)) database.exec(step);
    return objectsOf(database);
  } finally {
    database.close();
  }
}

export function versionOf(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/** @throws CopycatError LEDGER_UNAVAILABLE for a database of another program, or of a newer Copycat. */
export function refuseForeign(database: Database): void {
  const path = database.name;
  const tables = Number(database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
  if (tables > 0 && Number(database.pragma('application_id', { simple: true })) !== APPLICATION_ID) {
    throw new CopycatError('LEDGER_UNAVAILABLE', `${path} is the database of another program. Name another file.`, {
      value: path,
      expected: 'a ledger, or a file that does not exist yet',
    });
  }
  const version = versionOf(database);
  if (version <= SCHEMA_VERSION) return;
  throw new CopycatError(
    'LEDGER_UNAVAILABLE',
    `The ledger ${path} was written by a newer Copycat (schema ${version}). Install that version or a newer one, or name another ledger.`,
    { value: version, expected: `schema ${SCHEMA_VERSION} or older` },
  );
}
