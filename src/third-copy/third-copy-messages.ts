/** What a third copy's thread begins with. */
export interface ThirdCopyStart {
  /** The program as Intel HEX. */
  readonly hex: string;
  readonly seed: number;
  readonly quietUs: number;
}

/** To the thread: bytes for the board. */
export type ToThirdCopy = Uint8Array;

export type FromThirdCopy =
  | { readonly type: 'started' }
  /** The image is none. */
  | { readonly type: 'refused'; readonly message: string }
  | RanReport
  /** It goes on and on: its thread has ended. */
  | { readonly type: 'gaveUp'; readonly message: string };

/** The board has run for a while. */
export interface RanReport {
  readonly type: 'ran';
  /** What it has sent since the last report. */
  readonly sent: Uint8Array;
  /** Bytes it has been given since it started. */
  readonly takenBytes: number;
  /** It waits for the next byte, and its time stands still. */
  readonly isAtRest: boolean;
  /** How much of its own time has passed since it started, in microseconds. */
  readonly boardUs: number;
  /** How often it has started in this life of its thread. */
  readonly starts: number;
}
