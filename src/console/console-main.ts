/**
 * The console's own process. Who starts it says how in its first argument, hears where it listens on its standard output, and ends it
 * by closing its standard input, or by ending itself.
 */
import { writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { CopycatError } from '../errors/copycat-error.js';
import type { ConsoleOptions } from './console-options.js';
import type { ConsoleSays } from './process/console-says.js';
import { serveConsole } from './serve-console.js';

/** The gateway may have been given more than others (Nice=-5 of the service): who looks on is to have less. */
const LEAST_PRIORITY = 10;
/** When memory runs out it is ended before the gateway is. */
const FIRST_TO_GO = '500';

function say(said: ConsoleSays): void {
  process.stdout.write(`${JSON.stringify(said)}\n`);
}

if (getPriority() < LEAST_PRIORITY) setPriority(LEAST_PRIORITY);
try {
  writeFileSync('/proc/self/oom_score_adj', FIRST_TO_GO);
} catch (error) {
  // A kernel or a container that does not have it: all the rest holds.
  if ((error as NodeJS.ErrnoException).code === undefined) throw error;
}
process.stdout.on('error', () => process.exit(0));
process.stdin.on('end', () => process.exit(0)).resume();

const options = JSON.parse(process.argv[2] ?? '{}') as ConsoleOptions; // written by ConsoleProcess
try {
  const served = await serveConsole(options, (error) => {
    say({ mistake: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  });
  say({ listening: served.address });
} catch (error) {
  if (!(error instanceof CopycatError)) throw error;
  say({ failed: error.message, expected: error.expected ?? '' });
  process.exit(1);
}
