import { readStatus } from '../../api/socket/read-status.js';
import { WallClock } from '../../clock/clock.js';
import type { Status } from '../../control/contract/status.js';
import { LogLimit } from '../../gateway/log/log-limit.js';
import { errorColours as colours, printError } from '../terminal/terminal.js';
import { clockTime } from '../terminal/time-text.js';
import { printLogLine } from './run-words.js';

const POLL_EVERY_MS = 1000;

/** Says on standard error whether the pair is protected, and whenever that changes; not for ever, where it flaps. */
export function reportProtection(controlPath: string, isTerminal: boolean): { stop(): void } {
  const say = (isGood: boolean, text: string, facts: object): void => {
    if (isTerminal) printError(`${clockTime(new Date())} ${coloured(text)}`);
    else printLogLine(isGood ? 'info' : 'warn', text, { ...facts });
  };
  const limit = new LogLimit(new WallClock(), (leftOut) =>
    say(true, `${leftOut} changes of its state left out`, { leftOut }),
  );
  let last = '';
  let isEnded = false;
  const look = async (): Promise<void> => {
    const said = await readStatus(controlPath).then(protectionText, silenceText);
    if (isEnded || said === null) return;
    const [isProtected, text] = said;
    // How far a board has got is no change of its own: `copycat status` tells it.
    const kind = text.replace(/\d+ of \d+/, '');
    if (kind === last) return;
    last = kind;
    if (limit.admit(text)) say(isProtected, text, { protected: isProtected });
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

/** Null: it goes on, and what is under way is told when it is over. */
function protectionText({ protected: isProtected, phase, why, primary }: Status): [boolean, string] | null {
  if (isProtected && phase !== 'serving') return null;
  return [isProtected, `${isProtected ? 'PROTECTED' : 'NOT PROTECTED'} · ${why}; board ${primary} drives`];
}

function silenceText(error: unknown): [boolean, string] {
  return [false, `the gateway gives no status: ${error instanceof Error ? error.message : String(error)}`];
}

function coloured(text: string): string {
  return text
    .replace(/^PROTECTED/, (word) => colours.green(word))
    .replace(/^(?:NOT PROTECTED|the gateway gives no status.*)/, (word) => colours.red(word));
}
