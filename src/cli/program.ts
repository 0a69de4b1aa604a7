import { Command, InvalidArgumentError } from 'commander';
import { type BenchArguments, bench } from './bench.js';
import { check } from './check.js';
import { closeFault, exportFaults, type FaultsOptions, listFaults, showFault, showStats } from './faults.js';
import { printSchema } from './print-schema.js';
import type { ExitCode } from './report-failure.js';
import { run } from './run.js';
import { type StatusOptions, status } from './status.js';

/** All commands and their arguments. `finish` hears the exit code of the one that ran. */
export function buildProgram(version: string, finish: (code: ExitCode) => void): Command {
  const program = new Command('copycat')
    .description('Makes a pair of ordinary microcontroller boards fault tolerant.')
    .version(version)
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'copycat: ')) })
    .addHelpText(
      'after',
      '\nExit codes: 0 it is so, 1 a promise was not held or the pair is not protected, 2 usage or configuration.',
    );

  // Settings are copied into a subcommand when it is made, so each is made from the one above it.
  const command = (name: string, description: string): Command => program.command(name).description(description);

  command('run', 'run the gateway for one pair of boards')
    .requiredOption('-c, --config <file>', 'configuration of the pair')
    .action(async (options: { readonly config: string }) => finish(await run(options)));

  command('bench', 'lose boards on purpose: the gateway on emulated boards, judged at the actuator')
    .argument('[scenario...]', 'scenarios to run; all of them when none is named')
    .option('--list', 'list the scenarios and what each promises')
    .option('--inputs <n>', 'inputs for each scenario', wholeNumber(1, 1_000_000), 500)
    .option('--seed <n>', 'seed of everything that is left to chance', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--link <model>', 'how the boards are connected: uno-16u2, ftdi-16, ftdi-1, ch340, cdc or wire', 'uno-16u2')
    .option('--json', 'print one JSON array and nothing else')
    .option('--keep <dir>', 'keep ledgers and recordings there')
    .action(async (names: readonly string[], options: BenchArguments) => finish(await bench(names, options)));

  command('status', 'say whether the pair is protected (exit code 0) or not (1)')
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)')
    .option('--watch', 'go on saying so until Ctrl-C')
    .option('--json', 'print JSON')
    .action(async (options: StatusOptions) => finish(await status(options)));

  addFaults(command('faults', 'what failed, how it was noticed, what was done, what to do now'), finish);

  command('check', 'say what is wrong with a configuration and what may surprise')
    .argument('<file>', 'the configuration file')
    .option('--json', 'print JSON')
    .action((file: string, options: { readonly json?: boolean }) => finish(check(file, options)));

  command('schema', 'print the JSON Schema of the configuration file').action(() => finish(printSchema()));

  return program;
}

function addFaults(faults: Command, finish: (code: ExitCode) => void): void {
  const command = (name: string, description: string): Command =>
    faults
      .command(name, { isDefault: name === 'list' })
      .description(description)
      .option('--ledger <file>', 'the ledger (default: that of ./copycat.yaml, else of the last bench)')
      .option('-c, --config <file>', 'the configuration that names the ledger')
      .option('--scenario <name>', 'the ledger that the last bench kept of this scenario')
      .option('--json', 'print JSON');
  command('list', 'list them, newest first')
    .option('--all', 'closed ones too')
    .action((options: FaultsOptions) => finish(listFaults(options)));
  command('show', 'tell one as a story')
    .argument('<id>', 'its number')
    .action((id: string, options: FaultsOptions) => finish(showFault(id, options)));
  command('close', 'mark one as dealt with')
    .argument('<id>', 'its number')
    .action((id: string, options: FaultsOptions) => finish(closeFault(id, options)));
  command('export', 'print all of them, one JSON object a line, oldest first').action((options: FaultsOptions) =>
    finish(exportFaults(options)),
  );
  command('stats', 'the ledger in figures').action((options: FaultsOptions) => finish(showStats(options)));
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least && number <= most && text.trim() !== '') return number;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}
