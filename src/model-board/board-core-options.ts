import type { FromBoardMessage, HelloResetCause } from '../protocol/messages.generated.js';
import type { ScriptedApplication } from './board-application.js';
import type { BoardOutputs } from './board-outputs.js';
import type { BoardDefects } from './board-self-test.js';
import type { ExecutionOrder } from './execution-order.js';

/** What one life of a scripted board is made of. */
export interface BoardCoreOptions {
  readonly application: ScriptedApplication;
  readonly window: number;
  readonly order: ExecutionOrder;
  readonly outputs: BoardOutputs;
  /** Which board it is, whatever it runs; 0: it cannot tell. */
  readonly unit: number;
  readonly boot: number;
  readonly resetCause: HelloResetCause;
  readonly silenceUs: number;
  readonly silencePolicy: 'safe' | 'hold';
  readonly rxBytes: number;
  /** It neither gives nor takes a state; absent: it does. */
  readonly replays?: boolean;
  /** A result without COMMIT is said again after this long; absent: as the firmware does it. */
  readonly repeatUs?: number;
  readonly defects: BoardDefects;
  /** True when a whole frame finds room. */
  readonly canSend: () => boolean;
  readonly send: (message: FromBoardMessage) => void;
  readonly restart: () => void;
  readonly readOwnSource: () => number;
}
