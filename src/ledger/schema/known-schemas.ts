import Sqlite, { type Database } from 'better-sqlite3';
import { STEPS } from './schema-steps.js';

/** The `CREATE` statements of a file, as SQLite keeps them, in one order whatever they were made in. */
function statementsOf(database: Database): readonly string[] {
  return database
    .prepare(
      `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY sql`,
    )
    .pluck()
    .all() as string[];
}

let known: readonly (readonly string[])[] | null = null;

/** Of each version, from 1. Made when they are first asked for: most starts need none. */
function knownStatements(): readonly (readonly string[])[] {
  if (known !== null) return known;
  const database = new Sqlite(':memory:');
  try {
    known = STEPS.map((step) => {
      database.exec(step);
      return statementsOf(database);
    });
    return known;
  } finally {
    database.close();
  }
}

/**
 * The version whose schema a file has, to the letter, whatever number its header bears; null: none that this version knows. Each step
 * changes the schema (a test sees to it), so that a damaged number is told from a newer version's.
 */
export function versionBySchema(database: Database): number | null {
  const found = statementsOf(database).join('\n');
  const index = knownStatements().findIndex((statements) => statements.join('\n') === found);
  return index < 0 ? null : index + 1;
}

/** All that this version has is there, to the letter; somebody may have added a view of his own. */
export function hasSchemaOf(database: Database, version: number): boolean {
  const found = new Set(statementsOf(database));
  return (knownStatements()[version - 1] ?? []).every((sql) => found.has(sql));
}

/** Some table is ours to the letter: no other program's database has one. */
export function hasTableOfOurs(database: Database): boolean {
  const ours = new Set(knownStatements().flat());
  return statementsOf(database).some((sql) => sql.startsWith('CREATE TABLE') && ours.has(sql));
}
