import type { FromWorker, ToWorker } from '../worker/store-messages.js';

/** Where a file is written: in a worker thread, or, for the simulator, in the caller's own. */
export interface StorePort {
  /** So long, in microseconds, may a request rest whose answer nobody waits for, to share a transaction with the next; 0: not at all. */
  readonly restUs: number;
  /** One batch is under way at a time; each message but the last has one that answers it. */
  post(message: ToWorker): void;
  /** Called once, before the first `post`. `lost`: nothing will be heard any more. */
  listen(heard: (message: FromWorker) => void, lost: (why: string) => void): void;
  /** Does `work` when the turn that is under way is over: what one turn submits shares a transaction. */
  afterTurn(work: () => void): void;
}
