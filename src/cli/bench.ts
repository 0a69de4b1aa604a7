import { resolve } from 'node:path';
import type { BenchReport } from '../bench/bench-report.js';
import { type LinkModelName, linkParameters } from '../bench/link-models/link-parameters.js';
import { listScenarios, runBench } from '../bench/run-bench.js';
import { nearestWord } from '../config/nearest-word.js';
import { CopycatError } from '../errors/copycat-error.js';
import { startBenchDisplay } from './bench-display.js';
import { BenchTable, benchSummary, mostTelling } from './bench-table.js';
import { benchFolder, rememberBench } from './last-bench.js';
import type { ExitCode } from './report-failure.js';
import { print, printError, printJson } from './terminal.js';
import { textTable } from './text-table.js';

export interface BenchArguments {
  readonly list?: boolean;
  readonly inputs: number;
  readonly seed: number;
  readonly link: string;
  readonly json?: boolean;
  readonly keep?: string;
}

/** copycat bench [SCENARIO…]: the tour of the virtual bench. 0 when every promise held, 1 when one did not. */
export async function bench(names: readonly string[], options: BenchArguments): Promise<ExitCode> {
  if (options.list === true) {
    const known = listScenarios().map(({ name, promise }) => ({ name, promise }));
    if (options.json === true) printJson(known);
    else print(textTable([['scenario', 'promise'], ...known.map(({ name, promise }) => [name, promise])]));
    return 0;
  }
  const link = linkModel(options.link);
  const json = options.json === true;
  const head = `Two emulated Unos run heater.hex; a relay gives the oven to one of them. Seed ${options.seed}.`;
  // Rows are sign of life enough; without them somebody still wants to see that it moves.
  const display = startBenchDisplay(json);
  const table = new BenchTable(names.length > 0 ? names : listScenarios().map(({ name }) => name));
  const startedMs = performance.now();
  const reports = await runBench({
    scenarios: names,
    inputs: options.inputs,
    seed: options.seed,
    link,
    folder: options.keep === undefined ? benchFolder() : resolve(options.keep),
    onStart(scenario, index, count) {
      // Said once it is certain that something runs: a mistyped scenario is refused without it.
      if (index === 0 && !json) print(`${head}\n${table.heading()}`);
      display.show(scenario, index, count);
    },
    onReport(report) {
      display.clear();
      if (!json) print(table.row(report));
    },
  }).finally(display.stop);

  remember(reports);
  if (json) {
    printJson(reports);
  } else {
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

function linkModel(name: string): LinkModelName {
  const known = Object.keys(linkParameters);
  if (isLinkModel(name)) return name;
  const near = nearestWord(name, known);
  throw new CopycatError(
    'USAGE',
    `no link model is called ${name}${near === undefined ? '' : `; did you mean ${near}?`}`,
    {
      value: name,
      expected: `one of ${known.join(', ')}`,
    },
  );
}

function isLinkModel(name: string): name is LinkModelName {
  return Object.hasOwn(linkParameters, name);
}
