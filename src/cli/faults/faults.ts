import { instanceName } from '../../config/instance-name.js';
import { isEvent } from '../../faults/catalogue/events.js';
import { ANY_SERVICE } from '../../faults/remedy.js';
import { tellFault, titleOf } from '../../faults/story.js';
import { ownName } from '../../private-files/account.js';
import { DEFAULT_CONFIG, findLedger, type LedgerChoice } from '../arguments/find-ledger.js';
import { since } from '../arguments/since.js';
import { commandName } from '../terminal/command-name.js';
import { jsonText } from '../terminal/printable.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { shortPath } from '../terminal/short-path.js';
import { colours, print, printJson, printText, textWidth } from '../terminal/terminal.js';
import { exactTimeText } from '../terminal/time-text.js';
import { closeFaults, faultNumber } from './close-faults.js';
import { FaultBook } from './fault-book.js';
import { faultJson } from './fault-json.js';
import { faultTable, tellingFault } from './fault-lines.js';
import { benchStatsText, statsText } from './fault-stats.js';

export interface FaultsOptions extends LedgerChoice {
  readonly json?: boolean;
}

export interface CloseOptions extends FaultsOptions {
  /** Who closes them; else the user of this machine. */
  readonly by?: string;
  readonly note?: string;
}

export interface ListOptions extends FaultsOptions {
  /** Closed ones too, and events. */
  readonly all?: boolean;
  /** Events too. */
  readonly events?: boolean;
  /** As it was typed. */
  readonly since?: string;
  readonly board?: string;
  readonly limit?: number;
}

/** copycat faults list: open ones unless all are asked for. */
export function listFaults({ all = false, events = false, limit, ...options }: ListOptions): ExitCode {
  return withBook(options, (book) => {
    const { board } = options;
    const filter = {
      ...(all ? {} : { open: true, events: events ? ('with' as const) : ('without' as const) }),
      ...(options.since === undefined ? {} : { since: since(options.since) }),
      ...(board === undefined ? {} : { board }),
    };
    // One more, to know whether there are more.
    const found = book.list(filter, limit === undefined ? undefined : limit + 1);
    const faults = found.slice(0, limit);
    if (options.json === true) {
      printJson(faults.map((booked) => faultJson(booked, book.fieldsOf(booked))));
      return;
    }
    if (faults.length === 0) {
      print(nothingText(all, events, options));
      return;
    }
    print(faultTable(faults, book.found.isBench));
    if (found.length > faults.length) print(colours.dim(`There are more than these ${faults.length} (--limit).`));
    const telling = tellingFault(faults.filter(({ fault }) => !isEvent(fault)));
    if (telling === undefined) return;
    printText(`Next: ${commandName()} faults show ${telling.id}${book.found.option} (${titleOf(telling)})`);
  });
}

function nothingText(
  all: boolean,
  events: boolean,
  { since: from, board }: Pick<ListOptions, 'since' | 'board'>,
): string {
  const which = `${board === undefined ? '' : ` of board ${board}`}${from === undefined ? '' : ` since ${from}`}`;
  if (all) return `No faults${which}.`;
  if (events) return `No open faults${which}, and no events (closed faults: faults list --all).`;
  return `No open faults${which} (closed ones: faults list --all; what was planned: --events).`;
}

/** copycat faults show ID: the story. */
export function showFault(id: string, options: FaultsOptions): ExitCode {
  return withBook(options, (book) => {
    const booked = book.show(faultNumber(id));
    if (options.json === true) {
      printJson(faultJson(booked, book.fieldsOf(booked)));
      return;
    }
    const { isBench, option, config, pair } = book.found;
    const names = {
      copycat: commandName(),
      ledgerOption: option,
      // A bench's boards are gone: what to do is then told for the reader's own pair.
      gatewayOption: config === null || config === DEFAULT_CONFIG ? '' : ` -c ${config}`,
      service: pair === null ? ANY_SERVICE : `copycat@${instanceName(pair)}`,
    };
    const nextHeading = `What you would do with boards of your own (those of scenario ${booked.scenario} are gone)`;
    const page = { width: textWidth(), timeText: exactTimeText, ...(isBench ? { nextHeading } : {}) };
    for (const line of tellFault(booked.fault, book.fieldsOf(booked), names, page)) {
      print(/^[A-Z]/.test(line) ? colours.bold(line) : line);
    }
  });
}

/** copycat faults close ID …, or all: dealt with. */
export function closeFaultsOf(ids: readonly string[], options: CloseOptions): ExitCode {
  const { by = ownName(), note = '' } = options;
  return withBook(options, (book) => closeFaults(book, ids, { by, note }, options.json === true));
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
      printText(`Next: ${commandName()} faults stats --scenario ${stats[0]?.scenario ?? ''}`);
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
