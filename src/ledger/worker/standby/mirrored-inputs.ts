import type { Database } from 'better-sqlite3';
import type { BoardId, Seq } from '../../../pair/result/messages.js';
import { readBackText } from '../../read-back.js';
import type { CommitRequest, CounterTotal, StoreAnswer, StoreRequest } from '../store-messages.js';
import { listOf } from '../tables/read-inputs.js';

/** Finished inputs remembered in memory, for a file that cannot even be read any more; the oldest go first. */
const FINISHED_LIMIT = 1000;
const FORGET_BATCH = 256;

/** A row of the table `input`, column by column. */
export interface InputRecord {
  readonly seq: Seq;
  readonly ref: string;
  readonly kind: string;
  readonly pair_time_ms: number;
  readonly payload: Uint8Array;
  commit_board: string | null;
  commit_epoch: number | null;
  commit_hash: number | null;
  execution_count: number | null;
  line: number;
  digest: number | null;
  result: Uint8Array | null;
  observed: string | null;
  emitted: number;
  done_by: string;
  read_back: string;
  quarantined: number;
  finished: number;
  dropped: number;
}

type ChangeRequest = Extract<
  StoreRequest,
  { type: 'recordDone' | 'recordEmitted' | 'quarantine' | 'releaseInput' | 'dropInput' | 'finishInput' }
>;
type Attempt = { readonly seq: Seq; readonly board: BoardId; readonly session: number };
type Verdict = { readonly seq: Seq; readonly board: BoardId; readonly hash: number; readonly verdict: string };

/**
 * What a file's batches have made of the inputs, followed in memory request by request, so that a file that cannot be read
 * any more takes nothing with it (R17). It decides nothing: it is told what the constraint has let in.
 */
export class MirroredInputs {
  readonly #rows = new Map<Seq, InputRecord>();
  readonly #attempts = new Map<Seq, Attempt[]>();
  readonly #verdicts = new Map<Seq, Verdict[]>();
  readonly #counters = new Map<string, CounterTotal>();
  /** In the order in which they were finished. */
  readonly #finished = new Set<Seq>();
  /** The last seq that was forgotten: what is asked of it, and before, is old. */
  #forgottenThrough = 0;
  #lease = { owner: '', epoch: 0 };
  executionCount = 0;
  line = 1;
  pairTimeMs = 0;

  /** What a file knows that was there before. */
  load(database: Database): void {
    const all = <Row>(sql: string, ...values: unknown[]): Row[] => database.prepare(sql).all(...values) as Row[];
    const finished = all<InputRecord>(
      `SELECT * FROM input WHERE finished = 1 ORDER BY seq DESC LIMIT ?`,
      FINISHED_LIMIT,
    );
    for (const row of finished.reverse()) {
      this.#rows.set(row.seq, row);
      this.#finished.add(row.seq);
    }
    if (finished.length === FINISHED_LIMIT) this.#forgottenThrough = (finished[0]?.seq ?? 1) - 1;
    for (const row of all<InputRecord>(`SELECT * FROM input WHERE finished = 0`)) this.#rows.set(row.seq, row);
    for (const row of all<Attempt>(`SELECT seq, board, session FROM attempt`)) push(this.#attempts, row, neverKnown);
    for (const row of all<Verdict>(`SELECT seq, board, hash, verdict FROM verdict`))
      push(this.#verdicts, row, neverKnown);
    for (const row of all<CounterTotal>(`SELECT counter, board, total FROM counter`)) this.#setCounter(row);
    this.#lease = all<{ owner: BoardId; epoch: number }>(`SELECT owner, epoch FROM lease`)[0] ?? this.#lease;
    const pair = database.prepare(`SELECT execution_count, line, pair_time_ms FROM pair`).get() as
      | { execution_count: number; line: number; pair_time_ms: number }
      | undefined;
    if (pair === undefined) return;
    this.executionCount = pair.execution_count;
    this.line = pair.line;
    this.pairTimeMs = pair.pair_time_ms;
  }

  /**
   * What a batch has brought into the file; what the schema refused is left out. False: it is not about inputs, and comes
   * seldom enough to be written into tables.
   */
  follow(request: StoreRequest, answer: StoreAnswer | null): boolean {
    switch (request.type) {
      case 'recordInput':
        if (answer?.type === 'inputRecorded') this.#record(request);
        return true;
      case 'requestCommit':
        if (answer?.type === 'commitAnswered' && answer.outcome === 'granted') this.#commit(request);
        return true;
      case 'beginLine':
        this.line++;
        return true;
      case 'recordFence':
        // Into tables as well; here for the epoch that a result has which was decided anew.
        if (this.#lease.owner === request.from)
          this.#lease = { owner: request.to, epoch: Math.max(this.#lease.epoch + 1, request.epoch) };
        return false;
      case 'setCounters':
        for (const total of request.totals) this.#setCounter(total);
        return true;
      case 'recordAttempt': {
        const { seq, board, session } = request;
        push(this.#attempts, { seq, board, session }, (one) => one.board === board && one.session === session);
        return true;
      }
      case 'recordVerdict': {
        const { seq, board, hash, verdict } = request;
        push(this.#verdicts, { seq, board, hash, verdict }, (one) => one.board === board && one.hash === hash);
        return true;
      }
      case 'recordDone':
      case 'recordEmitted':
      case 'quarantine':
      case 'releaseInput':
      case 'dropInput':
      case 'finishInput': {
        const row = this.#rows.get(request.seq);
        if (row !== undefined) this.#change(row, request);
        return true;
      }
      default:
        return false;
    }
  }

  get rows(): Iterable<InputRecord> {
    return this.#rows.values();
  }

  get attempts(): readonly Attempt[] {
    return [...this.#attempts.values()].flat();
  }

  get verdicts(): readonly Verdict[] {
    return [...this.#verdicts.values()].flat();
  }

  get counters(): readonly CounterTotal[] {
    return [...this.#counters.values()];
  }

  #record({ seq, ref, kind, pairTimeMs, payload }: Extract<StoreRequest, { type: 'recordInput' }>): void {
    this.pairTimeMs = Math.max(this.pairTimeMs, pairTimeMs);
    if (this.#rows.has(seq) || seq <= this.#forgottenThrough) return;
    // One literal, and fields one by one: this is done for every input, and spreads cost more than all the rest.
    this.#rows.set(seq, {
      seq,
      ref,
      kind,
      pair_time_ms: pairTimeMs,
      payload,
      commit_board: null,
      commit_epoch: null,
      commit_hash: null,
      execution_count: null,
      line: 0,
      digest: null,
      result: null,
      observed: null,
      emitted: 0,
      done_by: '',
      read_back: '',
      quarantined: 0,
      finished: 0,
      dropped: 0,
    });
  }

  /** As the constraint's own trigger does it: for a seq's first commit, and for one that was decided otherwise (R19). */
  #commit({ board, epoch, seq, hash, executionCount, digest, result, observed }: CommitRequest): void {
    const row = this.#rows.get(seq);
    if (row === undefined) return;
    if (row.commit_hash !== null) {
      if (row.commit_hash === hash || !this.#isArbitrated(seq, board, hash)) return;
      row.commit_board = board;
      row.commit_epoch = Math.max(epoch, this.#lease.epoch);
      row.commit_hash = hash;
      row.digest = digest;
      row.result = result;
      return;
    }
    if (executionCount <= this.executionCount) this.line++;
    this.executionCount = executionCount;
    row.commit_board = board;
    row.commit_epoch = epoch;
    row.commit_hash = hash;
    row.execution_count = executionCount;
    row.line = this.line;
    row.digest = digest;
    row.result = result;
    row.observed = observed;
  }

  #isArbitrated(seq: Seq, board: BoardId, hash: number): boolean {
    const verdicts = this.#verdicts.get(seq) ?? [];
    return verdicts.some((one) => one.board === board && one.hash === hash && one.verdict === 'arbitrated');
  }

  #change(row: InputRecord, request: ChangeRequest): void {
    switch (request.type) {
      case 'recordDone':
        if (listOf(row.done_by).includes(request.board)) return;
        row.done_by = row.done_by === '' ? request.board : `${row.done_by},${request.board}`;
        row.read_back = `${row.read_back}${readBackText(request.board, request.readBack ?? [])}`.trim();
        return;
      case 'recordEmitted':
        row.emitted = 1;
        return;
      case 'quarantine':
        row.quarantined = 1;
        return;
      case 'releaseInput':
        if (row.finished === 1) return;
        row.quarantined = 0;
        this.#attempts.delete(row.seq);
        return;
      case 'dropInput':
        if (row.dropped === 1) return;
        row.dropped = 1;
        return this.#over(row);
      case 'finishInput':
        if (row.finished === 1) return;
        if (row.commit_hash !== null || row.kind === 'recovered') return this.#over(row);
        if (row.kind === 'probe') this.#forget(row.seq);
        return;
    }
  }

  #over(row: InputRecord): void {
    row.finished = 1;
    this.#attempts.delete(row.seq);
    this.#verdicts.delete(row.seq);
    this.#finished.add(row.seq);
    if (this.#finished.size >= FINISHED_LIMIT + FORGET_BATCH) this.#forgetOldest();
  }

  /** Many at a time: to find the oldest of a set again and again costs more than to forget it. */
  #forgetOldest(): void {
    let excess = FORGET_BATCH;
    for (const seq of this.#finished) {
      if (excess-- === 0) return;
      this.#forgottenThrough = Math.max(this.#forgottenThrough, seq);
      this.#forget(seq);
    }
  }

  #forget(seq: Seq): void {
    this.#rows.delete(seq);
    this.#finished.delete(seq);
    this.#attempts.delete(seq);
    this.#verdicts.delete(seq);
  }

  #setCounter(row: CounterTotal): void {
    const name = `${row.counter} ${row.board}`;
    if (row.total > (this.#counters.get(name)?.total ?? 0)) this.#counters.set(name, row);
  }
}

/** What is known stays as it was first, as the table has it: `isKey` compares the rest of the key, beside the seq. */
function push<Row extends { readonly seq: Seq }>(
  into: Map<Seq, Row[]>,
  row: Row,
  isKey: (known: Row) => boolean,
): void {
  const known = into.get(row.seq) ?? [];
  if (!known.some(isKey)) into.set(row.seq, [...known, row]);
}

/** The table has each once already. */
function neverKnown(): boolean {
  return false;
}
