import type { BenchBoard, BoardName } from '../bench-board.js';
import type { RelayOptions } from '../plant/relay-model.js';
import type { HeaterImage } from './heater-image.js';
import type { PairEnd } from './pair-end.js';

/** What a stage is made of, where it is not as usual. */
export interface StageSetup {
  /** Keys of the configuration file that differ from the bench's own. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly relayConfig?: Readonly<Record<string, unknown>>;
  readonly relay?: RelayOptions;
  readonly client?: {
    readonly inFlight?: number;
    readonly paceUs?: number;
    /** The inputs of the run are spread over this much emulated time at least, however few they are. */
    readonly overUs?: number;
  };
  /** What an input says, where it is not a set point and a temperature; null: those. */
  readonly payload?: (id: number) => Uint8Array | null;
  /** What the emulated Unos run; `heater` when not given. */
  readonly image?: HeaterImage;
  /** Boards, gateway and client start together; otherwise the boards are up by then, and the client waits until the pair is protected. */
  readonly startsCold?: boolean;
  /** How the pair stands in the end; a run goes on until it does, for a bounded time (R25). Protected when not given. */
  readonly ends?: PairEnd;
  /** Boards of another kind than the emulated Unos. */
  readonly boards?: () => Readonly<Record<BoardName, BenchBoard>>;
}
