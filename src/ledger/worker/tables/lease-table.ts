import type { Database, Statement } from 'better-sqlite3';
import type { LedgerAnswer } from '../../../pair/state/events.js';
import type { StoreRequest } from '../store-messages.js';
import { readUnfinishedInputs } from './read-inputs.js';

type Request<T extends StoreRequest['type']> = Extract<StoreRequest, { type: T }>;

/** Facts stand among the settings of the file, under names that no setting has. */
export const FACT_PREFIX = 'fact.';

/** The lease, the boards, the takeovers and the reserved seqs: what outlives every input. */
export class LeaseTable {
  readonly #fence: Statement;
  readonly #lease: Statement;
  readonly #takeoverEnded: Statement;
  readonly #session: Statement;
  readonly #standing: Statement;
  readonly #health: Statement;
  readonly #stopped: Statement;
  readonly #reserve: Statement;
  readonly #reserved: Statement;
  readonly #fact: Statement;

  constructor(private readonly database: Database) {
    const prepare = (sql: string): Statement => database.prepare(sql);
    this.#fence = prepare(
      `INSERT INTO fence_request (from_board, to_board, fault_id, epoch, revision, locks_out)
       VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#lease = prepare(`SELECT epoch, owner FROM lease`);
    this.#takeoverEnded = prepare(`UPDATE takeover SET ended = 1 WHERE fault_id = ?`);
    this.#session = prepare(`UPDATE board SET session = ?, boot = ?, revision = ? WHERE board = ?`);
    this.#standing = prepare(`UPDATE board SET standing = ?, revision = ? WHERE board = ?`);
    this.#health = prepare(`UPDATE board SET exits = ?, revision = ? WHERE board = ?`);
    this.#stopped = prepare(`UPDATE pair SET stopped = ?, stopped_revision = ?`);
    this.#reserve = prepare(
      `UPDATE pair SET reserved_through_seq = max(reserved_through_seq, ?), pair_time_ms = max(pair_time_ms, ?)`,
    );
    this.#fact = prepare(
      `INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value`,
    );
    this.#reserved = prepare(`SELECT reserved_through_seq FROM pair`).pluck();
  }

  /** R10, R12: the fence and the list of what it found unfinished, from one transaction. */
  fence({ from, to, faultId, epoch, revision, locksOut, answer }: Request<'recordFence'>): LedgerAnswer | null {
    this.#fence.run(from, to, faultId, epoch, revision, locksOut ? 1 : 0);
    return answer ? this.answerFence() : null;
  }

  /** Whose lease it is, and the inputs as this very transaction sees them. */
  answerFence(): LedgerAnswer {
    const lease = this.#lease.get() as { epoch: number; owner: string };
    return { type: 'fenceRecorded', ...lease, inputs: readUnfinishedInputs(this.database) };
  }

  endTakeover(faultId: number): void {
    this.#takeoverEnded.run(faultId);
  }

  recordSession({ board, session, boot, revision }: Request<'recordSession'>): void {
    this.#session.run(session, boot, revision, board);
  }

  recordMemberState({ board, state, revision }: Request<'recordMemberState'>): void {
    this.#standing.run(state, revision, board);
  }

  recordHealth({ board, exits, revision }: Request<'recordHealth'>): void {
    this.#health.run(exits.join(), revision, board);
  }

  recordStopped({ stopped, revision }: Request<'recordStopped'>): void {
    this.#stopped.run(stopped ? 1 : 0, revision);
  }

  keepFact({ name, value }: Request<'keepFact'>): void {
    this.#fact.run(FACT_PREFIX + name, value);
  }

  reserve({ throughSeq, pairTimeMs, answer }: Request<'reserveSeqs'>): LedgerAnswer | null {
    this.#reserve.run(throughSeq, pairTimeMs);
    return answer ? { type: 'seqsReserved', throughSeq: Number(this.#reserved.get()) } : null;
  }
}
