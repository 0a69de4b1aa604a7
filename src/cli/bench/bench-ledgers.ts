import { existsSync } from 'node:fs';
import type { BenchReport } from '../../bench/bench-report.js';
import { DEFAULT_CONFIG } from '../arguments/find-ledger.js';
import { type BenchRun, rememberBench } from '../arguments/last-bench.js';
import { type BookedFault, FaultBook } from '../faults/fault-book.js';
import { commandName } from '../terminal/command-name.js';
import { printError } from '../terminal/terminal.js';
import { mostTelling } from './bench-table.js';

/** The configuration that comes along in a clone. */
const EXAMPLE = 'example.yaml';

/** Noted after each scenario, so that a tour that somebody stopped can be read as well. */
export function rememberReports(reports: readonly BenchReport[]): void {
  try {
    rememberBench({ runs: runsOf(reports) });
  } catch (error) {
    printError(`copycat: the ledgers are kept, but where they are could not be noted: ${String(error)}`);
  }
}

/** Commands that show more of what just happened, as they work when they are typed here. */
export function nextSteps(reports: readonly BenchReport[], isSketch: boolean): readonly string[] {
  const told = mostTelling(reports);
  const steps: string[] = [];
  if (told !== undefined) {
    // Where a pair has its own configuration, faults are looked for there: then the scenario has to be named.
    const option = existsSync(DEFAULT_CONFIG) ? ` --scenario ${told.scenario}` : '';
    const id = faultsOf(reports, told.scenario).find(({ fault }) => fault.code === told.reason)?.fault.id;
    if (id !== undefined) steps.push(`${commandName()} faults show ${id}${option} (what happened in ${told.scenario})`);
  }
  if (!isSketch && existsSync(EXAMPLE)) steps.push(`${commandName()} check ${EXAMPLE}`);
  return steps;
}

/** For a program: faults under the numbers that `faults show` takes. */
export function withRunningNumbers(reports: readonly BenchReport[]): readonly BenchReport[] {
  return reports.map((report) => ({
    ...report,
    faults: faultsOf(reports, report.scenario).map(({ fault: { id, code, board } }) => ({ id, code, board })),
  }));
}

function faultsOf(reports: readonly BenchReport[], scenario: string): readonly BookedFault[] {
  const ledgers = runsOf(reports).map((run) => ({ path: run.ledger, scenario: run.scenario }));
  const book = FaultBook.open({ ledgers, scenario, option: '', config: null, pair: null, isBench: true });
  try {
    return book.list({});
  } finally {
    book.close();
  }
}

function runsOf(reports: readonly BenchReport[]): readonly BenchRun[] {
  return reports.flatMap(({ scenario, ledgers }) => ledgers.map((ledger) => ({ scenario, ledger })));
}
