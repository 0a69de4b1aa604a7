import type { PlannedFault } from '../faults/fault-kinds.js';
import type { SeededChoices } from '../seeded-choices.js';
import type { AnyWorld, BoardName } from '../world/world.js';
import type { Broken, InvariantName } from './invariants.js';

/** A world of one kind of boards, and whoever watches it: what a run asks of both. */
export interface RunJudge {
  readonly world: AnyWorld;
  /** The promise that was broken first. */
  readonly broken: Broken | null;
  /** The board that has the lease, as the ledger's file has it. */
  readonly owner: string;
  /** The ledger has lost what was written to it last, and no host its power. */
  readonly hasLostTail: boolean;
  /** The states of the boards may be beyond repair: a person has both begin anew. */
  readonly mayNeedAFreshStart: boolean;
  /** What a board has answered stays with the gateway when it restarts: of a disputed result a person accepts it, or nothing goes on. */
  readonly mustAccept: boolean;
  breaks(name: InvariantName, text: string): void;
  /** Makes it happen now, and knows from then on whom it may be blamed on. */
  strike(fault: PlannedFault, name: BoardName): void;
  /** What the client asks for next. */
  payloadOf(number: number, random: SeededChoices): Uint8Array;
  /** A person has both boards begin anew. */
  startedAfresh(): void;
  /** A person comes and mends what is broken. */
  mended(): void;
  /** That person looks again, all being quiet so far or not. */
  visited(): void;
  /** Nothing more happens, and everything that was broken is repaired. */
  quiet(): void;
}
