import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { hasTableOfOurs, versionBySchema } from '../../../src/ledger/schema/known-schemas.js';
import {
  kindOf,
  markAsLedger,
  migrate,
  objectsOf,
  objectsOfVersion,
  refuseForeign,
  versionOf,
} from '../../../src/ledger/schema/migrations.js';
import { APPLICATION_ID, SCHEMA_VERSION, STEPS } from '../../../src/ledger/schema/schema-steps.js';

const open: Database[] = [];
afterEach(() => {
  for (const database of open.splice(0)) database.close();
});

function databaseOf(...sql: string[]): Database {
  const database = new Sqlite(':memory:');
  open.push(database);
  for (const one of sql) database.exec(one);
  return database;
}

function ledgerOf(version: number, ...sql: string[]): Database {
  const header = [`PRAGMA application_id = ${APPLICATION_ID}`, `PRAGMA user_version = ${version}`];
  return databaseOf(...STEPS.slice(0, version), ...header, ...sql);
}

const SCHEMA_NOW = join(import.meta.dirname, '../../../src/ledger/schema/schema-now.sql');

/** Without what depends on how an object came to be: blanks, and quotes about a name. */
function plainObjectsOf(database: Database): unknown[] {
  return objectsOf(database).map(({ type, name, sql }) => {
    const text = sql.replaceAll('"', '').replaceAll(/\s+/g, ' ');
    return { type, name, sql: text.replaceAll(/ (?=[,)])/g, '') };
  });
}

const versions = STEPS.map((_, index) => index + 1);

describe('what a database is', () => {
  it.each(versions)('a ledger, where header and schema say version %d', (version) => {
    const database = ledgerOf(version);
    expect([kindOf(database), versionBySchema(database), versionOf(database)]).toEqual(['ledger', version, version]);
  });

  it.each([
    ['new', []],
    ['new', [`PRAGMA application_id = ${APPLICATION_ID}`]],
    ['foreign', ['PRAGMA user_version = 3']],
    ['foreign', ['PRAGMA application_id = 7']],
    ['foreign', ['CREATE TABLE t (x)']],
    ['damaged', [`PRAGMA application_id = ${APPLICATION_ID}`, 'CREATE TABLE t (x)']],
  ] as const)('%s: %j', (kind, sql) => {
    expect(kindOf(databaseOf(...sql))).toBe(kind);
  });

  it('damaged, where the number or the mark is not what the schema says', () => {
    expect(kindOf(ledgerOf(SCHEMA_VERSION, 'PRAGMA user_version = 0'))).toBe('damaged');
    expect(kindOf(ledgerOf(SCHEMA_VERSION, `PRAGMA user_version = ${SCHEMA_VERSION - 1}`))).toBe('damaged');
    expect(kindOf(ledgerOf(SCHEMA_VERSION, `PRAGMA user_version = ${SCHEMA_VERSION + 1}`))).toBe('damaged');
    expect(kindOf(ledgerOf(SCHEMA_VERSION, 'PRAGMA application_id = 5'))).toBe('damaged');
  });

  it('another version’s, where the schema is none that is known: a newer one, or one with something of its own', () => {
    const own = 'CREATE INDEX own ON fault (code)';
    expect(kindOf(ledgerOf(SCHEMA_VERSION, own))).toBe('ledger');
    expect(kindOf(ledgerOf(SCHEMA_VERSION, own, `PRAGMA user_version = ${SCHEMA_VERSION + 1}`))).toBe('newer');
    expect(kindOf(ledgerOf(SCHEMA_VERSION, own, 'PRAGMA user_version = 1'))).toBe('damaged');
    expect(kindOf(ledgerOf(SCHEMA_VERSION, own, 'PRAGMA user_version = 0'))).toBe('damaged');
  });

  it('damaged, where pages are left that nothing leads to', () => {
    const emptied = (mark: number) =>
      databaseOf('CREATE TABLE t (x)', 'DROP TABLE t', `PRAGMA application_id = ${mark}`);
    expect(kindOf(emptied(APPLICATION_ID))).toBe('damaged');
    expect(kindOf(emptied(0))).toBe('foreign');
  });

  it('ours by a table that is ours to the letter, not by its name', () => {
    expect(hasTableOfOurs(ledgerOf(1))).toBe(true);
    expect(hasTableOfOurs(databaseOf('CREATE TABLE pair (id INTEGER)'))).toBe(false);
    expect(hasTableOfOurs(databaseOf())).toBe(false);
    expect(versionBySchema(databaseOf('CREATE TABLE pair (id INTEGER)'))).toBeNull();
  });
});

describe('a file that is brought up to date', () => {
  it.each([0, ...versions])('from version %d has the schema and the header of today', (version) => {
    const database = version === 0 ? databaseOf() : ledgerOf(version);
    migrate(database);
    expect([kindOf(database), versionOf(database)]).toEqual(['ledger', SCHEMA_VERSION]);
    expect(objectsOf(database)).toEqual(objectsOfVersion(SCHEMA_VERSION));
    migrate(database);
    expect(versionOf(database)).toBe(SCHEMA_VERSION);
  });

  it.each([0, ...versions])('from version %d is what schema-now.sql says', (version) => {
    const migrated = version === 0 ? databaseOf() : ledgerOf(version);
    migrate(migrated);
    const written = databaseOf(readFileSync(SCHEMA_NOW, 'utf8'));
    expect(plainObjectsOf(migrated)).toEqual(plainObjectsOf(written));
  });

  it('is never another program’s, nor a newer Copycat’s, and stays as it is', () => {
    const foreign = databaseOf('CREATE TABLE t (x)');
    expect(() => migrate(foreign)).toThrow(
      expect.objectContaining({
        ...{ code: 'LEDGER_UNAVAILABLE', value: ':memory:' },
        message: expect.stringContaining('is the database of another program. It is left as it is'),
      }),
    );
    expect(objectsOf(foreign)).toHaveLength(1);
    const newer = ledgerOf(SCHEMA_VERSION, 'CREATE INDEX own ON fault (code)', `PRAGMA user_version = 99`);
    expect(() => migrate(newer)).toThrow(
      expect.objectContaining({
        ...{ code: 'LEDGER_UNAVAILABLE', value: 99, expected: `schema ${SCHEMA_VERSION} or older` },
        message: expect.stringContaining('written by a newer Copycat (schema 99)'),
      }),
    );
    for (const kind of ['new', 'ledger', 'damaged'] as const) expect(() => refuseForeign(foreign, kind)).not.toThrow();
  });

  it('is marked as a ledger, once', () => {
    const database = databaseOf();
    markAsLedger(database);
    markAsLedger(database);
    expect(database.pragma('application_id', { simple: true })).toBe(APPLICATION_ID);
  });

  it('has as many objects as its version', () => {
    const counts = versions.map((version) => objectsOfVersion(version).length);
    expect(objectsOfVersion(0)).toEqual([]);
    expect(counts.every((count) => count > 10)).toBe(true);
    expect(objectsOfVersion(1)).toEqual(objectsOf(ledgerOf(1)));
  });
});
