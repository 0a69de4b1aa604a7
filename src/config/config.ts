import type { Field as NamedField } from '../faults/stored-fault.js';
import type { Field, SourceMap } from '../pair/fields.js';

/** The configuration as the program uses it: every default filled in, paths absolute, times in microseconds. */
export interface Config {
  readonly name: string;
  /** In the order of the file. */
  readonly boards: readonly [BoardConfig, BoardConfig];
  readonly relay: RelayConfig;
  readonly inputs: readonly InputConfig[];
  /** Board time plus wire time an input may take (R14). */
  readonly deadlineUs: number;
  /** An idle board is probed this long after its last sign of work (R16); 0: never. */
  readonly probeEveryUs: number;
  readonly maxPending: number;
  readonly maxLag: number;
  readonly maxWindow: number;
  readonly onMismatch: 'alarm' | 'switch' | 'stop';
  /** Asked of the boards when two results differ and nothing else tells (R19). */
  readonly selfTests: boolean;
  readonly commit: { readonly needs: 'primary' | 'both'; readonly ifAlone: 'go-on' | 'hold' };
  /** Null: two boards and no more. */
  readonly thirdCopy: ThirdCopyConfig | null;
  /** Longest time a takeover waits for the backup to catch up (R10). */
  readonly catchUpUs: number;
  readonly join: JoinConfig;
  readonly flapping: FlappingConfig;
  /** A planned switchover that has not drained by then is given up (R26). */
  readonly switchDrainUs: number;
  readonly ledger: LedgerConfig;
  /** Unix socket on which the command line reaches the running gateway. */
  readonly controlPath: string;
  readonly fields: NamedValues;
  /** What the boards read, in the order in which they report it (R21). */
  readonly sources: readonly SourceMap[];
  /** So many readings in a row must differ before it is a fault (R21). */
  readonly driftReadings: number;
}

/** Named values in payloads, for people; in results also for comparing and plausibility (R19, R20). */
export interface NamedValues {
  readonly input: readonly NamedField[];
  readonly result: readonly Field[];
}

export interface BoardConfig {
  readonly board: string;
  readonly kind: BoardKind;
  readonly port: PortConfig;
  readonly baudRate: number;
  /** Image for an emulated board (or to flash); absolute. */
  readonly firmware: string | null;
}

/** The boards' image once more, in an emulator on the gateway's host (R19). */
export interface ThirdCopyConfig {
  readonly board: string;
  /** Absolute. */
  readonly image: string;
}

export type BoardKind = 'uno';

/** `usb`: by the place where it is plugged in (`usb-1.2`), which does not depend on the order of plugging. */
export type PortConfig =
  | { readonly type: 'path'; readonly path: string }
  | { readonly type: 'usb'; readonly place: string }
  | { readonly type: 'emulated' };

export interface RelayConfig {
  /** `GPIO17`, or `emulated`. */
  readonly pin: string;
  /** The board that the de-energised contact connects; null: none. */
  readonly atRest: string | null;
  readonly feedback: string | null;
  readonly kind: 'changeover' | 'latching';
  readonly activeLow: boolean;
  /** From the command until the contact has surely stopped bouncing. */
  readonly settleUs: number;
  /** From the command until the contact has moved. */
  readonly operateUs: number;
  /** What keeps a locked-out board off the actuator when the gateway has no power (R13). */
  readonly holdOff: 'none' | 'latched-reset' | 'series-relay' | 'latching';
}

export type InputConfig =
  | { readonly type: 'ticks'; readonly everyUs: number }
  | { readonly type: 'tcp'; readonly host: string; readonly port: number };

/** How a board comes into the pair (R25). */
export interface JoinConfig {
  /** Clean comparisons before it counts as protecting the pair. */
  readonly comparisons: number;
  /** How long the primary may go without a pause before its inputs are held. */
  readonly patienceUs: number;
}

/** How faults of a board are counted, and what follows (R19, R25; src/pair/health.ts). */
export interface FlappingConfig {
  /** Above this score it is intermittent. */
  readonly limit: number;
  /** The half-life of the score. */
  readonly withinUs: number;
  /** Above this, counted with six times that half-life, it is permanent. */
  readonly permanent: number;
}

export interface LedgerConfig {
  readonly path: string;
  readonly durability: 'process' | 'power';
  readonly journalFolder: string;
  readonly keepInputs: number;
  readonly keepFaults: number;
}
