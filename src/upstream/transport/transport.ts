import type { Duplex } from 'node:stream';

/**
 * A way in: where clients come from. Each client is a stream of bytes both ways, with Node's own back-pressure: what is not read stays with
 * the client, `end` and `error` and `close` say that it has gone. What the bytes mean is a framing's business.
 */
export interface Transport {
  /** Begins to let clients in; resolves with where, for people. Rejects with UPSTREAM_UNAVAILABLE. */
  open(door: Door): Promise<string>;
  /** Lets nobody in any more; resolves when those that are there have gone too. */
  close(): Promise<void>;
}

/** Who hears of clients. */
export interface Door {
  /** Nothing of it was read yet. */
  came(client: Duplex): void;
  /** One that may not connect; it was let go. */
  turnedAway(): void;
  /** One that the system could not give us (too many open files): it tries again. */
  notTaken(): void;
}
