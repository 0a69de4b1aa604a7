import type { Command } from 'commander';
import { wholeNumber } from '../arguments/whole-number.js';
import type { ExitCode } from '../terminal/report-failure.js';
import type { CommissionArguments } from './commission.js';
import type { InitOptions } from './init.js';
import type { WiringOptions } from './wiring.js';

/** copycat init, check, wiring, budget, commission and schema: from a box of parts to a pair that can run. */
export function addSetUp(
  command: (name: string, description: string) => Command,
  finish: (code: ExitCode) => void,
): void {
  command('init', 'ask a few questions, find the boards, and write a configuration with comments')
    .option('-o, --output <file>', 'where it is written', 'copycat.yaml')
    .option('-c, --config <file>', 'the same as -o')
    .option('--force', 'write over what is there')
    .option('--yes', 'ask nothing: what was found, and else what is usual')
    .action(async (options: InitOptions & { readonly config?: string }) => {
      const { init } = await import('./init.js');
      finish(await init({ ...options, output: options.config ?? options.output }));
    });

  command('check', 'say what is wrong with a configuration and what may surprise')
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)')
    .option('--json', 'print JSON')
    .action(async (options: { readonly config?: string; readonly json?: boolean }) => {
      const { check } = await import('./check.js');
      finish(check(options));
    });

  command('wiring', 'what to connect with what: a pin table, a drawing, and what is wrong with it')
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)')
    .option('-o, --output <file>', 'write the drawing there: FILE.svg, or FILE.html for printing')
    .option('--json', 'print JSON')
    .action(async (options: WiringOptions) => {
      const { wiring } = await import('./wiring.js');
      finish(wiring(options));
    });

  command('budget', 'where the time of one input goes, how fast the pair can be, how long a takeover takes')
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)')
    .option('--json', 'print JSON')
    .action(async (options: { readonly config?: string; readonly json?: boolean }) => {
      const { budget } = await import('./budget.js');
      finish(budget(options));
    });

  command('commission', 'try the wired pair before it is used: boards, RESET, relay, feedback, a swap to and fro')
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)')
    .option('--inputs <n>', 'inputs that do nothing, for each board', wholeNumber(10, 100_000), 300)
    .option('--moves <n>', 'times that the relay goes to and fro', wholeNumber(1, 1000), 5)
    .option('--yes', 'do not ask whether the actuator may be switched')
    .option('--json', 'print JSON')
    .action(async (options: CommissionArguments) => {
      const { commission } = await import('./commission.js');
      finish(await commission(options));
    });

  command('schema', 'print the JSON Schema of the configuration file').action(async () => {
    const { printSchema } = await import('./print-schema.js');
    finish(printSchema());
  });
}
