import type { Command } from 'commander';
import { unknownSubcommand } from '../arguments/unknown-subcommand.js';
import type { ExitCode } from '../terminal/report-failure.js';
import type { FaultsOptions } from './faults.js';

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
    .option('--all', 'closed ones too')
    .allowExcessArguments(true)
    .action(async (options: FaultsOptions, list: Command) => {
      // The default command also gets what was meant as the name of another one.
      const [unknown] = list.args;
      if (unknown !== undefined) throw unknownSubcommand('faults', unknown, COMMANDS);
      finish((await import('./faults.js')).listFaults(options));
    });
  command('show', 'tell one as a story')
    .argument('<id>', 'its number')
    .action(async (id: string, options: FaultsOptions) => finish((await import('./faults.js')).showFault(id, options)));
  command('close', 'mark one as dealt with')
    .argument('<id>', 'its number')
    .action(async (id: string, options: FaultsOptions) =>
      finish((await import('./faults.js')).closeFault(id, options)),
    );
  command('export', 'print all of them, one JSON object a line, oldest first').action(async (options: FaultsOptions) =>
    finish((await import('./faults.js')).exportFaults(options)),
  );
  command('stats', 'the ledger in figures').action(async (options: FaultsOptions) =>
    finish((await import('./faults.js')).showStats(options)),
  );
}
