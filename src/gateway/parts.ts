import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.js';
import type { BoardConfig, ThirdCopyConfig } from '../config/config.js';
import type { PortStatus } from '../control/contract/port-status.js';
import type { LogStatus } from '../control/contract/status.js';
import type { Lines } from '../hardware/lines/lines.js';
import type { StorageDelay } from '../ledger/client/slow-port.js';
import type { WorkInFlight } from '../ledger/work-in-flight.js';
import type { Dialect } from '../link/dialect.js';
import type { FrameSession } from '../link/frame-session.js';

/** What was started, for the record. */
export interface Began {
  /** As `copycat --version` says it. */
  readonly version: string;
  /** SHA-256 of the configuration file; empty: it was none that could be read again. */
  readonly configHash: string;
}

/** What a gateway is built from besides its configuration. The bench gives it another clock and other lines. */
export interface GatewayParts {
  readonly clock: Clock;
  /** Relay, feedback and whatever else hangs on single wires. The gateway closes them. */
  readonly lines: Lines;
  /** `dialect`: what the board speaks, by which what comes is cut. */
  readonly openSession: (board: BoardConfig, dialect: Dialect) => Promise<FrameSession>;
  /**
   * What is known of a board's port; null: nobody has asked for it yet. Whoever knows it also tells what changes in the
   * log. Absent where ports have nothing that could be known.
   */
  readonly portOf?: (board: string) => PortStatus | null;
  /** Starts the third copy with new memory; called again when it has ended. */
  readonly openThirdCopy: (thirdCopy: ThirdCopyConfig) => Promise<FrameSession>;
  /**
   * Gives a board a program; its port is closed meanwhile. Resolves when the program runs, rejects with FLASH_FAILED and
   * what the flasher said.
   */
  readonly flash: (board: BoardConfig, image: string) => Promise<void>;
  /** Why a board cannot be given an image, asked before anything is done for it; null: nothing is known. Absent: never. */
  readonly flashTrouble?: (board: BoardConfig, image: string) => string | null;
  readonly log: Logger;
  /** Absent: of this life no record is kept, as on the bench. */
  readonly began?: Began;
  /** What of the log did not get to whoever reads it; absent where nobody counts that. */
  readonly logStatus?: () => LogStatus;
  /** What is wrong with how the host is fed or cooled; null: nothing. Asked with every fault; absent: never. */
  readonly readHostTrouble?: () => string | null;
  /** What the start is at, for whoever asks meanwhile: `the ledger`. */
  readonly waitsFor?: (what: string) => void;
  /** Aborted: the start is given up, and what it has opened is closed. Afterwards nobody looks at it. */
  readonly ended?: AbortSignal;
  /** A disk that is slower than the host's, for the bench. */
  readonly storageDelay?: StorageDelay;
  /** Counts what the threads of the ledger owe, for the bench. */
  readonly workInFlight?: WorkInFlight;
  /**
   * Ends the process. Called for a mistake of ours, after it was logged: what the core believes can then no longer be
   * trusted, and a start from the ledger takes the running boards back as they are (R27).
   */
  readonly end: () => void;
}
