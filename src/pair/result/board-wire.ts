import type { Verdict } from './compare.js';
import type { ResultPart } from './messages.js';

/**
 * What a board can do, as its dialect says. A board that cannot tell something leaves it out of what it says (no digest, no state
 * to give): the core goes by that, and never by which protocol the board speaks.
 */
export interface Abilities {
  /** Acts only on what it was granted (R7). */
  readonly commit: boolean;
  /** Tells a digest of its state with each result (R18). */
  readonly digest: boolean;
  /** Gives and takes its state; without it a board joins by a replay from the ledger (R25). */
  readonly state: boolean;
  /** Says which board it is, which life it leads and what it runs. */
  readonly identity: boolean;
  /** Tells a repeat, and does nothing a second time (R31). */
  readonly repeats: boolean;
  /** Answers in bounded time (R14). */
  readonly bounded: boolean;
  /** Keeps its last results, and says them again (R27). */
  readonly keeps: boolean;
}

/** What the protocol that both boards of a pair speak costs and bears. */
export interface BoardWire {
  readonly abilities: Abilities;
  /**
   * Bytes that an input in work may have in the board's receive buffer at once: what gives it and, where there is one, what
   * grants it, each perhaps not read yet.
   * @param payloadBytes of the input
   * @param observedValues that it is to compute with (R21)
   */
  readonly exchangeBytes: (payloadBytes: number, observedValues: number) => number;
  /** Sessions are numbered 1 to this, and begin again. */
  readonly sessions: number;
  /** The highest number of an input; none is used twice (R1). */
  readonly lastSeq: number;
  /** Pair time is said modulo this, in milliseconds. */
  readonly pairTimeSpanMs: number;
  /** Longest payload of an input, in bytes. */
  readonly maxPayloadBytes: number;
  /** R19: its link can find out by questions of its own that a board is not as it was left: it is asked before anybody else. Absent: it cannot. */
  readonly examines?: boolean;
  /** R14: asked for a repeat, its link sends one only where what went before is lost, and says with the answer how often that was. */
  readonly countsRepeats?: boolean;
  /** R31: of a board that cannot tell a repeat: this input it may be given a second time all the same, because it changes nothing there. */
  readonly mayRepeat: (payload: Uint8Array) => boolean;
  /** This input changes nothing, and the configuration wants no copies of such: whoever follows the primary is not given it. Absent: everything is copied. */
  readonly isReadAlone?: (payload: Uint8Array) => boolean;
  /** R31: done twice it does harm: unanswered at a takeover it is in doubt, and not given to the other board. Absent: nothing is so. */
  readonly isPulse?: (payload: Uint8Array) => boolean;
  /**
   * How two answers to one input compare, of a protocol whose answers have no values at fixed places: what is left out of them, and by how
   * much their numbers may differ (R20). Absent: as named fields of bytes, and else exactly.
   */
  readonly compareAnswers?: (
    payload: Uint8Array,
    committed: readonly ResultPart[],
    other: readonly ResultPart[],
  ) => Verdict;
  /** How a board that joins, and can be given no state, is brought to where the primary is (R25). Absent: it is compared as it stands. */
  readonly resync?: Resync;
}

/** Which inputs of the ledger a board that joins is given once more. */
export interface Resync {
  /** Where its state is known to be empty: at its own start, or at the last input of which `begins` says so. */
  readonly from: 'start' | 'last-match';
  /** Of `last-match`: with this input its state is known, whatever it was before. It is given itself, too. */
  readonly begins: (payload: Uint8Array) => boolean;
  /** What a person calls that input. */
  readonly beginsWith: string;
  /** `full`: as fast as the window takes them; `recorded`: no sooner behind one another than they were then. */
  readonly pace: 'full' | 'recorded';
  /** Payloads that come before them. */
  readonly preamble: readonly Uint8Array[];
  /** By this answer the board that was given it then has executed it. */
  readonly wasTaken: (answer: readonly ResultPart[]) => boolean;
}
