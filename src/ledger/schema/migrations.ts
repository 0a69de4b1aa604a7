import Sqlite, { type Database } from 'better-sqlite3';
import { CopycatError } from '../../errors/copycat-error.js';
import { hasSchemaOf, hasTableOfOurs, versionBySchema } from './known-schemas.js';
import { APPLICATION_ID, SCHEMA_VERSION, STEPS } from './schema-steps.js';

/**
 * What a database is, by its header and its schema together: `damaged` is a ledger whose header says what its schema does not bear
 * out (another program's mark, a version that it has never been), or whose schema lacks a word: SQLite's check of the pages knows
 * nothing of words, and a trigger that has lost one decides otherwise (R8).
 */
export type DatabaseKind = 'new' | 'ledger' | 'newer' | 'damaged' | 'foreign';

export function kindOf(database: Database): DatabaseKind {
  const objects = Number(database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
  const mark = Number(database.pragma('application_id', { simple: true }));
  const version = versionOf(database);
  if (objects === 0) {
    // Pages that nothing leads to: the page of the schema is damaged.
    const isEmpty = Number(database.pragma('page_count', { simple: true })) <= 1;
    if (mark === APPLICATION_ID) return isEmpty ? 'new' : 'damaged';
    return mark === 0 && version === 0 && isEmpty ? 'new' : 'foreign';
  }
  if (mark !== APPLICATION_ID) return hasTableOfOurs(database) ? 'damaged' : 'foreign';
  const bySchema = versionBySchema(database);
  if (bySchema !== null) return version === bySchema ? 'ledger' : 'damaged';
  if (version > SCHEMA_VERSION) return 'newer';
  return version >= 1 && hasSchemaOf(database, version) ? 'ledger' : 'damaged';
}

/**
 * Brings a file to this version's schema, each step in a transaction of its own. A file that is new is marked first, before it has a
 * write-ahead log: whatever becomes of it later, its first bytes say whose it is.
 * @throws CopycatError LEDGER_UNAVAILABLE for another program's database, or a newer Copycat's: going on could misread it.
 */
export function migrate(database: Database): void {
  refuseForeign(database);
  for (let version = versionOf(database); version < SCHEMA_VERSION; version++) {
    database.transaction(() => {
      database.exec(STEPS[version] ?? '');
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${version + 1}`);
    })();
  }
}

export function markAsLedger(database: Database): void {
  if (Number(database.pragma('application_id', { simple: true })) !== APPLICATION_ID) {
    database.pragma(`application_id = ${APPLICATION_ID}`);
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
export function refuseForeign(database: Database, kind = kindOf(database)): void {
  const path = database.name;
  if (kind === 'foreign') throw foreignFile(path, 'is the database of another program');
  if (kind !== 'newer') return;
  const version = versionOf(database);
  throw new CopycatError(
    'LEDGER_UNAVAILABLE',
    `The ledger ${path} was written by a newer Copycat (schema ${version}). Install that version or a newer one, or name another ledger.`,
    { value: version, expected: `schema ${SCHEMA_VERSION} or older` },
  );
}

/** @param what ends the sentence that begins with the file. */
export function foreignFile(path: string, what: string): CopycatError {
  return new CopycatError(
    'LEDGER_UNAVAILABLE',
    `${path} ${what}. It is left as it is. Name another file (ledger: path).`,
    {
      value: path,
      expected: 'a ledger, or a file that does not exist yet',
    },
  );
}
