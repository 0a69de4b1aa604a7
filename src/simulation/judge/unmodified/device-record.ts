import type { ResultEnding } from '../../../pair/result/messages.js';
import type { RefusalReason } from '../../../pair/state/effects.js';
import type { DeviceWork } from '../../unmodified/device-work.js';
import type { BoardName } from '../../world/world.js';

/** The gateway gave an input to a board. */
export interface Giving {
  readonly board: BoardName;
  /** The life that it led. */
  readonly life: number;
  /** It had the lease. */
  readonly isLeading: boolean;
  /** Power cuts and lost tails before it: what a ledger forgets may be done again (docs/ledger.md). */
  readonly cuts: number;
}

/** A link has told the gateway a board's answer. */
export interface Told extends Giving {
  readonly text: string;
  readonly ending: ResultEnding | null;
}

/** A board has carried it out. */
export interface CarriedOut {
  readonly board: BoardName;
  readonly life: number;
}

/** All that was seen of one input of the client. */
export interface DeviceRecord {
  readonly work: DeviceWork;
  /** Numbers that it has had: more than one only where a ledger has lost the first. */
  readonly seqs: Set<number>;
  readonly givings: Giving[];
  readonly told: Told[];
  readonly carriedOut: CarriedOut[];
  readonly answers: { readonly text: string; readonly repeat: boolean; readonly cuts: number }[];
  refused: RefusalReason | null;
  /** A person wants it tried again. */
  isReleased: boolean;
  /** A person has given it up. */
  isDropped: boolean;
  /** Decided in favour of another board than the one that had answered: who asks again is given that (docs/decisions.md). */
  isArbitrated: boolean;
  /** The ledger has a result of it. */
  isCommitted: boolean;
  /** A gateway died while a board had it in its hands, and may have carried it out; or who waits for it was told so. */
  isInDoubt: boolean;
  /** A fault has named it as what a board may have carried out. */
  isDoubtTold: boolean;
  /** Its place among all that was carried out; -1: it was not. */
  order: number;
}

export function newRecord(work: DeviceWork): DeviceRecord {
  return {
    work,
    seqs: new Set(),
    givings: [],
    told: [],
    carriedOut: [],
    answers: [],
    refused: null,
    isReleased: false,
    isDropped: false,
    isArbitrated: false,
    isCommitted: false,
    isInDoubt: false,
    isDoubtTold: false,
    order: -1,
  };
}

export function textOf(bodies: readonly Uint8Array[]): string {
  return bodies.map((body) => body.join(',')).join(' ');
}
