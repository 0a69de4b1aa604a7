import type { Observable } from 'rxjs';
import type { LedgerRows } from '../pair/result/ledger-rows.js';
import type { LedgerRequest } from '../pair/state/effects.js';
import type { LedgerAnswer } from '../pair/state/events.js';
import type { Standby } from './worker/store-messages.js';

/** The ledger as the gateway sees it: requests go in in order, answers come out in order; SQLite is in a worker thread. */
export interface Ledger {
  /** What a start needs; asked once, before the first request. */
  restore(): Promise<LedgerRows>;
  /** Never blocks and never throws for the world's faults; requests that arrive during one transaction share the next. */
  submit(request: LedgerRequest): void;
  /**
   * The number under which a fault that was submitted is kept: its own, or that of the fault of its kind it was counted on, which
   * came too often to be written each time. Whoever tells a person of it gives this one.
   */
  keptAs(faultId: number): number;
  readonly answers: Observable<LedgerAnswer>;
  readonly health: Observable<LedgerHealth>;
  /** What a person should know of the files, as it comes up; the start's own are told by `OpenedLedger`. */
  readonly laterNotes: Observable<string>;
  /** Waits for what was submitted, then closes the files. */
  close(): Promise<void>;
}

export interface LedgerHealth {
  /** Requests submitted and not answered yet. */
  readonly waiting: number;
  /** Why something that should be on disk is not; null: all is well. */
  readonly trouble: string | null;
  /** True while requests wait for storage and nobody knows how long. */
  readonly stands: boolean;
  /** The files that cannot be written: the ledger goes on in memory in their place (R17). */
  readonly standby: readonly FileStandby[];
}

/** A file of the ledger that memory stands in for. */
export interface FileStandby extends Standby {
  readonly file: 'ledger' | 'journal';
  readonly path: string;
}

export interface LedgerOptions {
  /** The file that outlives the host: lease, faults, sessions, reserved seqs. */
  readonly path: string;
  /** `process`: the hot journal on tmpfs; `power`: everything in `path`, commits wait for the fsync. */
  readonly durability: 'process' | 'power';
  /** Folder of the hot journal, this user's alone; unused with `power`. */
  readonly journalFolder: string;
  readonly boards: readonly [string, string];
  /** Owner of the lease in a new ledger. */
  readonly firstOwner: string;
  /** Finished inputs kept at rest. */
  readonly keepInputs: number;
  readonly keepFaults: number;
  /** Names of the fields in payloads and results, kept with the ledger so that a fault can be told with them. */
  readonly fields: unknown;
}
