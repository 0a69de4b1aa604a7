import { CopycatError } from '../../errors/copycat-error.js';
import { tellFault, titleOf } from '../../faults/story.js';
import { DEFAULT_CONFIG, findLedger, type LedgerChoice } from '../arguments/find-ledger.js';
import { commandName } from '../terminal/command-name.js';
import { jsonText } from '../terminal/printable.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { shortPath } from '../terminal/short-path.js';
import { colours, print, printJson, textWidth } from '../terminal/terminal.js';
import { exactTimeText, timeText } from '../terminal/time-text.js';
import { FaultBook } from './fault-book.js';
import { faultJson } from './fault-json.js';
import { faultTable, tellingFault } from './fault-lines.js';
import { benchStatsText, statsText } from './fault-stats.js';

export interface FaultsOptions extends LedgerChoice {
  readonly json?: boolean;
  /** list: closed ones too. */
  readonly all?: boolean;
}

/** copycat faults list: open ones unless all are asked for. */
export function listFaults(options: FaultsOptions): ExitCode {
  return withBook(options, (book) => {
    const faults = book.list(options.all === true ? {} : { open: true });
    if (options.json === true) {
      printJson(faults.map((booked) => faultJson(booked, book.fieldsOf(booked))));
      return;
    }
    const telling = tellingFault(faults);
    if (telling === undefined) {
      print(options.all === true ? 'No faults.' : 'No open faults (closed ones: faults list --all).');
      return;
    }
    print(faultTable(faults, book.found.isBench));
    print(`Next: ${commandName()} faults show ${telling.id}${book.found.option} (${titleOf(telling)})`);
  });
}

/** copycat faults show ID: the story. */
export function showFault(id: string, options: FaultsOptions): ExitCode {
  return withBook(options, (book) => {
    const booked = book.show(faultNumber(id));
    if (options.json === true) {
      printJson(faultJson(booked, book.fieldsOf(booked)));
      return;
    }
    const { isBench, option, config } = book.found;
    const names = {
      copycat: commandName(),
      ledgerOption: option,
      // A bench's boards are gone: what to do is then told for the reader's own pair.
      gatewayOption: config === null || config === DEFAULT_CONFIG ? '' : ` -c ${config}`,
    };
    const page = { width: textWidth(), timeText: exactTimeText };
    for (const line of tellFault(booked.fault, book.fieldsOf(booked), names, page)) {
      print(/^[A-Z]/.test(line) ? colours.bold(line) : line);
    }
    if (isBench) {
      print('');
      print(
        colours.dim(
          `(Scenario ${booked.scenario} of the last bench, whose boards are gone: with boards of your own you would do the above.)`,
        ),
      );
    }
  });
}

/** copycat faults close ID: dealt with. */
export function closeFault(id: string, options: FaultsOptions): ExitCode {
  return withBook(options, (book) => {
    const number = faultNumber(id);
    const before = book.show(number).fault.closedAt;
    const closed = book.markClosed(number);
    if (options.json === true) printJson(faultJson(closed, book.fieldsOf(closed)));
    else if (before === null) print(`Closed fault ${number}: ${titleOf(closed.fault)}`);
    else print(`Fault ${number} was closed already, ${timeText(before)}`);
  });
}

/** copycat faults export: one JSON object a line, oldest first, for other programs and for replaying. */
export function exportFaults(options: FaultsOptions): ExitCode {
  return withBook(options, (book) => {
    for (const fault of book.export()) print(jsonText(faultJson(fault, book.fieldsOf(fault))));
  });
}

/** copycat faults stats: the ledger in figures; all ledgers of a bench, a line each. */
export function showStats(options: FaultsOptions): ExitCode {
  return withBook(options, (book) => {
    const stats = book.stats();
    if (options.json === true) {
      printJson(stats);
    } else if (book.found.isBench && book.found.scenario === null) {
      print(benchStatsText(stats));
      print(`Next: ${commandName()} faults stats --scenario ${stats[0]?.scenario ?? ''}`);
    } else {
      print(stats.map((one) => statsText(one, shortPath(one.ledger))).join('\n\n'));
    }
  });
}

function withBook(options: FaultsOptions, use: (book: FaultBook) => void): ExitCode {
  const book = FaultBook.open(findLedger(options));
  try {
    use(book);
  } finally {
    book.close();
  }
  return 0;
}

function faultNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new CopycatError('USAGE', `${text} is no number of a fault`, {
    value: text,
    expected: 'a number that faults list shows',
  });
}
