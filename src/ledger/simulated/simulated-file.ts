import Sqlite, { type Database, type Statement } from 'better-sqlite3';
import { migrate } from '../schema/migrations.js';
import { Store } from '../worker/store.js';
import type { Snapshot, StoreOptions } from '../worker/store-messages.js';
import { readSnapshot } from '../worker/tables/snapshot.js';
import { LedgerAudit } from './ledger-audit.js';

/** What the migrations come to, once for all files: a simulation makes thousands. */
let schema: string | null = null;

/** A file of the simulated host: the schema, constraints and statements of a real one, in memory. */
export class SimulatedFile {
  /** Null in a file that nobody asks for counts. */
  readonly audit: LedgerAudit | null;
  readonly #database: Database;

  /**
   * @param plantedSql changes the schema: a mistake on purpose, which the simulation must find.
   * @param audited its triggers keep what was ever written
   * @param content what `content` said of a file once
   */
  constructor(plantedSql = '', audited = true, content: Buffer | null = null) {
    schema ??= schemaNow();
    this.#database = new Sqlite(content ?? ':memory:');
    // Nothing to wait for and nobody else there; the journal in memory undoes what a constraint refuses.
    this.#database.pragma('locking_mode = EXCLUSIVE');
    this.#database.pragma('temp_store = MEMORY');
    if (content === null) {
      this.#database.exec(`BEGIN; ${schema}; COMMIT`);
      this.#database.exec(plantedSql);
    }
    keepStatements(this.#database);
    this.audit = audited ? new LedgerAudit(this.#database) : null;
  }

  /** As a gateway opens it. */
  open(options: Omit<StoreOptions, 'path' | 'synchronous'>): { readonly store: Store; readonly snapshot: Snapshot } {
    const store = new Store(this.#database, options);
    return { store, snapshot: readSnapshot(this.#database) };
  }

  /** For whoever only reads. */
  get tables(): Database {
    return this.#database;
  }

  /** Rows that are there now. */
  rowsOf(table: 'input' | 'fault'): number {
    return Number(this.#database.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  }

  /** All that it holds, between two transactions. */
  content(): Buffer {
    return this.#database.serialize();
  }

  close(): void {
    this.#database.close();
  }
}

function schemaNow(): string {
  const database = new Sqlite(':memory:');
  try {
    migrate(database);
    const statements = database.prepare(`SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid`).pluck();
    return (statements.all() as string[]).join(';\n');
  } finally {
    database.close();
  }
}

/** A statement is prepared once for all lives of the gateway: each text is used in one way only. */
function keepStatements(database: Database): void {
  const prepare = database.prepare.bind(database) as (sql: string) => Statement;
  const kept = new Map<string, Statement>();
  database.prepare = ((sql: string): Statement => {
    const known = kept.get(sql) ?? prepare(sql);
    kept.set(sql, known);
    return known;
  }) as Database['prepare'];
}
