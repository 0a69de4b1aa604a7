import type { Database, Statement } from 'better-sqlite3';
import { IS_EVENT_SQL } from '../../../faults/catalogue/events.js';
import type { FaultInput, StoreRequest } from '../store-messages.js';

type Request<T extends StoreRequest['type']> = Extract<StoreRequest, { type: T }>;

/** A fault keeps at most so many steps; what comes after is of the kind that repeats. */
const STEPS_A_FAULT = 200;
/** Of what is kept, so much may be events before their oldest go first: tests of the relay do not push out what failed. */
const SHARE_OF_EVENTS = 1 / 4;
/** Old faults are pruned so many at a time. */
const PRUNE_BATCH = 16;

/** The fault log: one row a fault, one a step of its timeline. */
export class FaultTable {
  readonly #open: Statement;
  readonly #note: Statement;
  readonly #repeat: Statement;
  readonly #keepInput: Statement;
  readonly #pruneEvents: readonly Statement[];
  readonly #pruneAny: readonly Statement[];
  readonly #counted: Statement;
  readonly #countedEvents: Statement;
  readonly #eventsAmongOldest: Statement;
  #kept = 0;
  #keptEvents = 0;

  constructor(
    database: Database,
    private readonly keepFaults: number,
    private readonly bootId: string,
    private readonly onPruned: (faults: number) => void = () => undefined,
  ) {
    const prepare = (sql: string): Statement => database.prepare(sql);
    this.#open = prepare(
      `INSERT INTO fault (id, code, board, seq, at_us, wall_time, wall_time_trusted, boot_id, evidence, closed_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
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
    const prune = (which: string): Statement[] => {
      const oldest = `SELECT id FROM fault WHERE ${which} ORDER BY id LIMIT ?`;
      return [
        prepare(`DELETE FROM fault_step WHERE fault_id IN (${oldest})`),
        prepare(`DELETE FROM fault WHERE id IN (${oldest})`),
      ];
    };
    this.#pruneEvents = prune(IS_EVENT_SQL);
    this.#pruneAny = prune('TRUE');
    this.#counted = prepare(`SELECT count(*) FROM fault`).pluck();
    this.#countedEvents = prepare(`SELECT count(*) FROM fault WHERE ${IS_EVENT_SQL}`).pluck();
    this.#eventsAmongOldest = prepare(
      `SELECT count(*) FROM (SELECT code, evidence FROM fault ORDER BY id LIMIT ?) WHERE ${IS_EVENT_SQL}`,
    ).pluck();
    this.recount();
  }

  /** After faults have come by another way, or a transaction was undone. */
  recount(): void {
    this.#kept = Number(this.#counted.get());
    this.#keptEvents = Number(this.#countedEvents.get());
  }

  open(fault: Request<'openFault'>): void {
    const { faultId, code, board, seq, atUs, wallTime, wallTimeTrusted, evidence, closedAt = null } = fault;
    const where = [faultId, code, board, seq, atUs, wallTime, wallTimeTrusted ? 1 : 0, this.bootId];
    const { changes } = this.#open.run(...where, evidence, closedAt);
    this.#kept += changes;
    if (closedAt !== null) this.#keptEvents += changes;
    const excess = this.#kept - this.keepFaults;
    if (excess < PRUNE_BATCH) return;
    const events = Math.min(excess, Math.max(0, this.#keptEvents - Math.floor(this.keepFaults * SHARE_OF_EVENTS)));
    for (const statement of this.#pruneEvents) statement.run(events);
    this.#keptEvents -= events + Number(this.#eventsAmongOldest.get(excess - events));
    for (const statement of this.#pruneAny) statement.run(excess - events);
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
