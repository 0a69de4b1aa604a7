import Sqlite, { type Database } from 'better-sqlite3';
import { migrate } from '../../../src/ledger/schema/migrations.js';
import type { SchemaObject } from './mutants-of-sql.js';
import type { Scenario } from './scenario.js';

/** What the migrations come to. */
export function schemaNow(): SchemaObject[] {
  const database = new Sqlite(':memory:');
  try {
    migrate(database);
    const objects = database.prepare(`SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid`);
    return (objects.all() as SchemaObject[]).map(({ name, sql }) => ({ name, sql: sql.replaceAll(/--.*/g, '') }));
  } finally {
    database.close();
  }
}

const ROWS = `
INSERT INTO pair (id, boot_id, reserved_through_seq) VALUES (1, 'boot', 1000);
INSERT INTO board (board) VALUES ('a'), ('b');
INSERT INTO lease VALUES (1, 1, 'a');
INSERT INTO input (seq, ref, kind, pair_time_ms, payload) VALUES (1, 'tcp:1', 'input', 10, x'01'), (2, 'tcp:2', 'input', 20, x'01');
INSERT INTO commit_request (board, epoch, seq, hash, execution_count, digest, result, observed)
  VALUES ('a', 1, 1, 101, 1, 7, x'01', '[1]');
`;

/** A database with this schema and the rows that scenarios begin with; null where SQLite takes neither. */
export function openWith(schema: readonly SchemaObject[]): Database | null {
  const database = new Sqlite(':memory:');
  try {
    database.exec(schema.map(({ sql }) => `${sql};`).join('\n') + ROWS);
    return database;
  } catch {
    database.close();
    return null;
  }
}

/** Plays a scenario and undoes it. @returns null when all was as it says, else what was not */
export function differenceIn(database: Database, { before, statement, outcome, leaves }: Scenario): string | null {
  database.exec('BEGIN');
  try {
    if (before !== undefined) database.exec(before);
    const found = outcomeOf(database, statement);
    const isAsSaid = typeof outcome === 'string' ? found === outcome : outcome.test(found);
    if (!isAsSaid) return `${found}, not ${outcome}`;
    if (leaves === undefined) return null;
    const rows = JSON.stringify(database.prepare(leaves[0]).raw().all());
    return rows === JSON.stringify(leaves[1]) ? null : `${rows}, not ${JSON.stringify(leaves[1])}`;
  } catch (error) {
    return `before: ${String(error)}`;
  } finally {
    if (database.inTransaction) database.exec('ROLLBACK');
  }
}

function outcomeOf(database: Database, statement: string): string {
  try {
    database.exec(statement);
    return 'taken';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
