/** What a third copy's thread begins with. */
export interface ThirdCopyStart {
  /** The program as Intel HEX. */
  readonly hex: string;
  /** The name of the microcontroller it is for; an ATmega328P when not given. */
  readonly mcu?: string;
  /** Decides what its memory wakes up with, and so its boot number: another one for every life. */
  readonly seed: number;
  /** A program that never sleeps counts as waiting after so long without a byte either way; board time. */
  readonly quietUs: number;
  /** A board that has not come to rest after so long never will, and would only heat the host; board time. */
  readonly mostUnrestUs: number;
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
