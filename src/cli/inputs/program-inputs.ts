import { type Command, Option } from 'commander';
import { INPUT_STATES } from '../../ledger/reader/input-states.js';
import { unknownSubcommand } from '../arguments/unknown-subcommand.js';
import { wholeNumber } from '../arguments/whole-number.js';
import type { CommandOptions, InputDecision } from '../pair/command.js';
import type { ExitCode } from '../terminal/report-failure.js';
import type { InputsOptions } from './inputs.js';

const COMMANDS = ['list', 'show', 'retry', 'drop', 'accept'];

/** The commands below `copycat inputs`. */
export function addInputs(inputs: Command, finish: (code: ExitCode) => void): void {
  inputs.helpCommand(false);
  const read = (name: string, description: string): Command =>
    inputs
      .command(name, { isDefault: name === 'list' })
      .description(description)
      .option('--ledger <file>', 'the ledger (default: that of ./copycat.yaml, else of the last bench)')
      .option('-c, --config <file>', 'the configuration that names the ledger')
      .option('--scenario <name>', 'that of this scenario of the last bench')
      .option('--json', 'print JSON');
  read('list', 'list those that are in work or wait for a decision, newest first')
    .option('--all', 'finished, rejected and dropped ones too')
    .addOption(new Option('--state <state>', 'those in this state alone').choices(INPUT_STATES))
    .option('--limit <n>', 'most to list', wholeNumber(1, 1_000_000), 20)
    .allowExcessArguments(true)
    .action(async (options: InputsOptions, list: Command) => {
      const [unknown] = list.args;
      if (unknown !== undefined) throw unknownSubcommand('inputs', unknown, COMMANDS);
      finish((await import('./inputs.js')).listInputs(options));
    });
  read('show', 'all that is known of one, and what can be done with it')
    .argument('<seq>', 'its number')
    .action(async (seq: string, options: InputsOptions) =>
      finish((await import('./inputs.js')).showInput(seq, options)),
    );
  decide(inputs, 'retry', 'have one tried again on which two boards failed', finish);
  decide(inputs, 'drop', 'give one up on which two boards failed: it ends without a result', finish);
  const accept = 'let the primary act on its own result, where it differs from the one that was given out';
  decide(inputs, 'accept', accept, finish);
}

/** All need a running gateway; what is only read does not. */
function decide(inputs: Command, name: InputDecision, description: string, finish: (code: ExitCode) => void): void {
  inputs
    .command(name)
    .description(description)
    .argument('<seq>', 'its number')
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)')
    .option('--json', 'print JSON')
    .action(async (seq: string, options: CommandOptions) => {
      const { decideInput } = await import('../pair/command.js');
      finish(await decideInput(name, seq, options));
    });
}
