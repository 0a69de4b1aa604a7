import type { Command } from 'commander';
import { unknownSubcommand } from '../arguments/unknown-subcommand.js';
import { wholeNumber } from '../arguments/whole-number.js';
import type { ExitCode } from '../terminal/report-failure.js';
import type { CloseOptions, FaultsOptions, ListOptions } from './faults.js';

const COMMANDS = ['list', 'show', 'close', 'export', 'stats'];

/** The commands below `copycat faults`. */
export function addFaults(faults: Command, finish: (code: ExitCode) => void): void {
  faults.helpCommand(false);
  const command = (name: string, description: string): Command =>
    faults
      .command(name, { isDefault: name === 'list' })
      .description(description)
      .option('--ledger <file>', 'the ledger (default: that of ./copycat.yaml, else of the last bench)')
      .option('-c, --config <file>', 'the configuration that names the ledger')
      .option('--scenario <name>', 'only those that this scenario of the last bench made')
      .option('--json', 'print JSON');
  command('list', 'list them, newest first; those of a bench in the order of its scenarios')
    .option('--all', 'closed ones and events too')
    .option('--events', 'events too, dimmed: what was planned (switchovers, tests of the relay, restarts, updates)')
    .option('--since <when>', 'only what came since: 90s, 10min, 2h, 3d or 1w ago, a date, a time of day')
    .option('--board <name>', 'only those of this board')
    .option('--limit <n>', 'most to list', wholeNumber(1, 1_000_000))
    .allowExcessArguments(true)
    .action(async (options: ListOptions, list: Command) => {
      // The default command also gets what was meant as the name of another one.
      const [unknown] = list.args;
      if (unknown !== undefined) throw unknownSubcommand('faults', unknown, COMMANDS);
      finish((await import('./faults.js')).listFaults(options));
    });
  command('show', 'tell one as a story')
    .argument('<id>', 'its number')
    .action(async (id: string, options: FaultsOptions) => finish((await import('./faults.js')).showFault(id, options)));
  command('close', 'mark faults as dealt with')
    .argument('<ids...>', 'their numbers, or all: every one that is open')
    .option('--by <name>', 'who closes them (default: the user of this machine)')
    .option('--note <text>', 'what was found and done')
    .action(async (ids: string[], options: CloseOptions) =>
      finish((await import('./faults.js')).closeFaultsOf(ids, options)),
    );
  command('export', 'print all of them, one JSON object a line, oldest first').action(async (options: FaultsOptions) =>
    finish((await import('./faults.js')).exportFaults(options)),
  );
  command('stats', 'the ledger in figures').action(async (options: FaultsOptions) =>
    finish((await import('./faults.js')).showStats(options)),
  );
}
