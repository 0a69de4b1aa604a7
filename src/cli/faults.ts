import { relative } from 'node:path';
import { CopycatError } from '../errors/copycat-error.js';
import { PLAIN_COMMANDS } from '../faults/remedy.js';
import type { FieldMap } from '../faults/stored-fault.js';
import { tellFault, titleOf } from '../faults/story.js';
import { type LedgerReader, openLedgerReader } from '../ledger/reader.js';
import { faultJson } from './fault-json.js';
import { summaryLine } from './fault-lines.js';
import { statsText } from './fault-stats.js';
import { type FoundLedger, findLedger, type LedgerChoice } from './find-ledger.js';
import type { ExitCode } from './report-failure.js';
import { colours, print, printJson } from './terminal.js';
import { textTable } from './text-table.js';

export interface FaultsOptions extends LedgerChoice {
  readonly json?: boolean;
  /** list: closed ones too. */
  readonly all?: boolean;
}

const NO_FIELDS: FieldMap = { input: [], result: [] };

/** copycat faults list: newest first, open ones unless all are asked for. */
export function listFaults(options: FaultsOptions): ExitCode {
  return withLedger(options, (reader, found) => {
    const faults = reader.listFaults(options.all === true ? {} : { open: true });
    if (options.json === true) {
      printJson(faults.map(faultJson));
      return;
    }
    if (faults.length === 0) {
      print(options.all === true ? 'No faults.' : 'No open faults (closed ones: faults list --all).');
      return;
    }
    print(textTable([['fault', 'when', 'board', 'input', 'what', 'state'], ...faults.map(summaryLine)], [0, 3]));
    print(`Next: npx copycat faults show ${faults[0]?.id ?? ''}${found.option}`);
  });
}

/** copycat faults show ID: the story. */
export function showFault(id: string, options: FaultsOptions): ExitCode {
  return withLedger(options, (reader, found) => {
    const fault = reader.showFault(faultNumber(id));
    if (options.json === true) {
      printJson(faultJson(fault));
      return;
    }
    // A bench's boards are gone: what to do is then told for the reader's own pair.
    const ledger = found.isBench ? PLAIN_COMMANDS.ledger : shortPath(found.path);
    const names = { ...PLAIN_COMMANDS, ledger, ledgerOption: found.option };
    for (const line of tellFault(fault, reader.fields() ?? NO_FIELDS, names)) {
      print(/^[A-Z]/.test(line) ? colours.bold(line) : line);
    }
    if (found.isBench)
      print(colours.dim(`(From the bench, ${shortPath(found.path)}: with boards of your own you would do the above.)`));
  });
}

/** copycat faults close ID: dealt with. */
export function closeFault(id: string, options: FaultsOptions): ExitCode {
  return withLedger(options, (reader) => {
    const number = faultNumber(id);
    const before = reader.showFault(number).closedAt;
    const fault = reader.closeFault(number);
    if (options.json === true) printJson(faultJson(fault));
    else if (before === null) print(`Closed fault ${fault.id}: ${titleOf(fault)}`);
    else print(`Fault ${fault.id} was closed already, ${before}`);
  });
}

/** copycat faults export: one JSON object a line, oldest first, for other programs and for replaying. */
export function exportFaults(options: FaultsOptions): ExitCode {
  return withLedger(options, (reader) => {
    for (const fault of reader.exportFaults()) print(JSON.stringify(faultJson(fault)));
  });
}

/** copycat faults stats: the ledger in figures. */
export function showStats(options: FaultsOptions): ExitCode {
  return withLedger(options, (reader, found) => {
    const stats = reader.stats();
    if (options.json === true) printJson({ ledger: found.path, ...stats });
    else print(statsText(found.path, stats));
  });
}

function withLedger(options: FaultsOptions, use: (reader: LedgerReader, found: FoundLedger) => void): ExitCode {
  const found = findLedger(options);
  const reader = openLedgerReader(found.path);
  try {
    use(reader, found);
  } finally {
    reader.close();
  }
  return 0;
}

/** As short as it can be typed from here. */
function shortPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.length < path.length ? near : path;
}

function faultNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new CopycatError('USAGE', `${text} is no number of a fault`, {
    value: text,
    expected: 'a number that faults list shows',
  });
}
