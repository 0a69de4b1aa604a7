import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BenchReport } from '../../bench/bench-report.js';
import { type LinkModelName, linkParameters } from '../../bench/link-models/link-parameters.js';
import { listScenarios, runBench } from '../../bench/run-bench.js';
import { scenariosOfAnyImage } from '../../bench/scenarios/any-image.js';
import { BENCH_KINDS, type BenchKind } from '../../bench/stage/heater-image.js';
import type { SketchSubject } from '../../bench/stage/sketch-subject.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { wrap } from '../../faults/wrap-text.js';
import { nearestWord } from '../../words/nearest-word.js';
import { DEFAULT_CONFIG } from '../arguments/find-ledger.js';
import { type BenchRun, benchFolder, rememberBench } from '../arguments/last-bench.js';
import { type BookedFault, FaultBook } from '../faults/fault-book.js';
import { commandName } from '../terminal/command-name.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { colours, print, printError, printJson, printText, textWidth } from '../terminal/terminal.js';
import type { BenchArguments } from './bench-arguments.js';
import { type BenchDisplay, startBenchDisplay } from './bench-display.js';
import { BenchPlot } from './bench-plot.js';
import {
  initWorld,
  judgeFunction,
  leftOutText,
  loadSketch,
  notAFunction,
  pinsText,
  worldText,
} from './bench-sketch.js';
import { BenchTable, benchSummary, mostTelling } from './bench-table.js';
import { withBuiltSketch } from './built-sketch.js';
import { plotFile } from './plot-file.js';

/** The configuration that comes along in a clone. */
const EXAMPLE = 'example.yaml';

/** copycat bench [SCENARIO…]: the tour of the virtual bench. 0 when every promise held, 1 when one did not. */
export async function bench(names: readonly string[], said: BenchArguments, version: string): Promise<ExitCode> {
  if (said.initWorld === true) {
    initWorld(said);
    return 0;
  }
  const isSketch = said.firmware !== undefined || said.config !== undefined;
  if (said.list === true) return list(said.json === true, isSketch);
  const options = withBuiltSketch(said);
  const link = linkModel(options.link);
  const json = options.json === true;
  // Before the images are looked at, which takes a moment, and long before a tour, which takes minutes.
  const file = options.plot === undefined ? null : plotFile(options.plot);
  const sketch = isSketch ? loadSketch(options) : undefined;
  const kind = sketch?.kind ?? benchKind(options.board ?? 'uno');
  // Rows are sign of life enough; without them somebody still wants to see that it moves.
  const display = startBenchDisplay(json);
  const same = sketch === undefined ? null : judgeFirst(sketch, options, display);
  const boards = `Two emulated ${NAMES[kind] ?? `boards of kind ${kind}`} run ${sketch?.name ?? 'heater.hex'}`;
  const handed = sketch === undefined ? 'the oven' : pinsText(sketch);
  const first = `${boards}; a relay gives ${handed} to one of them. Seed ${options.seed}.`;
  const head = sketch === undefined ? first : `${first}\n${worldText(sketch)}`;
  const judgedBy = sketch === undefined ? 'at the oven' : 'at its pins and by a replay on one board alone';
  const plot = file === null ? null : new BenchPlot(file, { sketch, kind, options, version, judgedBy });
  if (same !== null) plot?.add(same, []);
  if (same !== null && !same.held) {
    display.stop();
    plot?.write();
    if (json) printJson([same]);
    else printText([head, notAFunction(same)].join('\n'));
    return 1;
  }
  const table = new BenchTable(names.length > 0 ? names : tourNames(kind, isSketch));
  const startedMs = performance.now();
  const done: BenchReport[] = [];
  const reports = await runBench({
    scenarios: [...new Set(names)],
    inputs: options.inputs,
    seed: options.seed,
    link,
    kind,
    ...(sketch === undefined ? {} : { sketch }),
    needsBoth: options.needsBoth === true,
    realTime: options.realTime === true,
    isTraced: plot !== null,
    folder: options.keep === undefined ? benchFolder() : resolve(options.keep),
    onStart(scenario, index, count) {
      // Said once it is certain that something runs: a mistyped scenario is refused without it.
      if (index === 0 && !json) {
        printText(head);
        print(table.heading());
      }
      display.show(scenario, index, count);
    },
    onReport(report, traces) {
      plot?.add(report, traces);
      done.push(report);
      remember(done);
      if (!json) print(table.row(report));
    },
  }).finally(display.stop);

  if (json) {
    printJson([...(same === null ? [] : [same]), ...withRunningNumbers(reports)]);
  } else {
    printText(benchSummary(reports, (performance.now() - startedMs) / 1000, nextSteps(reports, isSketch), judgedBy));
    if (isSketch && names.length === 0) print(leftOutText());
  }
  plot?.write();
  if (options.plot !== undefined && !json) print(`Drawn: ${options.plot} (opens in any browser, needs nothing else)`);
  return reports.every(({ held }) => held) ? 0 : 1;
}

/** Before anything is made to fail: what follows would only say the same in other words. */
function judgeFirst(sketch: SketchSubject, options: BenchArguments, display: BenchDisplay): BenchReport {
  display.showFirst('two boards are given the same inputs');
  try {
    return judgeFunction(sketch, options);
  } catch (error) {
    display.stop();
    throw error;
  }
}

function tourNames(kind: BenchKind, isSketch: boolean): readonly string[] {
  return (isSketch ? scenariosOfAnyImage() : listScenarios(kind))
    .filter(({ onlyNamed }) => onlyNamed !== true)
    .map(({ name }) => name);
}

function list(json: boolean, isSketch: boolean): ExitCode {
  const listed = isSketch ? scenariosOfAnyImage() : listScenarios();
  const known = listed.map(({ name, promise, onlyNamed = false }) => ({ name, promise, onlyNamed }));
  if (json) {
    printJson(known);
    return 0;
  }
  for (const { name, promise, onlyNamed } of known) {
    printText(`  ${colours.bold(name)}${onlyNamed ? ' (takes long: runs only when it is named)' : ''}`);
    for (const line of wrap(promise, textWidth() - 6)) print(`      ${line}`);
  }
  if (isSketch) print(leftOutText());
  return 0;
}

/** Noted after each scenario, so that a tour that somebody stopped can be read as well. */
function remember(reports: readonly BenchReport[]): void {
  try {
    rememberBench({ runs: runsOf(reports) });
  } catch (error) {
    printError(`copycat: the ledgers are kept, but where they are could not be noted: ${String(error)}`);
  }
}

/** Commands that show more of what just happened, as they work when they are typed here. */
function nextSteps(reports: readonly BenchReport[], isSketch: boolean): readonly string[] {
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
function withRunningNumbers(reports: readonly BenchReport[]): readonly BenchReport[] {
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

const NAMES: Readonly<Record<string, string>> = { uno: 'Unos', mega2560: 'Megas' };

function benchKind(name: string): BenchKind {
  const kind = BENCH_KINDS.find((one) => one === name);
  if (kind !== undefined) return kind;
  throw new CopycatError('USAGE', `the bench has no boards of kind ${name}`, {
    value: name,
    expected: `one of ${BENCH_KINDS.join(', ')}`,
  });
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
