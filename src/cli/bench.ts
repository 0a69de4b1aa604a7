import { resolve } from 'node:path';
import type { BenchOptions, BenchReport } from '../bench/bench-report.js';
import { nearestWord } from '../config/nearest-word.js';
import { CopycatError } from '../errors/copycat-error.js';
import { startBenchDisplay } from './bench-display.js';
import { benchSummary, benchTable, mostTelling } from './bench-table.js';
import { benchFolder, rememberBench } from './last-bench.js';
import type { ExitCode } from './report-failure.js';
import { print, printError, printJson } from './terminal.js';
import { textTable } from './text-table.js';

export interface BenchArguments {
  readonly list?: boolean;
  readonly inputs?: number;
  readonly seed: number;
  readonly link?: string;
  readonly json?: boolean;
  readonly keep?: string;
}

/** copycat bench [SCENARIO…]: the tour of the virtual bench. 0 when every promise held, 1 when one did not. */
export async function bench(names: readonly string[], options: BenchArguments): Promise<ExitCode> {
  const known = scenarios();
  if (options.list === true) {
    if (options.json === true) printJson(known);
    else print(textTable([['scenario', 'promise'], ...known.map(({ name, promise }) => [name, promise])]));
    return 0;
  }
  for (const name of names)
    refuseUnknown(
      name,
      known.map((scenario) => scenario.name),
    );
  if (options.link !== undefined) refuseUnknown(options.link, linkModels());

  const json = options.json === true;
  if (!json) print(`Two emulated Unos run heater.hex; a relay gives the oven to one of them. Seed ${options.seed}.`);
  const display = startBenchDisplay();
  const startedMs = performance.now();
  const reports = await runScenarios({
    scenarios: names,
    inputs: options.inputs ?? null,
    seed: options.seed,
    link: options.link ?? null,
    folder: options.keep === undefined ? benchFolder() : resolve(options.keep),
    onStart: display.show,
    onReport: () => undefined,
  }).finally(display.stop);

  remember(reports);
  if (json) {
    printJson(reports.map(({ drives: _drives, ...report }) => report));
  } else {
    print(benchTable(reports));
    print(benchSummary(reports, (performance.now() - startedMs) / 1000));
  }
  return reports.every(({ held }) => held) ? 0 : 1;
}

function remember(reports: readonly BenchReport[]): void {
  const telling = mostTelling(reports);
  if (telling === undefined) return;
  try {
    rememberBench({
      ledgers: Object.fromEntries(reports.map(({ scenario, ledger }) => [scenario, ledger])),
      last: telling.ledger,
    });
  } catch (error) {
    printError(`copycat: the ledgers are kept, but where they are could not be noted: ${String(error)}`);
  }
}

function refuseUnknown(name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const near = nearestWord(name, known);
  throw new CopycatError('USAGE', near === undefined ? `unknown: ${name}` : `unknown: ${name}; did you mean ${near}?`, {
    value: name,
    expected: `one of ${known.join(', ')}`,
  });
}

// The three calls into the bench.

function scenarios(): readonly { readonly name: string; readonly promise: string }[] {
  return [];
}

function linkModels(): readonly string[] {
  return ['uno-16u2', 'wire'];
}

async function runScenarios(_options: BenchOptions): Promise<readonly BenchReport[]> {
  throw new CopycatError('INTERNAL', 'the bench is not joined to the command line yet');
}
