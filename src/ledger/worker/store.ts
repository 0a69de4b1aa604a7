import Sqlite, { type Database, type Statement } from 'better-sqlite3';
import type { Seq } from '../../pair/result/messages.js';
import { isStorageTrouble } from './sqlite-errors.js';
import type {
  CarriedRows,
  FromWorker,
  StoreAnswer,
  StoreFailed,
  StoreOptions,
  StoreRequest,
  StoreWritten,
} from './store-messages.js';
import { align, setCounters } from './tables/align.js';
import { ChronicleTable } from './tables/chronicle-table.js';
import { copyRows, INPUT_TABLES } from './tables/copy-rows.js';
import { FaultTable } from './tables/fault-table.js';
import { InputTable } from './tables/input-table.js';
import { LeaseTable } from './tables/lease-table.js';
import { mergeFaults } from './tables/merge-faults.js';

/** What one statement writes is a transaction by itself: alone in its batch it needs no other around it. */
const ONE_STATEMENT: ReadonlySet<StoreRequest['type']> = new Set<StoreRequest['type']>([
  'requestCommit',
  'recordDone',
  'recordEmitted',
]);

/** Told what went for room. */
export interface PrunedListener {
  readonly inputs?: (seqs: readonly Seq[]) => void;
  readonly faults?: (count: number) => void;
}

/** What came of one request of a batch: its answer, null where it has none, or the constraint's refusal. */
export type StoreOutcome = StoreAnswer | null | 'refused';

/** One SQLite file: takes a batch, writes it in one transaction, says what came of it. */
export class Store {
  readonly #inputs: InputTable;
  readonly #lease: LeaseTable;
  readonly #faults: FaultTable;
  readonly #chronicle: ChronicleTable;
  readonly #begin: Statement;
  readonly #commit: Statement;

  constructor(
    readonly database: Database,
    options: Pick<StoreOptions, 'keepInputs' | 'keepFaults' | 'bootId'>,
    pruned: PrunedListener = {},
  ) {
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#inputs = new InputTable(database, options.keepInputs, pruned.inputs);
    this.#lease = new LeaseTable(database);
    this.#chronicle = new ChronicleTable(database, options.bootId);
    this.#faults = new FaultTable(database, options.keepFaults, options.bootId, pruned.faults);
  }

  /**
   * A refusal undoes one request and never its batch; storage trouble undoes the batch, which may be asked again whole.
   * @param outcomes gets what came of each request, for whoever follows the file.
   */
  write(requests: readonly StoreRequest[], outcomes?: StoreOutcome[]): StoreWritten | StoreFailed {
    const answers: StoreAnswer[] = [];
    const refusals: string[] = [];
    const isOneStatement = requests.length === 1 && requests.every(({ type }) => ONE_STATEMENT.has(type));
    try {
      if (!isOneStatement) this.#begin.run();
      for (const request of requests) this.#writeOne(request, answers, refusals, outcomes);
      if (!isOneStatement) this.#commit.run();
      return { type: 'written', answers, refusals };
    } catch (error) {
      if (!isStorageTrouble(error)) throw error;
      return { type: 'failed', code: error.code, message: `${error.message}${this.#undo()}` };
    }
  }

  /** SQLite has undone the transaction already after some kinds of trouble; what else goes wrong is told with the first. */
  #undo(): string {
    try {
      if (this.database.inTransaction) this.database.exec('ROLLBACK');
      this.recount();
      return '';
    } catch (error) {
      return `, and while it was undone: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  /** Takes over the inputs, or the faults, of another file of the ledger. */
  carry(fromPath: string, what: CarriedRows): FromWorker {
    const from = new Sqlite(fromPath, { readonly: true });
    try {
      if (what === 'inputs') copyRows(from, this.database, INPUT_TABLES);
      else this.database.transaction(() => mergeFaults(from, this.database)).immediate();
      this.recount();
      return { type: 'carried' };
    } finally {
      from.close();
    }
  }

  /** After rows have come or gone by another way. */
  recount(): void {
    this.#inputs.recount();
    this.#faults.recount();
  }

  close(): void {
    this.database.close();
  }

  #writeOne(request: StoreRequest, answers: StoreAnswer[], refusals: string[], outcomes?: StoreOutcome[]): void {
    try {
      const answer = this.#apply(request);
      outcomes?.push(answer);
      if (answer) answers.push(answer);
    } catch (error) {
      if (isStorageTrouble(error)) throw error;
      outcomes?.push('refused');
      // A request that the schema will never take is our own mistake: asked again it would stop the whole ledger.
      refusals.push(`${request.type}: ${error instanceof Error ? error.message : String(error)}`);
      // R10: whoever asks for a fence hears whose lease it is, also when the fence was refused.
      if (request.type === 'recordFence' && request.answer) answers.push(this.#lease.answerFence());
    }
  }

  #apply(request: StoreRequest): StoreAnswer | null {
    switch (request.type) {
      case 'recordInput':
        return this.#inputs.record(request);
      case 'requestCommit':
        return this.#inputs.commit(request);
      case 'recordDone':
        return this.#inputs.recordDone(request.board, request.seq, request.readBack);
      case 'recordFence':
        return this.#lease.fence(request);
      case 'reserveSeqs':
        if (request.seenAt !== undefined) this.#chronicle.seen(request.seenAt);
        return this.#lease.reserve(request);
      case 'readHistory':
        return this.#inputs.history(request);
      case 'readInput': {
        const input = this.#inputs.read(request.seq);
        return input && { type: 'inputRead', input };
      }
      default:
        this.#note(request);
        return null;
    }
  }

  #note(
    request: Exclude<
      StoreRequest,
      {
        type:
          | 'recordInput'
          | 'requestCommit'
          | 'recordDone'
          | 'recordFence'
          | 'reserveSeqs'
          | 'readInput'
          | 'readHistory';
      }
    >,
  ): void {
    switch (request.type) {
      case 'releaseInput':
        return this.#inputs.release(request.seq);
      case 'dropInput':
        return this.#inputs.drop(request.seq);
      case 'recordEmitted':
        return this.#inputs.recordEmitted(request.seq);
      case 'recordVerdict':
        return this.#inputs.recordVerdict(request.seq, request.board, request.hash, request.verdict);
      case 'beginLine':
        return this.#inputs.beginLine();
      case 'finishInput':
        return this.#inputs.finish(request.seq);
      case 'recordAttempt':
        return this.#inputs.recordAttempt(request.seq, request.board, request.session);
      case 'quarantine':
        return this.#inputs.quarantine(request.seq);
      case 'recordSession':
        return this.#lease.recordSession(request);
      case 'recordMemberState':
        return this.#lease.recordMemberState(request);
      case 'recordHealth':
        return this.#lease.recordHealth(request);
      case 'recordTakeoverEnded':
        return this.#lease.endTakeover(request.faultId);
      case 'recordStopped':
        return this.#lease.recordStopped(request);
      case 'recordChronicle':
        return this.#chronicle.record(request);
      case 'seen':
        return this.#chronicle.seen(request.wallTime);
      case 'keepFact':
        return this.#lease.keepFact(request);
      case 'openFault':
        return this.#faults.open(request);
      case 'noteFault':
        return this.#faults.note(request);
      case 'addRepeats':
        return this.#faults.addRepeats(request.faultId, request.repeats);
      case 'keepFaultInput':
        return this.#faults.keepInput(request.input);
      case 'setCounters':
        return setCounters(this.database, request.totals);
      case 'align':
        align(this.database, request.alignment);
        return this.#faults.recount();
    }
  }
}
