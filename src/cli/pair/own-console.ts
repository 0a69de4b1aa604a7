import { resolve } from 'node:path';
import { WallClock } from '../../clock/clock.js';
import type { Config } from '../../config/config.js';
import { ConsoleProcess } from '../../console/process/console-process.js';
import type { RunWords } from './run-words.js';

/**
 * The console of this pair alone, where its configuration asks for one: a process beside the gateway, which is started again when it ends,
 * and ends with it (R32). Null: none is asked for.
 */
export function beginConsole({ console }: Config, file: string, words: RunWords): { close(): void } | null {
  if (console === null) return null;
  let told = '';
  return new ConsoleProcess(
    { files: [resolve(file)], ...console },
    {
      onListening: (address) => {
        words.say(`the console is at ${address}`);
        told = '';
      },
      // What comes again after every start is said once.
      onTrouble: (trouble) => {
        if (trouble !== told)
          words.say(`${trouble}; the console is started again, and the pair goes on without it`, 'warn');
        told = trouble;
      },
    },
    new WallClock(),
  );
}
