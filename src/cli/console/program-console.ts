import type { Command } from 'commander';
import type { ExitCode } from '../terminal/report-failure.js';
import type { ConsoleArguments } from './console.js';

const collect = (one: string, before: readonly string[] = []): readonly string[] => [...before, one];

/** copycat console. */
export function addConsole(command: Command, version: string, finish: (code: ExitCode) => void): void {
  command
    .argument('[file...]', 'configurations of the pairs')
    .option(
      '-c, --config <file>',
      'configuration of a pair; again for each further one (default: ./copycat.yaml and those of all services)',
      collect,
    )
    .option('--listen <address>', 'where it is served: an address and a port, or unix: and a path', '127.0.0.1:8080')
    .option('--host <name>', 'a further name by which browsers come; again for each', collect)
    .action(async (files: readonly string[], options: ConsoleArguments) => {
      const { serve } = await import('./console.js');
      finish(await serve(files, options, version));
    });
}
