/** The ledger's two files; with durability `power` there is the disk's alone. */
export type StoreName = 'hot' | 'disk';

/** How long a batch takes, in microseconds since it was handed over. */
export interface WriteDelay {
  /** From then on it is in the file: a killed gateway leaves it there though it never heard so. At most `answeredUs`. */
  readonly writtenUs: number;
  /** Then it is synced (the disk's file) and its answers are heard. */
  readonly answeredUs: number;
}

/**
 * What may be wrong with a file: `stalled` neither writes nor answers until it is released, the others refuse every batch,
 * which is asked again. A slow file is a matter of its delay.
 */
export type StoreTrouble = 'full' | 'failing' | 'read-only' | 'busy' | 'stalled';

/** What SQLite says to each. */
export const TROUBLE_CODES: Readonly<Record<Exclude<StoreTrouble, 'stalled'>, string>> = {
  full: 'SQLITE_FULL',
  failing: 'SQLITE_IOERR',
  'read-only': 'SQLITE_READONLY',
  busy: 'SQLITE_BUSY',
};
