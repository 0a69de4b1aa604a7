import type { Database, Statement } from 'better-sqlite3';
import type { FaultInput, StoreRequest } from '../store-messages.js';

type Request<T extends StoreRequest['type']> = Extract<StoreRequest, { type: T }>;

/** A fault keeps at most so many steps; what comes after is of the kind that repeats. */
const STEPS_A_FAULT = 200;
/** Old faults are pruned so many at a time. */
const PRUNE_BATCH = 16;

/** The fault log: one row a fault, one a step of its timeline. */
export class FaultTable {
  readonly #open: Statement;
  readonly #note: Statement;
  readonly #repeat: Statement;
  readonly #keepInput: Statement;
  readonly #prune: readonly Statement[];
  readonly #counted: Statement;
  #kept = 0;

  constructor(
    database: Database,
    private readonly keepFaults: number,
    private readonly bootId: string,
    private readonly onPruned: (faults: number) => void = () => undefined,
  ) {
    const prepare = (sql: string): Statement => database.prepare(sql);
    this.#open = prepare(
      `INSERT INTO fault (id, code, board, seq, at_us, wall_time, wall_time_trusted, boot_id, evidence)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#note = prepare(
      `INSERT INTO fault_step (fault_id, step, at_us, detail)
       SELECT @faultId, @step, @atUs, @detail WHERE EXISTS (SELECT 1 FROM fault WHERE id = @faultId)
       AND (SELECT count(*) FROM fault_step WHERE fault_id = @faultId) < ${STEPS_A_FAULT}
       ON CONFLICT DO NOTHING`,
    );
    this.#repeat = prepare(`UPDATE fault SET repeats = repeats + ? WHERE id = ?`);
    this.#keepInput = prepare(
      `UPDATE fault SET input_ref = ?, input_kind = ?, input_payload = ?, input_result = coalesce(?, input_result)
       WHERE seq = ?`,
    );
    const oldest = `SELECT id FROM fault ORDER BY id LIMIT ?`;
    this.#prune = [
      prepare(`DELETE FROM fault_step WHERE fault_id IN (${oldest})`),
      prepare(`DELETE FROM fault WHERE id IN (${oldest})`),
    ];
    this.#counted = prepare(`SELECT count(*) FROM fault`).pluck();
    this.recount();
  }

  /** After faults have come by another way, or a transaction was undone. */
  recount(): void {
    this.#kept = Number(this.#counted.get());
  }

  open(fault: Request<'openFault'>): void {
    const { faultId, code, board, seq, atUs, wallTime, wallTimeTrusted, evidence } = fault;
    const trusted = wallTimeTrusted ? 1 : 0;
    this.#kept += this.#open.run(faultId, code, board, seq, atUs, wallTime, trusted, this.bootId, evidence).changes;
    if (this.#kept < this.keepFaults + PRUNE_BATCH) return;
    const excess = this.#kept - this.keepFaults;
    for (const statement of this.#prune) statement.run(excess);
    this.#kept = this.keepFaults;
    this.onPruned(excess);
  }

  note({ faultId, step, atUs, detail }: Request<'noteFault'>): void {
    this.#note.run({ faultId, step, atUs, detail });
  }

  addRepeats(faultId: number, repeats: number): void {
    this.#repeat.run(repeats, faultId);
  }

  keepInput({ ref, kind, payload, result, seq }: FaultInput): void {
    this.#keepInput.run(ref, kind, payload, result, seq);
  }
}
