import type { Command } from 'commander';
import type { ExitCode } from '../terminal/report-failure.js';
import type { ReportArguments } from './report.js';

/** copycat report. */
export function addReport(report: Command, finish: (code: ExitCode) => void): void {
  report
    .option('--from <when>', 'where it begins: 12h, 7d or 4w ago, a date, a time of day (default: 24h ago)')
    .option('--to <when>', 'where it ends (default: now)')
    .option('--html <file>', 'write it as one page that can be printed')
    .option('--ledger <file>', 'the ledger (default: that of ./copycat.yaml)')
    .option('-c, --config <file>', 'the configuration that names the ledger')
    .option('--json', 'print JSON')
    .action(async (options: ReportArguments) => {
      finish((await import('./report.js')).report(options));
    });
}
