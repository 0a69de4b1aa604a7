import type { Command } from 'commander';
import type { CommandOptions } from './command.js';
import type { ExitCode } from './report-failure.js';

/** The commands below `copycat inputs`. */
export function addInputs(inputs: Command, finish: (code: ExitCode) => void): void {
  inputs.helpCommand(false);
  decide(inputs, 'retry', 'have one tried again on which two boards failed', finish);
  decide(inputs, 'drop', 'give one up on which two boards failed: it ends without a result', finish);
}

/** Both need a running gateway; what is only read does not. */
function decide(inputs: Command, name: 'retry' | 'drop', description: string, finish: (code: ExitCode) => void): void {
  inputs
    .command(name)
    .description(description)
    .argument('<seq>', 'its number')
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)')
    .option('--json', 'print JSON')
    .action(async (seq: string, options: CommandOptions) => {
      const { decideInput } = await import('./command.js');
      finish(await decideInput(name, seq, options));
    });
}
