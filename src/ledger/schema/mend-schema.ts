import Sqlite, { type Database } from 'better-sqlite3';
import { STEPS } from './schema-steps.js';

/** A row of `sqlite_schema`; where it leads to (`rootpage`) is the file's own. */
interface SchemaRow {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly tableName: string;
  readonly sql: string | null;
}

/** SQLite's own: indexes that it makes by itself, statistics. */
const OF_SQLITE = /^sqlite_/;

/**
 * Gives every table, index, view and trigger of a damaged ledger its text back. A ledger is made by the same steps everywhere, so that each
 * row of its schema has the same number in every file; what stands in it, or is added by somebody else, is not needed to read rows.
 * @throws SqliteError where the page of the schema itself cannot be read
 */
export function mendSchema(path: string): void {
  const database = new Sqlite(path);
  try {
    // A schema is text of the program's own, which SQLite guards from programs.
    database.unsafeMode(true);
    // With this SQLite also reads on where it does not understand a statement.
    database.pragma('writable_schema = ON');
    const found = rowsOf(database);
    const wanted = new Map(nearest(found).map((row) => [row.id, row]));
    const rewrite = database.prepare(
      'UPDATE sqlite_schema SET type = @type, name = @name, tbl_name = @tableName, sql = @sql WHERE rowid = @id',
    );
    const remove = database.prepare('DELETE FROM sqlite_schema WHERE rowid = ?');
    database.transaction(() => {
      for (const { id, name } of found) {
        const row = wanted.get(id);
        if (row !== undefined) rewrite.run(row);
        else if (!OF_SQLITE.test(name)) remove.run(id);
      }
    })();
    database.pragma('writable_schema = RESET');
  } finally {
    database.close();
  }
}

function rowsOf(database: Database): SchemaRow[] {
  const select = 'SELECT rowid AS id, type, name, tbl_name AS tableName, sql FROM sqlite_schema ORDER BY rowid';
  return database.prepare(select).all() as SchemaRow[];
}

/** The rows of the version that has most of these statements. */
function nearest(found: readonly SchemaRow[]): readonly SchemaRow[] {
  const statements = new Set(found.map(({ sql }) => sql));
  const database = new Sqlite(':memory:');
  try {
    const versions = STEPS.map((step) => {
      database.exec(step);
      return rowsOf(database);
    });
    const shared = (rows: readonly SchemaRow[]): number => rows.filter(({ sql }) => statements.has(sql)).length;
    return versions.reduce((best, rows) => (shared(rows) >= shared(best) ? rows : best), []);
  } finally {
    database.close();
  }
}
