import type { Command } from 'commander';
import type { ExitCode } from '../terminal/report-failure.js';
import type { VerifyOptions } from './verify.js';

/** The commands below `copycat ledger`. */
export function addLedger(ledger: Command, finish: (code: ExitCode) => void): void {
  ledger
    .helpCommand(false)
    .command('verify')
    .description(
      'check the files and every rule that they can prove; a running gateway is not disturbed (exit code 0: sound, 1: findings)',
    )
    .argument('[file]', 'the ledger (default: that of ./copycat.yaml, else of the last bench)')
    .option('-c, --config <file>', 'the configuration that names the ledger')
    .option('--scenario <name>', 'only those that this scenario of the last bench made')
    .option('--json', 'print JSON')
    .action(async (file: string | undefined, options: VerifyOptions) =>
      finish((await import('./verify.js')).verify(file, options)),
    );
}
