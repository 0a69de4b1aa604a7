import { BehaviorSubject, NEVER, type Observable, Subject, type Subscription } from 'rxjs';
import type { Clock } from '../../clock/clock.js';
import { CopycatError, internalError } from '../../errors/copycat-error.js';
import type { LedgerRows } from '../../pair/result/ledger-rows.js';
import type { LedgerRequest } from '../../pair/state/effects.js';
import type { LedgerAnswer } from '../../pair/state/events.js';
import { StoreClient } from '../client/store-client.js';
import { alignmentsOf } from '../files/align-files.js';
import { isNew } from '../files/ledger-files.js';
import type { Ledger, LedgerHealth, LedgerOptions } from '../ledger.js';
import { SqliteLedger } from '../requests/sqlite-ledger.js';
import type { LedgerFinding } from '../verify/finding.js';
import { verifyTables } from '../verify/verify-tables.js';
import { mergeSnapshots } from '../worker/standby/merge-snapshots.js';
import type { Store } from '../worker/store.js';
import type { Alignment, StoreAnswer, StoreRequest } from '../worker/store-messages.js';
import { mergeFaults } from '../worker/tables/merge-faults.js';
import type { LedgerCounts } from './ledger-audit.js';
import { SimulatedFile } from './simulated-file.js';
import { SimulatedPort } from './simulated-port.js';
import { type StoreName, type StoreTrouble, TROUBLE_CODES, type WriteDelay } from './write-delay.js';

export interface SimulatedLedgerOptions
  extends Pick<LedgerOptions, 'durability' | 'boards' | 'firstOwner' | 'keepInputs' | 'keepFaults'> {
  readonly clock: Clock;
  /** Asked once for each batch. */
  readonly delayOf: (store: StoreName, requests: readonly StoreRequest[]) => WriteDelay;
  /** Told of every batch that a file has taken, in the order in which it took them, and what of it the schema has refused. */
  readonly onWritten?: (
    store: StoreName,
    requests: readonly StoreRequest[],
    answers: readonly StoreAnswer[],
    refusals: readonly string[],
  ) => void;
  /** At a power cut: does the disk have the batch that was written to it and not synced yet? */
  readonly survivesPowerCut: () => boolean;
  /** SQL that is run in every new file: a constraint that was planted wrong, or is missing. */
  readonly plantedSql?: string;
  /** False: `counts` is never asked, and no trigger keeps what it would need. */
  readonly audited?: boolean;
}

/** The names that a real ledger gives to its journal; nothing is looked up by them here. */
const JOURNAL = { path: 'journal', id: 'simulated' };
/** Wall clock at the simulation's zero: 2026-01-01T00:00:00Z. */
const WALL_ZERO_MS = 1_767_225_600_000;

interface Life {
  readonly ledger: SqliteLedger;
  readonly ports: ReadonlyMap<StoreName, SimulatedPort>;
  readonly clients: ReadonlySet<StoreClient>;
  readonly subscriptions: readonly Subscription[];
}

/**
 * The ledger of a simulated host: the same SQL, constraints, routing and batches as the real one, in memory and on the
 * given clock. It outlives the simulated gateway: `kill` or `losePower`, then `reopen`. `answers` and `health` go on
 * over all lives.
 */
export class SimulatedLedger implements Ledger {
  readonly #answers = new Subject<LedgerAnswer>();
  readonly #health = new BehaviorSubject<LedgerHealth>({ waiting: 0, trouble: null, stands: false, standby: [] });
  readonly #troubles = new Map<StoreName, StoreTrouble>();
  #disk: SimulatedFile;
  #journal: SimulatedFile | null = null;
  /** The journal that the last power cut took, for its audit only. */
  #lost: SimulatedFile | null = null;
  /** What each file held when it was last written for good; what came since is lost with the next end of the gateway. */
  readonly #holds = new Map<StoreName, Buffer>();
  #wasInMemory = false;
  #boots = 1;
  #life: Life | null = null;
  #rows: LedgerRows | null = null;

  constructor(private readonly options: SimulatedLedgerOptions) {
    this.#disk = new SimulatedFile(options.plantedSql, options.audited);
  }

  get answers(): Observable<LedgerAnswer> {
    return this.#answers;
  }

  get health(): Observable<LedgerHealth> {
    return this.#health;
  }

  /** What the last opening read. */
  get rows(): LedgerRows {
    if (this.#rows === null) throw internalError('The simulated ledger was never opened');
    return this.#rows;
  }

  /** Its files are damaged by nobody. */
  get laterNotes(): Observable<string> {
    return NEVER;
  }

  restore(): Promise<LedgerRows> {
    return Promise.resolve(this.rows);
  }

  submit(request: LedgerRequest): void {
    if (this.#life === null) throw internalError('A gateway that does not run asked the ledger', request.type);
    this.#life.ledger.submit(request);
  }

  keptAs(faultId: number): number {
    return this.#life?.ledger.keptAs(faultId) ?? faultId;
  }

  /** True when nothing that was submitted waits: a gateway that ends in good order is killed then. */
  get idle(): boolean {
    return [...(this.#life?.clients ?? [])].every((client) => client.waiting === 0);
  }

  /** Null: it is well again; what waited for it goes on. With durability `power` only `disk` is there. */
  setTrouble(store: StoreName, trouble: StoreTrouble | null): void {
    if (trouble === null) this.#troubles.delete(store);
    else this.#troubles.set(store, trouble);
    this.#life?.ports.get(store)?.setTrouble(trouble);
  }

  /** The gateway's process ends at once: what was written stays, what was not is lost. */
  kill(): void {
    this.#endLife(() => true);
  }

  /** What is written to this file from now on is lost with the next end of the gateway (`killAndLoseTails`). */
  startLosing(store: StoreName): void {
    const file = store === 'hot' ? this.#journal : this.#disk;
    if (file !== null && !this.#holds.has(store)) this.#holds.set(store, file.content());
  }

  /**
   * The gateway's process ends, and files come back as they were at `startLosing`: their last transactions were damaged, or
   * (`inMemory`) were in the memory that stood in for files which could not be written, and a marker tells the next start so.
   */
  killAndLoseTails(inMemory: boolean): void {
    this.kill();
    this.#wasInMemory ||= inMemory;
    const { plantedSql, audited } = this.options;
    for (const [store, content] of this.#holds) {
      const lost = store === 'hot' ? this.#journal : this.#disk;
      const file = new SimulatedFile(plantedSql, audited, content);
      if (lost?.audit != null) file.audit?.continue(lost.audit);
      lost?.close();
      if (store === 'hot') this.#journal = file;
      else this.#disk = file;
    }
    this.#holds.clear();
  }

  /**
   * The host stops and boots again: the journal is gone. The disk keeps every batch that was answered, because each was
   * synced first; of one that was written and not synced `survivesPowerCut` says.
   */
  losePower(): void {
    this.#endLife((store) => store === 'disk' && this.options.survivesPowerCut());
    this.#boots++;
    this.#holds.clear();
    if (this.#journal === null) return;
    this.#lost = this.#journal;
    this.#journal = null;
  }

  /**
   * A gateway starts: merges and restores as `openLedger` does, in no time.
   * @throws CopycatError LEDGER_UNAVAILABLE while a file is in trouble; a real gateway ends then and is started again.
   */
  reopen(): LedgerRows {
    if (this.#life !== null) throw internalError('The simulated ledger is open');
    const { boards, firstOwner, durability, keepInputs, keepFaults, clock } = this.options;
    const bootId = `boot-${this.#boots}`;
    const options = { keepInputs, keepFaults, bootId };
    const disk = this.#disk.open(options);
    const hot = durability === 'power' ? disk : this.#openJournal().open(options);
    const journal = hot === disk || isNew(hot) ? null : hot.snapshot;
    const { journalId = '' } = disk.snapshot.settings;
    const merged = mergeSnapshots(disk.snapshot, journal, {
      ...{ boards, firstOwner, bootId, journalGone: this.#wasInMemory || (journalId !== '' && journal === null) },
    });
    this.#wasInMemory = false;
    const names = durability === 'power' ? { path: '', id: '' } : JOURNAL;
    const alignments = alignmentsOf(merged, { durability, fields: null }, { journal: names, file: 'disk' });
    if (hot !== disk) {
      mergeFaults(hot.store.database, disk.store.database);
      disk.store.recount();
      this.#align('hot', hot.store, alignments.hot);
    }
    this.#align('disk', disk.store, alignments.disk ?? alignments.hot);

    const ports = new Map<StoreName, SimulatedPort>();
    let ledger: SqliteLedger | null = null;
    const clientOf = (name: StoreName, { store, snapshot }: ReturnType<SimulatedFile['open']>): StoreClient => {
      const delay = (requests: readonly StoreRequest[]): WriteDelay => this.options.delayOf(name, requests);
      const port = new SimulatedPort(store, clock, delay, this.#troubles.get(name) ?? null);
      port.onWritten = (...written) => this.options.onWritten?.(name, ...written);
      ports.set(name, port);
      const report = { answered: (answers: Parameters<SqliteLedger['answered']>[0]) => ledger?.answered(answers) };
      const told = { ...report, changed: () => ledger?.changed(), noted: () => undefined };
      return new StoreClient(port, clock, told, name, snapshot, [], false);
    };
    const diskClient = clientOf('disk', disk);
    const hotClient = hot === disk ? diskClient : clientOf('hot', hot);
    const wallNowMs = (): number => WALL_ZERO_MS + clock.nowUs() / 1000;
    ledger = new SqliteLedger({
      ...{ hot: hotClient, disk: diskClient, merged, notes: [], clock, wallNowMs, release: () => undefined },
    });
    const subscriptions = [
      ledger.answers.subscribe((answer) => this.#answers.next(answer)),
      ledger.health.subscribe((health) => this.#health.next(health)),
    ];
    this.#life = { ledger, ports, clients: new Set([hotClient, diskClient]), subscriptions };
    this.#rows = merged.rows;
    return merged.rows;
  }

  /** What the files say, the one that decides about inputs first; also while no gateway runs. */
  counts(): LedgerCounts {
    const { audit } = this.options.durability === 'power' ? this.#disk : this.#openJournal();
    if (audit === null) throw internalError('The simulated ledger keeps no audit');
    return audit.counts();
  }

  /** What `copycat ledger verify` would find in the files; also while no gateway runs. */
  verify(): LedgerFinding[] {
    return verifyTables({ ledger: this.#disk.tables, journal: this.#journal?.tables ?? null });
  }

  /** How many rows the files keep; also while no gateway runs. */
  sizes(): { readonly inputs: number; readonly faults: number } {
    const decides = this.options.durability === 'power' ? this.#disk : this.#openJournal();
    return { inputs: decides.rowsOf('input'), faults: this.#disk.rowsOf('fault') };
  }

  /** The host is thrown away. */
  close(): Promise<void> {
    if (this.#life !== null) this.kill();
    this.#disk.close();
    this.#journal?.close();
    this.#lost?.close();
    this.#answers.complete();
    this.#health.complete();
    return Promise.resolve();
  }

  #endLife(keeps: (store: StoreName) => boolean): void {
    for (const [store, port] of this.#life?.ports ?? []) port.cut(() => keeps(store));
    for (const subscription of this.#life?.subscriptions ?? []) subscription.unsubscribe();
    this.#life = null;
  }

  #openJournal(): SimulatedFile {
    if (this.#journal !== null) return this.#journal;
    this.#journal = new SimulatedFile(this.options.plantedSql, this.options.audited);
    if (this.#lost !== null) {
      if (this.#lost.audit !== null) this.#journal.audit?.continue(this.#lost.audit);
      this.#lost.close();
      this.#lost = null;
    }
    return this.#journal;
  }

  #align(name: StoreName, store: Store, alignment: Alignment): void {
    const trouble = this.#troubles.get(name) ?? null;
    const answer = trouble === null ? store.write([{ type: 'align', alignment }]) : null;
    if (answer?.type === 'written' && answer.refusals.length === 0) return;
    const why =
      trouble === null ? JSON.stringify(answer) : trouble === 'stalled' ? 'it stands still' : TROUBLE_CODES[trouble];
    throw new CopycatError('LEDGER_UNAVAILABLE', `The ledger cannot be written: ${why}.`, { value: name });
  }
}

/** A new simulated host's ledger, opened once. */
export function openSimulatedLedger(options: SimulatedLedgerOptions): SimulatedLedger {
  const ledger = new SimulatedLedger(options);
  ledger.reopen();
  return ledger;
}
