import type { NumberInText } from '../../protocol/lines/compared-text.js';
import type { LinePatterns } from '../../protocol/lines/line-kind.js';

/** What is known of boards that answer lines. Patterns as in src/protocol/lines/pattern-syntax.ts; null: there is none. */
export interface LinesOptions extends LinePatterns {
  /** What ends an answer: a line of a pattern (`done`, `error`, `notTaken`), each line that is nothing else, or a prompt. */
  readonly answerEnds: 'done' | 'line' | 'prompt';
  /** A character is a byte; at least one. */
  readonly delimiter: string;
  /** Goes behind each line to the board; a character is a byte. */
  readonly lineEnd: string;
  readonly prompt: string | null;
  /** An answer that a prompt ends is whole when nothing has come behind it for so long. */
  readonly promptQuietUs: number;
  /** What a board says after its banner, until it is silent for so long, is nobody's; so too where order was lost. */
  readonly startQuietUs: number;
  readonly ignore: readonly string[];
  readonly tolerances: readonly NumberInText[];
  /** Lines that only ask. */
  readonly identity: readonly string[];
  readonly probe: string | null;
  /** Lines that may be given again. */
  readonly mayRepeat: string | null;
  readonly window: { readonly of: 'lines' | 'bytes'; readonly most: number };
  readonly maxLineBytes: number;
  readonly maxAnswerBytes: number;
  /** Null: an answer may take as long as it likes. */
  readonly deadlineUs: number | null;
  /** What a board that joins is given once more; null: nothing. */
  readonly resync: {
    /** `start`: all since its own start; a pattern: what comes from the last line on that it matches. */
    readonly from: 'start' | 'none' | { readonly pattern: string };
    readonly pace: 'full' | 'recorded';
    readonly preamble: readonly string[];
  } | null;
  /** Said of a line that cannot be given; REASON stands for why. Empty: nothing. */
  readonly refusal: string;
}

/** A question of the gateway's own that nobody answers is asked again after so long at the earliest. */
export const QUESTION_US = 1_000_000;

/** Of boards whose window is in bytes: inputs that may be in work at once. */
const MOST_INPUTS = 64;

export function mostInputs({ window }: LinesOptions): number {
  return window.of === 'lines' ? window.most : MOST_INPUTS;
}
