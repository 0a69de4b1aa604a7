import type { InputKind, InputRow } from '../result/ledger-rows.js';
import type { BoardId, FromBoard, ResultPart, Seq } from '../result/messages.js';
import type { FaultDetail } from './effects.js';
import type { ImageFacts, StateConverted } from './update-state.js';

/** Everything the core can hear. Time comes inside (`atUs`, monotonic microseconds); there is no other clock. */
export type TimedPairEvent = { readonly atUs: number } & PairEvent;

export type PairEvent =
  /** The state has been restored from the ledger; everything begins here. */
  | { readonly type: 'started'; readonly mistake?: OwnMistake }
  /** Somebody upstream wants work done. `ref` names it for the answer and for a repeat (R23). */
  | { readonly type: 'inputArrived'; readonly ref: string; readonly kind: InputKind; readonly payload: Uint8Array }
  /** `resets`: opening its port may have restarted the board, which is then no fault of its own. */
  | { readonly type: 'linkOpened'; readonly board: BoardId; readonly resets?: boolean }
  | { readonly type: 'linkLost'; readonly board: BoardId; readonly reason: string }
  | { readonly type: 'messageReceived'; readonly board: BoardId; readonly session: number; readonly message: FromBoard }
  | LedgerAnswer
  /** A person wants something; `ref` names the request for its answer (`commandDone`, `commandRefused`). */
  | ({ readonly type: 'commandAsked'; readonly ref: string } & Command)
  /** The answer's bytes have left; only now may the ledger call it emitted. */
  | { readonly type: 'answerSent'; readonly seq: Seq }
  /** The relay stands at this board: proved by feedback, or the settle time is over where there is none. */
  | { readonly type: 'relayMoved'; readonly to: BoardId; readonly proved: boolean }
  /** The relay did not follow, after its retries (R13). */
  | { readonly type: 'relayStuck'; readonly to: BoardId }
  /** A converter has ended (R26). */
  | ({ readonly type: 'stateConverted' } & StateConverted)
  /** The flasher has ended: the board has its new program, or `failure` says why not. */
  | { readonly type: 'boardFlashed'; readonly board: BoardId; readonly failure: string | null }
  /** A file of the ledger cannot be written: memory stands in for it, and what it holds dies with the gateway (R17). */
  | ({ readonly type: 'recordingLost' } & LostRecording)
  /** It is written again, and has what memory held but for what was dropped for room. */
  | {
      readonly type: 'recordedAgain';
      readonly file: LedgerFile;
      readonly droppedInputs: number;
      readonly droppedFaults: number;
    }
  /** Our own event loop (or the host) stood still for so long: not the boards' time (R14). */
  | { readonly type: 'loopStalled'; readonly stalledUs: number }
  | { readonly type: 'timePassed' };

/** The gateway before this one found a mistake of its own, and ended for it (R30). */
export interface OwnMistake {
  /** So had the one before it, and neither had lived for long: another fresh start would go the same way. */
  readonly again: boolean;
  readonly evidence: FaultDetail;
}

/**
 * `switch`: a planned change of primary (R26); `rejoin`: let a board in that is kept out, or try again now (R25);
 * `resume`: go on after a stop; `retry`, `drop`: what to do with a quarantined input, `accept`: the
 * primary's own result counts where it differs from the committed one (R22); `update-begin`: flash a board, `update-accept`: make it the primary though its program differs in these fields, `update-abandon`: keep it out (R26).
 */
export type Command =
  | { readonly command: 'switch' }
  | { readonly command: 'rejoin'; readonly board: BoardId }
  | { readonly command: 'resume' }
  | { readonly command: 'retry'; readonly seq: Seq }
  | { readonly command: 'drop'; readonly seq: Seq }
  | { readonly command: 'accept'; readonly seq: Seq }
  | {
      readonly command: 'update-begin';
      readonly board: BoardId;
      /** The file to flash. */
      readonly image: string;
      /** What the image will say of itself; null: not known. */
      readonly facts: ImageFacts | null;
      /** A program that makes the new layout of the state out of the old one; null: none. */
      readonly converter: string | null;
      /** Inputs that both programs are compared on before anybody may accept the new one. */
      readonly comparisons: number;
    }
  /** `fields`: in what they differ, as the person has seen it. */
  | { readonly command: 'update-accept'; readonly fields: readonly string[] }
  | { readonly command: 'update-abandon' };

/** `ledger`: the file that outlives the host; `journal`: the one that outlives the gateway, and decides, where there are two. */
export type LedgerFile = 'ledger' | 'journal';

export interface LostRecording {
  readonly file: LedgerFile;
  readonly path: string;
  /** A word for what is wrong, such as `SQLITE_FULL`, and what the system said. */
  readonly cause: string;
  readonly said: string;
  /** The promise that is not held meanwhile. */
  readonly durability: 'process' | 'power';
}

/** What the ledger answers; the ledger decides races, the core hears the outcome. */
export type LedgerAnswer =
  | { readonly type: 'seqsReserved'; readonly throughSeq: Seq }
  | { readonly type: 'inputRecorded'; readonly seq: Seq }
  /** The ref is known already: `seq` was not used; `answer` is what was committed for it, null when it is still in work. */
  | {
      readonly type: 'inputKnown';
      readonly seq: Seq;
      readonly ref: string;
      readonly knownSeq: Seq;
      readonly answer: readonly ResultPart[] | null;
    }
  /** The ref stands for another payload already: `seq` was not used. */
  | { readonly type: 'refUsed'; readonly seq: Seq; readonly ref: string }
  /** A person dropped what boards died of under this ref: `seq` was not used, and nobody is to die of it again (R22). */
  | { readonly type: 'refDropped'; readonly seq: Seq; readonly ref: string }
  | {
      readonly type: 'commitAnswered';
      readonly board: BoardId;
      readonly session: number;
      readonly seq: Seq;
      readonly hash: number;
      readonly outcome: CommitOutcome;
    }
  | { readonly type: 'doneRecorded'; readonly board: BoardId; readonly seq: Seq }
  /** What was committed after `after`, in the order of execution; null: the ledger no longer has all of it (R25). */
  | {
      readonly type: 'historyRead';
      readonly board: BoardId;
      readonly after: number;
      readonly inputs: readonly InputRow[] | null;
    }
  /** The fence transaction is in; `inputs` are the unfinished ones as that very transaction saw them (R12). */
  | {
      readonly type: 'fenceRecorded';
      readonly epoch: number;
      readonly owner: BoardId;
      readonly inputs: readonly InputRow[];
    };

/**
 * `granted`; `locked-out`: the constraint refused a board that is fenced; `not-owner`: a first commit by a board without
 * the lease; `different`: the seq is committed with another hash.
 */
export type CommitOutcome = 'granted' | 'locked-out' | 'not-owner' | 'different';
