import type { Observable } from 'rxjs';

/**
 * What a link needs of an open byte stream, cut as its dialect says: a serial session, or an in-process one in a simulation.
 * Bytes of one opening only; the next opening is another session.
 */
export interface FrameSession {
  /** Hot; never empty ones. */
  readonly frames: Observable<Uint8Array>;
  /** False: dropped, and never sent later. */
  write(bytes: Uint8Array): boolean;
  /** Why it ended; once; never rejects. */
  readonly closed: Promise<string>;
  /** Any number of times; never waits. */
  close(): void;
  /** Opening it may have restarted the board (DTR); absent: it has not. */
  readonly mayHaveReset?: boolean;
  readonly counters: { readonly overlongBytes: number };
}
