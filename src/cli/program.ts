import { Command, InvalidArgumentError } from 'commander';
import { nearestWord } from '../config/nearest-word.js';
import { CopycatError } from '../errors/copycat-error.js';
import type { BenchArguments } from './bench.js';
import type { FaultsOptions } from './faults.js';
import type { ExitCode } from './report-failure.js';
import type { StatusOptions } from './status.js';

/**
 * All commands and their arguments. `finish` hears the exit code of the one that ran. A command is loaded only when it is
 * asked for: serial ports, SQLite and emulators are no business of `check`.
 */
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
      '\nBegin with: copycat bench\nExit codes: 0 it is so, 1 a promise was not held or the pair is not protected, 2 usage or configuration.',
    );

  // Settings are copied into a subcommand when it is made, so each is made from the one above it.
  const command = (name: string, description: string): Command => program.command(name).description(description);

  command('run', 'run the gateway for one pair of boards')
    .requiredOption('-c, --config <file>', 'configuration of the pair')
    .action(async (options: { readonly config: string }) => {
      const { run } = await import('./run.js');
      finish(await run(options));
    });

  command('bench', 'lose boards on purpose: the gateway on emulated boards, judged at the actuator')
    .argument('[scenario...]', 'scenarios to run; all of them when none is named')
    .option('--list', 'list the scenarios and what each promises')
    .option('--inputs <n>', 'inputs for each scenario', wholeNumber(1, 1_000_000), 300)
    .option('--seed <n>', 'seed of everything that is left to chance', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--link <model>', 'how the boards are connected: uno-16u2, ftdi-16, ftdi-1, ch340, cdc or wire', 'uno-16u2')
    .option('--json', 'print one JSON array and nothing else')
    .option('--keep <dir>', 'keep ledgers, configurations and logs there (default: .copycat/bench)')
    .action(async (names: readonly string[], options: BenchArguments) => {
      const { bench } = await import('./bench.js');
      finish(await bench(names, options));
    });

  command('status', 'say whether the pair is protected (exit code 0) or not (1)')
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)')
    .option('--watch', 'go on saying so until Ctrl-C')
    .option('--json', 'print JSON')
    .action(async (options: StatusOptions) => {
      const { status } = await import('./status.js');
      finish(await status(options));
    });

  addFaults(command('faults', 'what failed, how it was noticed, what was done, what to do now'), finish);

  command('check', 'say what is wrong with a configuration and what may surprise')
    .argument('<file>', 'the configuration file')
    .option('--json', 'print JSON')
    .action(async (file: string, options: { readonly json?: boolean }) => {
      const { check } = await import('./check.js');
      finish(check(file, options));
    });

  command('schema', 'print the JSON Schema of the configuration file').action(async () => {
    const { printSchema } = await import('./print-schema.js');
    finish(printSchema());
  });

  return program;
}

const FAULTS_COMMANDS = ['list', 'show', 'close', 'export', 'stats'];

function addFaults(faults: Command, finish: (code: ExitCode) => void): void {
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
      if (unknown !== undefined) throw unknownFaultsCommand(unknown);
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

function unknownFaultsCommand(word: string): CopycatError {
  const near = nearestWord(word, FAULTS_COMMANDS);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return new CopycatError('USAGE', `unknown command 'faults ${word}'${hint}`, {
    expected: `one of ${FAULTS_COMMANDS.join(', ')}`,
  });
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least && number <= most && text.trim() !== '') return number;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}
