import type { Database, Statement } from 'better-sqlite3';
import type { StoreRequest } from '../store-messages.js';

type Record = Extract<StoreRequest, { type: 'recordChronicle' }>;

/** A busy year; the oldest go first. */
const MOST_ROWS = 20_000;

/** What a report is made of. Nothing is decided by it. */
export class ChronicleTable {
  readonly #seenAt: Statement;
  readonly #see: Statement;
  readonly #insert: Statement;
  readonly #prune: Statement;

  constructor(
    database: Database,
    private readonly bootId: string,
  ) {
    this.#seenAt = database.prepare('SELECT seen_at FROM pair').pluck();
    this.#see = database.prepare('UPDATE pair SET seen_at = ?');
    this.#insert = database.prepare(
      `INSERT INTO chronicle (what, boot_id, at_us, wall_time, wall_time_trusted, detail) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    );
    this.#prune = database.prepare(`DELETE FROM chronicle WHERE id <= (SELECT max(id) FROM chronicle) - ${MOST_ROWS}`);
  }

  record({ what, atUs, detail, wallTime, wallTimeTrusted }: Record): void {
    // How long the one before it ran at least, if nobody ended it.
    const more = what === 'started' ? { seenAt: String(this.#seenAt.get() ?? '') } : {};
    const told = JSON.stringify({ ...detail, ...more });
    this.#insert.run(what, this.bootId, atUs, wallTime, wallTimeTrusted ? 1 : 0, told);
    this.#prune.run();
    this.seen(wallTime);
  }

  seen(wallTime: string): void {
    this.#see.run(wallTime);
  }
}

/** Brings the rows of a standby store to the file; in the caller's transaction. */
export function mergeChronicle(standby: Database, file: Database): void {
  const insert = file.prepare(
    `INSERT INTO chronicle (what, boot_id, at_us, wall_time, wall_time_trusted, detail) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const rows = standby
    .prepare('SELECT what, boot_id, at_us, wall_time, wall_time_trusted, detail FROM chronicle ORDER BY id')
    .raw()
    .all() as unknown[][];
  for (const row of rows) insert.run(...row);
  file
    .prepare(`UPDATE pair SET seen_at = max(seen_at, ?)`)
    .run(standby.prepare('SELECT seen_at FROM pair').pluck().get() ?? '');
}
