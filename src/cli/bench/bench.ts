import { resolve } from 'node:path';
import type { BenchReport } from '../../bench/bench-report.js';
import { type LinkModelName, linkParameters } from '../../bench/link-models/link-parameters.js';
import { runBench, scenariosMeant } from '../../bench/run-bench.js';
import type { BenchKind } from '../../bench/stage/heater-image.js';
import type { SketchSubject } from '../../bench/stage/sketch-subject.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { nearestWord } from '../../words/nearest-word.js';
import { benchFolder } from '../arguments/last-bench.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { print, printJson, printText } from '../terminal/terminal.js';
import type { BenchArguments } from './bench-arguments.js';
import { type BenchDisplay, startBenchDisplay } from './bench-display.js';
import { nextSteps, rememberReports, withRunningNumbers } from './bench-ledgers.js';
import { listTour } from './bench-list.js';
import { BenchPlot } from './bench-plot.js';
import {
  boardKindOf,
  initWorld,
  judgeFunction,
  leftOutText,
  loadSketch,
  notAFunction,
  pinsText,
  worldText,
} from './bench-sketch.js';
import { BenchTable, benchSummary } from './bench-table.js';
import { withBuiltSketch } from './built-sketch.js';
import { plotFile } from './plot-file.js';

/** copycat bench [SCENARIO…]: the tour of the virtual bench. 0 when every promise held, 1 when one did not. */
export async function bench(names: readonly string[], said: BenchArguments, version: string): Promise<ExitCode> {
  if (said.initWorld === true) {
    initWorld(said);
    return 0;
  }
  const isSketch = said.firmware !== undefined || said.config !== undefined;
  if (said.list === true) {
    listTour(said.json === true, isSketch);
    return 0;
  }
  const options = withBuiltSketch(said);
  const link = linkModel(options.link);
  const json = options.json === true;
  // Before the images are looked at, which takes a moment, and long before a tour, which takes minutes.
  const file = options.plot === undefined ? null : plotFile(options.plot);
  const sketch = isSketch ? loadSketch(options) : undefined;
  const kind = sketch?.kind ?? boardKindOf(options) ?? 'uno';
  const chosen = scenariosMeant(names, kind, isSketch);
  const isUnmodified = chosen.every(({ play }) => play !== undefined);
  // Rows are sign of life enough; without them somebody still wants to see that it moves.
  const display = startBenchDisplay(json);
  const same = sketch === undefined ? null : judgeFirst(sketch, options, display);
  const head = isUnmodified ? unmodifiedText(options.seed) : headText(sketch, kind, options.seed);
  const judgedBy = isUnmodified
    ? 'at the pins, on each board’s line and by what its client was told'
    : sketch === undefined
      ? 'at the oven'
      : 'at its pins and by a replay on one board alone';
  const plot = file === null ? null : new BenchPlot(file, { sketch, kind, options, version, judgedBy });
  if (same !== null) plot?.add(same, []);
  if (same !== null && !same.held) {
    display.stop();
    plot?.write();
    if (json) printJson([same]);
    else printText([head, notAFunction(same)].join('\n'));
    return 1;
  }
  const table = new BenchTable(chosen.map(({ name }) => name));
  const startedMs = performance.now();
  const done: BenchReport[] = [];
  const reports = await runBench({
    scenarios: names.length === 0 ? [] : chosen.map(({ name }) => name),
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
      rememberReports(done);
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

const NAMES: Readonly<Record<string, string>> = { uno: 'Unos', mega2560: 'Megas' };

/** Who plays what, and in which world. */
function headText(sketch: SketchSubject | undefined, kind: BenchKind, seed: number): string {
  const boards = `Two emulated ${NAMES[kind] ?? `boards of kind ${kind}`} run ${sketch?.name ?? 'heater.hex'}`;
  const handed = sketch === undefined ? 'the oven' : pinsText(sketch);
  const first = `${boards}; a relay gives ${handed} to one of them. Seed ${seed}.`;
  return sketch === undefined ? first : `${first}\n${worldText(sketch)}`;
}

/** Boards whose firmware knows nothing of pairs. */
function unmodifiedText(seed: number): string {
  return `Two emulated Unos run firmware of their own, a Modbus slave or one that answers lines; a relay gives its pins to one of them. Seed ${seed}.`;
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
