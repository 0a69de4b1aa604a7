/** What a link has seen since the gateway started. */
export interface LinkCounters {
  readonly framesIn: number;
  readonly framesOut: number;
  readonly badCrc: number;
  readonly badCobs: number;
  readonly tooShort: number;
  readonly overlong: number;
  /** Bytes that a guard before the decoder dropped. */
  readonly overlongBytes: number;
  /** Frames of no known type, with a body that is not its type's, or that only a gateway sends. */
  readonly unknownType: number;
  /** Results that were begun and never ended. */
  readonly halfResults: number;
  /** Whole answers that came when nobody could say any more what they answer, or to what had been given up: dropped. */
  readonly lateAnswers: number;
  readonly droppedWrites: number;
  readonly opens: number;
  /** Tries to open, those that failed too: grows for as long as the board is looked for. */
  readonly openAttempts: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
export type LinkCounts = Mutable<LinkCounters>;

export function noCounts(): LinkCounts {
  return {
    framesIn: 0,
    framesOut: 0,
    badCrc: 0,
    badCobs: 0,
    tooShort: 0,
    overlong: 0,
    overlongBytes: 0,
    unknownType: 0,
    halfResults: 0,
    lateAnswers: 0,
    droppedWrites: 0,
    opens: 0,
    openAttempts: 0,
  };
}

/** What has come and was no message of the board's protocol. */
export function strayFrames(counts: LinkCounters): number {
  const { badCrc, badCobs, tooShort, overlong, unknownType } = counts;
  return badCrc + badCobs + tooShort + overlong + unknownType;
}
