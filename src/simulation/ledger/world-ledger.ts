import type { LedgerRequest } from '../../pair/effects.js';
import type { LedgerAnswer } from '../../pair/events.js';
import type { LedgerRows } from '../../pair/ledger-rows.js';

/** What can go wrong with storage for a while. */
export type StorageTrouble = 'slow' | 'stalled' | 'full' | 'failing' | 'read-only';

/** The ledger as a simulated world has it: its gateways come and go, its host may lose power. */
export interface WorldLedger {
  /** Told of every request in the order in which it was written, with its answer, at the moment it is in the file. */
  onWritten: (request: LedgerRequest, answer: LedgerAnswer | null) => void;
  /** A gateway starts. */
  open(heard: (answer: LedgerAnswer) => void): LedgerRows;
  submit(request: LedgerRequest): void;
  /** The gateway died; what no transaction had taken is gone. */
  kill(): void;
  /** The host lost power with the tail of the ledger. After `kill`. */
  losePower(): void;
  trouble(kind: StorageTrouble, forUs: number): void;
}
