import type { Database, Statement } from 'better-sqlite3';
import type { LedgerAnswer } from '../../pair/events.js';
import type { BoardId, Seq } from '../../pair/messages.js';
import { decodeBodies } from '../result-blob.js';
import { outcomeOf } from './sqlite-errors.js';
import type { CommitRequest, FaultInput, StoreRequest } from './store-messages.js';

type InputRequest = Extract<StoreRequest, { type: 'recordInput' }>;

/** Finished inputs are pruned so many at a time, not one for one. */
const PRUNE_BATCH = 256;

/** Inputs, from acceptance to their one row at rest. */
export class InputTable {
  readonly #insert: Statement;
  readonly #known: Statement;
  readonly #served: Statement;
  readonly #commit: Statement;
  readonly #done: Statement;
  readonly #emitted: Statement;
  readonly #quarantine: Statement;
  readonly #verdict: Statement;
  readonly #attempt: Statement;
  readonly #finish: Statement;
  readonly #dropProbe: Statement;
  readonly #keepPairTime: Statement;
  readonly #forget: readonly Statement[];
  readonly #prune: Statement;
  readonly #read: Statement;
  readonly #count: Statement;
  #finished = 0;
  #hostRestartIsOpen = true;

  constructor(
    database: Database,
    private readonly keepInputs: number,
  ) {
    const prepare = (sql: string): Statement => database.prepare(sql);
    this.#insert = prepare(
      `INSERT INTO input (seq, ref, kind, pair_time_ms, payload) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#known = prepare(`SELECT seq, payload, result FROM input WHERE ref = ? AND kind = 'input'`);
    this.#served = prepare(`UPDATE pair SET host_restarted = 0`);
    this.#commit = prepare(
      `INSERT INTO commit_request (board, epoch, seq, hash, execution_count, digest, result, observed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#done = prepare(
      `UPDATE input SET done_by = iif(done_by = '', @board, done_by || ',' || @board)
       WHERE seq = @seq AND instr(',' || done_by || ',', ',' || @board || ',') = 0`,
    );
    this.#emitted = prepare(`UPDATE input SET emitted = 1 WHERE seq = ?`);
    this.#quarantine = prepare(`UPDATE input SET quarantined = 1 WHERE seq = ?`);
    this.#verdict = prepare(
      `INSERT INTO verdict (seq, board, hash, verdict) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#attempt = prepare(`INSERT INTO attempt (seq, board, session) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`);
    this.#finish = prepare(`UPDATE input SET finished = 1 WHERE seq = ? AND finished = 0 AND kind <> 'probe'`);
    this.#dropProbe = prepare(`DELETE FROM input WHERE seq = ? AND kind = 'probe'`);
    this.#keepPairTime = prepare(
      `UPDATE pair SET pair_time_ms = max(pair_time_ms, coalesce((SELECT pair_time_ms FROM input WHERE seq = ?), 0))`,
    );
    this.#forget = [prepare(`DELETE FROM attempt WHERE seq = ?`), prepare(`DELETE FROM verdict WHERE seq = ?`)];
    this.#prune = prepare(
      `DELETE FROM input WHERE seq IN (SELECT seq FROM input WHERE finished = 1 ORDER BY seq LIMIT ?)`,
    );
    this.#read = prepare(`SELECT seq, ref, kind, payload, result FROM input WHERE seq = ?`);
    this.#count = prepare(`SELECT count(*) FROM input WHERE finished = 1`).pluck();
    this.recount();
  }

  /** After rows have come by another way than `finish`. */
  recount(): void {
    this.#finished = Number(this.#count.get());
  }

  record({ seq, ref, kind, pairTimeMs, payload }: InputRequest): LedgerAnswer {
    // The host's restart is dealt with once the pair works again; until then a start must hear of it once more (R27).
    if (this.#hostRestartIsOpen) this.#served.run();
    this.#hostRestartIsOpen = false;
    if (this.#insert.run(seq, ref, kind, pairTimeMs, payload).changes === 1) return { type: 'inputRecorded', seq };
    // R23: the unique index has refused. The same seq again is a repeat of ours; another seq is a repeat of upstream's.
    const known = this.#known.get(ref) as { seq: Seq; payload: Uint8Array; result: Uint8Array | null } | undefined;
    if (known === undefined || known.seq === seq) return { type: 'inputRecorded', seq };
    if (Buffer.compare(known.payload, payload) !== 0) return { type: 'refUsed', seq, ref };
    return { type: 'inputKnown', seq, ref, knownSeq: known.seq, answer: decodeBodies(known.result) };
  }

  /** R8: the constraint decides; this only reads what it said. */
  commit(request: CommitRequest): LedgerAnswer {
    const { board, session, epoch, seq, hash, executionCount, digest, result, observed } = request;
    const answer = (outcome: 'granted' | 'locked-out' | 'not-owner' | 'different'): LedgerAnswer => ({
      type: 'commitAnswered',
      board,
      session,
      seq,
      hash,
      outcome,
    });
    try {
      this.#commit.run(board, epoch, seq, hash, executionCount, digest, result, observed);
      return answer('granted');
    } catch (error) {
      const outcome = outcomeOf(error);
      if (outcome === null) throw error;
      return answer(outcome);
    }
  }

  recordDone(board: BoardId, seq: Seq): LedgerAnswer {
    this.#done.run({ board, seq });
    return { type: 'doneRecorded', board, seq };
  }

  recordEmitted(seq: Seq): void {
    this.#emitted.run(seq);
  }

  quarantine(seq: Seq): void {
    this.#quarantine.run(seq);
  }

  recordVerdict(seq: Seq, board: BoardId, hash: number, verdict: string): void {
    this.#verdict.run(seq, board, hash, verdict);
  }

  recordAttempt(seq: Seq, board: BoardId, session: number): void {
    this.#attempt.run(seq, board, session);
  }

  /** One row at rest; a probe leaves none. */
  finish(seq: Seq): void {
    this.#keepPairTime.run(seq);
    for (const statement of this.#forget) statement.run(seq);
    if (this.#dropProbe.run(seq).changes > 0) return;
    this.#finished += this.#finish.run(seq).changes;
    if (this.#finished < this.keepInputs + PRUNE_BATCH) return;
    this.#finished -= this.#prune.run(this.#finished - this.keepInputs).changes;
  }

  read(seq: Seq): FaultInput | null {
    return (this.#read.get(seq) as FaultInput | undefined) ?? null;
  }
}
