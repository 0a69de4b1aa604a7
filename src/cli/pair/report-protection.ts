import { readStatus } from '../../api/socket/read-status.js';
import { WallClock } from '../../clock/clock.js';
import type { Status } from '../../control/contract/status.js';
import { LogLimit } from '../../gateway/log/log-limit.js';
import { errorColours as colours, printError } from '../terminal/terminal.js';
import { clockTime } from '../terminal/time-text.js';

const POLL_EVERY_MS = 1000;

/** Says on standard error whether the pair is protected, and whenever that changes; not for ever, where it flaps. */
export function reportProtection(controlPath: string): { stop(): void } {
  const limit = new LogLimit(new WallClock(), (leftOut) => printError(`(${leftOut} changes of its state left out)`));
  let last = '';
  let isEnded = false;
  const look = async (): Promise<void> => {
    const text = await readStatus(controlPath).then(protectionText, (error: unknown) =>
      colours.red(`the gateway gives no status: ${error instanceof Error ? error.message : String(error)}`),
    );
    if (isEnded || text === last) return;
    last = text;
    if (limit.admit(text)) printError(`${clockTime(new Date())}  ${text}`);
  };
  let looking = look();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, POLL_EVERY_MS);
  return {
    stop() {
      isEnded = true;
      clearInterval(timer);
      limit.close();
    },
  };
}

function protectionText({ protected: isProtected, why, primary }: Status): string {
  const verdict = isProtected ? colours.green('PROTECTED') : colours.red('NOT PROTECTED');
  return `${verdict} · ${why}; board ${primary} drives`;
}
