import type { Database, Statement } from 'better-sqlite3';
import type { BoardId, Seq } from '../../../pair/result/messages.js';
import type { LedgerAnswer } from '../../../pair/state/events.js';
import { readBackText } from '../../read-back.js';
import { decodeParts } from '../../result-blob.js';
import { outcomeOf } from '../sqlite-errors.js';
import type { CommitRequest, FaultInput, StoreRequest } from '../store-messages.js';
import { History } from './history.js';
import { KeptInputs } from './kept-inputs.js';

type InputRequest = Extract<StoreRequest, { type: 'recordInput' }>;

interface KnownInput {
  readonly seq: Seq;
  readonly payload: Uint8Array;
  readonly result: Uint8Array | null;
  readonly dropped: number;
}

/** Inputs, from acceptance to their one row at rest. */
export class InputTable {
  readonly #insert: Statement;
  readonly #known: Statement;
  readonly #served: Statement;
  readonly #commit: Statement;
  readonly #done: Statement;
  readonly #emitted: Statement;
  readonly #quarantine: Statement;
  readonly #release: Statement;
  readonly #drop: Statement;
  readonly #verdict: Statement;
  readonly #attempt: Statement;
  readonly #finish: Statement;
  readonly #dropProbe: Statement;
  readonly #keepPairTime: Statement;
  readonly #beginLine: Statement;
  readonly #forgetAttempts: Statement;
  readonly #forgetVerdicts: Statement;
  readonly #triedSeqs: Statement;
  readonly #probeSeqs: Statement;
  readonly #read: Statement;
  #hostRestartIsOpen = true;

  readonly #kept: KeptInputs;

  readonly #history: History;
  /** Inputs that have attempts or verdicts: few, so that most are finished without looking for any. */
  readonly #tried = new Set<Seq>();
  /** Probes in work. */
  readonly #probes = new Set<Seq>();
  #pairTimeMs = 0;

  /** @param onPruned told which finished rows went for room */
  constructor(database: Database, keepInputs: number, onPruned?: (seqs: readonly Seq[]) => void) {
    const prepare = (sql: string): Statement => database.prepare(sql);
    this.#insert = prepare(
      `INSERT INTO input (seq, ref, kind, pair_time_ms, payload) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    // As the unique index has it.
    this.#known = prepare(
      `SELECT seq, payload, result, dropped FROM input WHERE ref = ? AND kind = 'input' AND (dropped = 0 OR quarantined = 1)`,
    );
    this.#served = prepare(`UPDATE pair SET host_restarted = 0`);
    this.#commit = prepare(
      `INSERT INTO commit_request (board, epoch, seq, hash, execution_count, digest, result, observed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#done = prepare(
      `UPDATE input SET done_by = iif(done_by = '', ?, done_by || ',' || ?), read_back = trim(read_back || ?)
       WHERE seq = ? AND instr(',' || done_by || ',', ',' || ? || ',') = 0`,
    );
    this.#emitted = prepare(`UPDATE input SET emitted = 1 WHERE seq = ?`);
    this.#quarantine = prepare(`UPDATE input SET quarantined = 1 WHERE seq = ?`);
    this.#verdict = prepare(
      `INSERT INTO verdict (seq, board, hash, verdict) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#attempt = prepare(`INSERT INTO attempt (seq, board, session) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`);
    this.#release = prepare(`UPDATE input SET quarantined = 0 WHERE seq = ? AND finished = 0`);
    this.#drop = prepare(`UPDATE input SET dropped = 1, finished = 1 WHERE seq = ? AND dropped = 0`);
    this.#finish = prepare(`UPDATE input SET finished = 1 WHERE seq = ? AND finished = 0
       AND (kind <> 'probe' OR commit_hash IS NOT NULL)`);
    this.#dropProbe = prepare(`DELETE FROM input WHERE seq = ? AND kind = 'probe' AND commit_hash IS NULL`);
    this.#keepPairTime = prepare(`UPDATE pair SET pair_time_ms = max(pair_time_ms, ?)`);
    this.#beginLine = prepare(`UPDATE pair SET line = line + 1`);
    this.#forgetAttempts = prepare(`DELETE FROM attempt WHERE seq = ?`);
    this.#forgetVerdicts = prepare(`DELETE FROM verdict WHERE seq = ?`);
    this.#read = prepare(`SELECT seq, ref, kind, payload, result FROM input WHERE seq = ?`);
    this.#kept = new KeptInputs(database, keepInputs, onPruned);
    this.#history = new History(database);
    this.#triedSeqs = prepare(`SELECT seq FROM attempt UNION SELECT seq FROM verdict`).pluck();
    this.#probeSeqs = prepare(`SELECT seq FROM input WHERE finished = 0 AND kind = 'probe'`).pluck();
    this.recount();
  }

  /** After rows have come by another way, or a transaction was undone: what is remembered beside the file is read anew. */
  recount(): void {
    this.#kept.recount();
    this.#tried.clear();
    for (const seq of this.#triedSeqs.all() as Seq[]) this.#tried.add(seq);
    this.#probes.clear();
    for (const seq of this.#probeSeqs.all() as Seq[]) this.#probes.add(seq);
  }

  record({ seq, ref, kind, pairTimeMs, payload }: InputRequest): LedgerAnswer {
    // The host's restart is dealt with once the pair works again; until then a start must hear of it once more (R27).
    if (this.#hostRestartIsOpen) this.#served.run();
    this.#hostRestartIsOpen = false;
    if (kind === 'probe') this.#probes.add(seq);
    this.#pairTimeMs = Math.max(this.#pairTimeMs, pairTimeMs);
    if (this.#insert.run(seq, ref, kind, pairTimeMs, payload).changes === 1) return { type: 'inputRecorded', seq };
    // R23: the unique index has refused. The same seq again is a repeat of ours; another seq is a repeat of upstream's.
    const known = this.#known.get(ref) as KnownInput | undefined;
    if (known === undefined || known.seq === seq) return { type: 'inputRecorded', seq };
    if (known.dropped === 1) return { type: 'refDropped', seq, ref };
    if (Buffer.compare(known.payload, payload) !== 0) return { type: 'refUsed', seq, ref };
    return {
      type: 'inputKnown',
      seq,
      ref,
      knownSeq: known.seq,
      answer: known.result === null ? null : decodeParts(known.result),
    };
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

  recordDone(board: BoardId, seq: Seq, readBack: readonly number[] = []): LedgerAnswer {
    this.#done.run(board, board, readBackText(board, readBack), seq, board);
    return { type: 'doneRecorded', board, seq };
  }

  recordEmitted(seq: Seq): void {
    this.#emitted.run(seq);
  }

  quarantine(seq: Seq): void {
    this.#quarantine.run(seq);
  }

  /** R22: no board has died on it, as far as anybody is to know. */
  release(seq: Seq): void {
    if (this.#release.run(seq).changes > 0) this.#forgetAttempts.run(seq);
  }

  /** R22: the constraint admits it for an input in quarantine without a commit, for nothing else. */
  drop(seq: Seq): void {
    if (this.#drop.run(seq).changes > 0) this.#over(seq, 'input');
  }

  history({ board, after, limit }: Extract<StoreRequest, { type: 'readHistory' }>): LedgerAnswer {
    return { type: 'historyRead', board, after, inputs: this.#history.read(after, limit) };
  }

  /** R25: what is committed from now on is read as history without what is there. */
  beginLine(): void {
    this.#beginLine.run();
  }

  recordVerdict(seq: Seq, board: BoardId, hash: number, verdict: string): void {
    this.#tried.add(seq);
    this.#verdict.run(seq, board, hash, verdict);
  }

  recordAttempt(seq: Seq, board: BoardId, session: number): void {
    this.#tried.add(seq);
    this.#attempt.run(seq, board, session);
  }

  /** One row at rest: a probe's too, because the boards have executed it (R25); one that nobody committed leaves none. */
  finish(seq: Seq): void {
    const kind = this.#probes.delete(seq) ? 'probe' : 'input';
    if (this.#finish.run(seq).changes > 0) return this.#over(seq, kind);
    if (kind === 'input' || this.#dropProbe.run(seq).changes === 0) return;
    this.#keepPairTime.run(this.#pairTimeMs);
    this.#forget(seq);
  }

  #over(seq: Seq, kind: 'input' | 'probe'): void {
    this.#forget(seq);
    if (this.#kept.finished(kind)) this.#keepPairTime.run(this.#pairTimeMs);
  }

  #forget(seq: Seq): void {
    if (!this.#tried.delete(seq)) return;
    this.#forgetAttempts.run(seq);
    this.#forgetVerdicts.run(seq);
  }

  read(seq: Seq): FaultInput | null {
    return (this.#read.get(seq) as FaultInput | undefined) ?? null;
  }
}
