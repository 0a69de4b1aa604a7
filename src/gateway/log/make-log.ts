import { type DestinationStream, type Logger, pino } from 'pino';
import type { Clock } from '../../clock/clock.js';
import { LOG_LIMITS, LogLimit } from './log-limit.js';

/** Of pino. */
const FATAL = 60;

/** Of all that boards say together; of a kind it is as much as of the gateway's own lines. */
const BOARD_LIMITS = { ...LOG_LIMITS, together: { burst: 100, everyUs: 1_000_000 } };

export interface GatewayLog {
  readonly log: Logger;
  /** Writes what is still to be said. */
  close(): void;
}

/** The gateway's log: JSON lines to `logTo`, of which no loop can write more than a few a second. */
export function makeLog(logTo: DestinationStream, clock: Clock): GatewayLog {
  const limit = new LogLimit(clock, (leftOut) => unlimited.warn({ leftOut }, 'lines left out that came too often'));
  // A sketch that talks without end must not use up what a takeover's lines need.
  const boardLimit = new LogLimit(
    clock,
    (leftOut) => unlimited.info({ leftOut }, 'lines of boards left out that came too often; copycat log has them'),
    BOARD_LIMITS,
  );
  const base = { base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const unlimited = pino(base, logTo);
  const log = pino(
    {
      ...base,
      hooks: {
        logMethod(args, method, level) {
          // What ends the process is always said.
          if (level >= FATAL || (isOfBoard(args) ? boardLimit : limit).admit(kindOf(args))) method.apply(this, args);
        },
      },
    },
    logTo,
  );
  return {
    log,
    close: () => {
      limit.close();
      boardLimit.close();
    },
  };
}

/** Of which board, and what: also the words of a board's own log. */
function kindOf(args: readonly unknown[]): string {
  const [facts, message] = args;
  if (typeof facts !== 'object' || facts === null) return String(facts);
  const { board, kind, reason, text } = facts as Readonly<Record<string, unknown>>;
  return [board, kind, reason, text, message].map((part) => (typeof part === 'string' ? part : '')).join(' ');
}

/** What `cc_log` of a sketch said (log-lines.ts). */
function isOfBoard([facts]: readonly unknown[]): boolean {
  return typeof facts === 'object' && facts !== null && 'kind' in facts && facts.kind === 'log';
}
