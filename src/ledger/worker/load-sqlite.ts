import Sqlite from 'better-sqlite3';

/** Throws what a ledger would meet; its machine code is loaded only for the first database. */
export function loadSqlite(): void {
  new Sqlite(':memory:').close();
}
