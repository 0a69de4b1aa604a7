/** What the boards of a pair speak, as the program uses it: a profile with what the file says instead, times in microseconds. */
export type ProtocolConfig = HarnessProtocol | LinesProtocol | ModbusProtocol;

/** The wire of the firmware harness: it says all of it itself. */
export interface HarnessProtocol {
  readonly dialect: 'harness';
}

/** Dialects that profiles are of. */
export const PROFILE_DIALECTS = ['lines', 'modbus'] as const;

/** How the end of an answer is known. `line`: each line that is nothing else is one. */
export const ANSWER_ENDS = ['done', 'line', 'prompt'] as const;

/** A board that is given lines and answers them. Patterns are as in src/protocol/lines/pattern-syntax.ts; null: there is none. */
export interface LinesProtocol {
  readonly dialect: 'lines';
  readonly profile: string;
  readonly answerEnds: (typeof ANSWER_ENDS)[number];
  /** Ends a line of the board's; a character is a byte. */
  readonly delimiter: string;
  /** Goes behind each line to the board; a character is a byte. */
  readonly lineEnd: string;
  /** A line that ends an answer. */
  readonly done: string | null;
  /** A line that ends an answer: the board refuses. */
  readonly error: string | null;
  /** A line that ends an answer: the board has not taken what it was given. */
  readonly notTaken: string | null;
  /** Lines of an answer before its end; null: all that are nothing else. */
  readonly answer: string | null;
  /** What the board says unasked. */
  readonly push: string | null;
  /** What it says when it starts. */
  readonly banner: string | null;
  /** What it says while it works. */
  readonly keepAlive: string | null;
  /** What stands, without a line's end, where the board waits for the next line. */
  readonly prompt: string | null;
  /** An answer that a prompt ends is whole when nothing has come behind it for so long. */
  readonly promptQuietUs: number;
  /** After its banner, what a board says until it was silent for so long belongs to its start. */
  readonly startQuietUs: number;
  /** Not compared: what their groups captured, or, where a pattern has none, all that it matches. */
  readonly ignore: readonly string[];
  readonly tolerances: readonly TextField[];
  /** Lines whose answers two boards must have in common before they are a pair. */
  readonly identity: readonly string[];
  /** A harmless line by which a board shows that it is there; null: the first of `identity`. */
  readonly probe: string | null;
  /** Lines that may be given a second time: they only ask. Null: none. */
  readonly mayRepeat: string | null;
  /** So many lines, or bytes of the board's receive buffer, may be unanswered at once. */
  readonly window: { readonly of: 'lines' | 'bytes'; readonly most: number };
  /** Longest line to a board and from one, without its end, in bytes. */
  readonly maxLineBytes: number;
  readonly maxAnswerBytes: number;
  /** Null: an answer may take as long as it likes. */
  readonly deadlineUs: number | null;
  /** Null: nothing is said of it. */
  readonly resync: ResyncConfig | null;
  readonly settleUs: number;
  /** Said upstream of what the gateway does not give to a board; REASON stands for why. Empty: nothing is said. */
  readonly refusal: string;
}

/** A number in an answer's text. */
export interface TextField {
  readonly name: string;
  readonly unit: string;
  /** Its first group is the number. */
  readonly pattern: string;
  /** Two boards may differ by so much; it is not compared otherwise. */
  readonly tolerance: number;
}

/** What a joining board is given again. */
export interface ResyncConfig {
  /** From where in the ledger: its beginning, the last line that matches a pattern, or nothing at all. */
  readonly from: 'start' | 'none' | { readonly pattern: string };
  readonly pace: 'full' | 'recorded';
  /** Lines that come first. */
  readonly preamble: readonly string[];
}

export const REGISTER_SPACES = ['holding', 'input', 'coils', 'discrete'] as const;
export type RegisterSpace = (typeof REGISTER_SPACES)[number];

/** By their addresses on the wire, from 0; both ends belong to it. */
export interface RegisterRange {
  readonly space: RegisterSpace;
  readonly first: number;
  readonly last: number;
}

export const REGISTER_TYPES = ['u16', 'i16', 'u32', 'i32', 'f32'] as const;

/** A number in one register or two. */
export interface RegisterField {
  readonly name: string;
  readonly unit: string;
  readonly space: 'holding' | 'input';
  readonly address: number;
  readonly type: (typeof REGISTER_TYPES)[number];
  /** Which of two registers comes first; in each of them it is always the high byte. */
  readonly wordOrder: 'high-first' | 'low-first';
  readonly scale: number;
  /** Two boards may differ by so much, in units. */
  readonly tolerance: number;
}

/** Bytes of a PDU behind its function code: always so many, or `countAt` names the byte (0: the one behind the code) that counts what follows it. */
export type PduLength = { readonly bytes: number } | { readonly countAt: number };

/** A Modbus RTU slave. */
export interface ModbusProtocol {
  readonly dialect: 'modbus';
  readonly profile: string;
  readonly deadlineUs: number;
  /** A broadcast counts as done after so long. */
  readonly turnaroundUs: number;
  /** An answer leaves on RTU no later than this after its request. */
  readonly answerWithinUs: number;
  /** Own reads and copies end when nothing was asked for so long; null: three usual periods. */
  readonly upstreamSilenceUs: number | null;
  /** Who is given copies of reads. */
  readonly readFrom: 'both' | 'primary';
  /** By which function both slaves are asked who they are, at every join; null: they are not asked. */
  readonly identity: 'device' | 'server-id' | null;
  /** Lengths of function codes beyond those that are known. */
  readonly codes: ReadonlyMap<number, { readonly request: PduLength; readonly answer: PduLength }>;
  /** Never asked a second time. */
  readonly clearOnRead: readonly RegisterRange[];
  /** A write that is unanswered at a takeover waits for a person. */
  readonly pulse: readonly RegisterRange[];
  /** Read of both boards by the gateway itself, and compared. */
  readonly watch: readonly RegisterRange[];
  /** They read back what was last written. */
  readonly written: readonly RegisterRange[];
  /** A register that only a restart makes smaller. */
  readonly restartSign: RegisterField | null;
  /** Copied to a board that joins, in this order. */
  readonly joinCopy: readonly RegisterRange[];
  /** Not compared. */
  readonly ignore: readonly RegisterRange[];
  readonly tolerances: readonly RegisterField[];
  /**
   * Where a slave is asked whether it is there: one address. Null: the first of `watch`, else the restart sign, else holding register 0.
   * What is compared while nothing else is asked is `watch` and the sign; where there are neither, it is this that is read, and not compared.
   */
  readonly probe: RegisterRange | null;
  readonly settleUs: number;
}
