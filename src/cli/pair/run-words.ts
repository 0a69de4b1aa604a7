import { jsonText } from '../terminal/printable.js';
import { type ExitCode, exitCodeFor, failureSentences } from '../terminal/report-failure.js';
import { printError } from '../terminal/terminal.js';

/** As pino has them. */
const LEVELS = { info: 30, warn: 40, error: 50, fatal: 60 } as const;

/** What `copycat run` itself says: sentences in a terminal, lines of JSON like those of the log where a program reads. */
export interface RunWords {
  say(sentence: string, level?: keyof typeof LEVELS): void;
  /** Why it ended. */
  fail(error: unknown): ExitCode;
}

export function runWords(isTerminal: boolean): RunWords {
  const say: RunWords['say'] = (sentence, level = 'info') => {
    if (isTerminal) printError(`copycat: ${sentence}`);
    else printLogLine(level, sentence);
  };
  return {
    say,
    fail(error) {
      for (const sentence of failureSentences(error)) say(sentence, 'fatal');
      return exitCodeFor(error);
    },
  };
}

/** A line of JSON, as those of the gateway's log are. */
export function printLogLine(
  level: keyof typeof LEVELS,
  msg: string,
  facts: Readonly<Record<string, unknown>> = {},
): void {
  printError(jsonText({ level: LEVELS[level], time: new Date().toISOString(), ...facts, msg }));
}
