import { CopycatError } from '../../errors/copycat-error.js';
import { openLedgerReader } from '../../ledger/reader/reader.js';
import { makeReport, type Report } from '../../report/report.js';
import { reportHtml } from '../../report/report-html.js';
import { tablesOf } from '../../report/report-rows.js';
import { type FoundLedgers, findLedger, type LedgerChoice } from '../arguments/find-ledger.js';
import { since } from '../arguments/since.js';
import { plotFile } from '../bench/plot-file.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { shortPath } from '../terminal/short-path.js';
import { colours, print, printJson } from '../terminal/terminal.js';
import { textTable } from '../terminal/text-table.js';
import { timeText } from '../terminal/time-text.js';

const DEFAULT_FROM = '24h';

export interface ReportArguments extends LedgerChoice {
  readonly from?: string;
  readonly to?: string;
  readonly html?: string;
  readonly json?: boolean;
}

/** copycat report: what the ledger says of a time. It only reads, while a gateway runs and when none does. */
export function report(options: ReportArguments): ExitCode {
  const found = findLedger(options);
  const [ledger] = found.ledgers;
  if (ledger === undefined || found.isBench) {
    throw new CopycatError('USAGE', 'a report is of one pair: name it with -c FILE or --ledger FILE');
  }
  const nowMs = Date.now();
  const fromMs = Date.parse(since(options.from ?? DEFAULT_FROM, nowMs));
  const toMs = options.to === undefined ? nowMs : Math.min(nowMs, Date.parse(since(options.to, nowMs)));
  if (fromMs >= toMs) {
    throw new CopycatError('USAGE', `--from ${timeText(fromMs)} is not before --to ${timeText(toMs)}`);
  }
  const page = options.html === undefined ? null : plotFile(options.html);
  const made = read(ledger.path, fromMs, toMs);
  page?.write(reportHtml(made, pairName(found), timeText));
  if (options.json === true) printJson(made);
  else if (options.html === undefined) tell(made, pairName(found));
  else print(`${shortPath(options.html)}: one page, to be read in a browser or printed`);
  return 0;
}

function read(path: string, fromMs: number, toMs: number): Report {
  const reader = openLedgerReader(path);
  try {
    return makeReport(path, { chronicle: reader.chronicle(), faults: reader.exportFaults() }, { fromMs, toMs });
  } finally {
    reader.close();
  }
}

function pairName({ pair, ledgers }: FoundLedgers): string {
  return pair ?? shortPath(ledgers[0]?.path ?? '');
}

function tell(made: Report, pair: string): void {
  print(`${pair}: ${timeText(made.from)} to ${timeText(made.to)}`);
  for (const { title, head, rows, none } of tablesOf(made, timeText)) {
    print(`\n${colours.bold(title)}`);
    print(rows.length === 0 ? `  ${none}` : textTable([head, ...rows]));
  }
}
