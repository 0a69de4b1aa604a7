import Sqlite, { type Database } from 'better-sqlite3';
import type { Seq } from '../../../pair/result/messages.js';
import { migrate } from '../../schema/migrations.js';
import { isStorageTrouble } from '../sqlite-errors.js';
import { Store, type StoreOutcome } from '../store.js';
import type { StoreFailed, StoreOptions, StoreRequest, StoreWritten } from '../store-messages.js';
import { copyRows } from '../tables/copy-rows.js';
import { type InputRecord, MirroredInputs } from './mirrored-inputs.js';

/** Finished inputs that memory keeps at most, and takes over from a file that can still be read. */
const FINISHED_LIMIT = 10_000;
/** Faults that memory keeps at most. */
const FAULTS_LIMIT = 1000;
/** Faults of the file that may be told more about. */
const FAULTS_LOADED = 256;

const READING: ReadonlySet<StoreRequest['type']> = new Set<StoreRequest['type']>(['readHistory', 'readInput', 'align']);

/**
 * R17: the store in memory that a ledger goes on in when its file cannot be written: the same schema and constraints, the
 * same statements. While the file is well it follows it: what lasts in its own tables, inputs as they go by.
 */
export class StandbyStore {
  readonly store: Store;
  droppedInputs = 0;
  droppedFaults = 0;
  readonly #database: Database;
  readonly #inputs = new MirroredInputs();
  /** Finished inputs that the file has as well: dropped here, they are not lost. */
  readonly #inFile = new Set<Seq>();

  /** @param file what it begins with: its lease, boards, takeovers, settings, newest faults, and the inputs in work. */
  constructor(options: StoreOptions, file: Database) {
    this.#database = new Sqlite(':memory:');
    this.#database.pragma('temp_store = MEMORY');
    migrate(this.#database);
    copyRows(file, this.#database, ['pair', 'board', 'lease', 'takeover', 'setting']);
    this.#loadFaults(file);
    this.#inputs.load(file);
    const keep = {
      ...options,
      keepInputs: Math.min(options.keepInputs, FINISHED_LIMIT),
      keepFaults: Math.min(options.keepFaults, FAULTS_LIMIT),
    };
    this.store = new Store(this.#database, keep, {
      inputs: (seqs) => {
        for (const seq of seqs) if (!this.#inFile.has(seq)) this.droppedInputs++;
      },
      faults: (count) => {
        this.droppedFaults += count;
      },
    });
  }

  get database(): Database {
    return this.#database;
  }

  /** The file has taken this batch. */
  follow(requests: readonly StoreRequest[], outcomes: readonly StoreOutcome[]): void {
    const lasting: StoreRequest[] = [];
    let index = 0;
    for (const request of requests) {
      const outcome = outcomes[index++] ?? null;
      if (outcome === 'refused') continue;
      if (!this.#inputs.follow(request, outcome) && !READING.has(request.type)) lasting.push(request);
    }
    if (lasting.length > 0) this.store.write(lasting);
  }

  /** From now on it is the ledger. `file` is read as far as it can be; what it does not give is in memory. */
  takeOver(file: Database | null): void {
    this.#database
      .transaction(() => {
        const { executionCount, line, pairTimeMs } = this.#inputs;
        this.#run(
          `UPDATE pair SET carrying = 1, execution_count = ?, line = ?, pair_time_ms = max(pair_time_ms, ?)`,
          ...[executionCount, line, pairTimeMs],
        );
        for (const row of this.#inputs.rows) this.#insert(row);
        for (const row of file === null ? [] : finishedOf(file)) {
          this.#insert(row);
          this.#inFile.add(row.seq);
        }
        for (const { seq, board, session } of this.#inputs.attempts) {
          this.#run(`INSERT OR IGNORE INTO attempt (seq, board, session) VALUES (?, ?, ?)`, seq, board, session);
        }
        for (const { seq, board, hash, verdict } of this.#inputs.verdicts) {
          this.#run(
            `INSERT OR IGNORE INTO verdict (seq, board, hash, verdict) VALUES (?, ?, ?, ?)`,
            ...[seq, board, hash, verdict],
          );
        }
        this.#run(`UPDATE pair SET carrying = 0`);
      })
      .immediate();
    this.store.write([{ type: 'setCounters', totals: this.#inputs.counters }]);
    this.store.recount();
  }

  write(requests: readonly StoreRequest[]): StoreWritten | StoreFailed {
    return this.store.write(requests);
  }

  /** Memory that its rows take, in bytes. */
  get bytes(): number {
    const pragma = (name: string): number => Number(this.#database.pragma(name, { simple: true }));
    return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  }

  /** Makes room: every finished input goes whose answer has left. */
  dropFinished(): void {
    const dropped = this.#database
      .prepare(`DELETE FROM input WHERE finished = 1 AND (emitted = 1 OR kind <> 'input' OR dropped = 1) RETURNING seq`)
      .pluck()
      .all() as Seq[];
    for (const seq of dropped) if (!this.#inFile.has(seq)) this.droppedInputs++;
    this.store.recount();
  }

  close(): void {
    this.store.close();
  }

  #loadFaults(file: Database): void {
    const columns = `id, code, board, seq, at_us, wall_time, wall_time_trusted, boot_id, evidence, input_ref, input_kind,
      input_payload, input_result, closed_at, repeats`;
    const faults = file.prepare(`SELECT ${columns} FROM fault ORDER BY id DESC LIMIT ${FAULTS_LOADED}`).raw().all();
    const insert = this.#database.prepare(
      `INSERT INTO fault (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const steps = file
      .prepare(`SELECT fault_id, step, at_us, detail FROM fault_step WHERE fault_id = ? ORDER BY id`)
      .raw();
    const note = this.#database.prepare(`INSERT INTO fault_step (fault_id, step, at_us, detail) VALUES (?, ?, ?, ?)`);
    for (const fault of (faults as unknown[][]).reverse()) {
      insert.run(...fault);
      for (const step of steps.all(fault[0]) as unknown[][]) note.run(...step);
    }
  }

  #insert(row: InputRecord): void {
    const names = Object.keys(row);
    const values = names.map((name) => `@${name}`).join(', ');
    this.#database.prepare(`INSERT OR IGNORE INTO input (${names.join(', ')}) VALUES (${values})`).run(row);
  }

  #run(sql: string, ...values: unknown[]): void {
    this.#database.prepare(sql).run(...values);
  }
}

/** The newest; none where the file cannot be read any more. */
function finishedOf(file: Database): InputRecord[] {
  try {
    const rows = file.prepare(`SELECT * FROM input WHERE finished = 1 ORDER BY seq DESC LIMIT ?`).all(FINISHED_LIMIT);
    return rows as InputRecord[];
  } catch (error) {
    if (!isStorageTrouble(error)) throw error;
    return [];
  }
}
