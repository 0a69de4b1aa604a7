import type { BenchBoard, BoardName } from '../bench-board.js';
import type { RelayOptions } from '../relay-model.js';
import type { HeaterImage } from './heater-image.js';

/** What a stage is made of, where it is not as usual. */
export interface StageSetup {
  /** Keys of the configuration file that differ from the bench's own. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly relayConfig?: Readonly<Record<string, unknown>>;
  readonly relay?: RelayOptions;
  readonly client?: { readonly inFlight?: number; readonly paceUs?: number };
  /** What the emulated Unos run; `heater` when not given. */
  readonly image?: HeaterImage;
  /** Boards of another kind than the emulated Unos. */
  readonly boards?: () => Readonly<Record<BoardName, BenchBoard>>;
}
