import type { Clock } from '../../clock/clock.js';
import type { BoardConfig } from '../../config/config.js';
import type { WorkInFlight } from '../../ledger/work-in-flight.js';
import type { Dialect } from '../../link/dialect.js';
import type { SerialSession } from '../../serial/session/serial-session.js';
import type { BenchIo } from './bench-io.js';

/** What a gateway on the bench has in place of its host: a clock, lines and ports. */
export interface BenchHost {
  readonly clock: Clock;
  readonly io: BenchIo;
  /** Opens the port of the first board (0) or the second. Rejects with PORT_UNAVAILABLE. */
  readonly openSession: (board: BoardConfig, port: 0 | 1, dialect: Dialect) => Promise<SerialSession>;
  /** Is told what the ledger's threads owe. */
  readonly threads: WorkInFlight;
  /** The gateway is closed: nothing more is heard of the world. */
  readonly close: () => void;
}

/** What the bench's clock has to know of the gateway that it is for. */
export interface GatewayRest {
  readonly isThirdCopyAtRest: () => boolean;
  /** It is being started or closed. */
  readonly isInPhase: () => boolean;
}
