import type { BenchReport } from '../../bench/bench-report.js';
import type { PlotData } from '../../bench/plot/plot-data.js';
import { plotPage } from '../../bench/plot/plot-page.js';
import type { RunTrace } from '../../bench/plot/run-trace.js';
import type { BenchKind } from '../../bench/stage/heater-image.js';
import type { SketchSubject } from '../../bench/stage/sketch-subject.js';
import { timeText } from '../terminal/time-text.js';
import type { BenchArguments } from './bench-arguments.js';
import { worldText } from './bench-sketch.js';
import { COLUMNS, tableCells } from './bench-table.js';
import type { PlotFile } from './plot-file.js';

/** What is said of a bench on its page, besides what it came to. */
export interface PlottedBench {
  /** Undefined: the heater. */
  readonly sketch: SketchSubject | undefined;
  readonly kind: BenchKind;
  readonly options: BenchArguments;
  /** Of this program. */
  readonly version: string;
  readonly judgedBy: string;
}

/** The page of a bench, as it grows. */
export class BenchPlot {
  readonly #scenarios: PlotData['scenarios'][number][] = [];

  constructor(
    private readonly file: PlotFile,
    private readonly bench: PlottedBench,
  ) {}

  add(report: BenchReport, runs: readonly RunTrace[]): void {
    const { scenario: name, promise, held, failures } = report;
    const [, , ...cells] = tableCells(report);
    this.#scenarios.push({ name, promise, held, failures, cells, runs });
  }

  /** Throws USAGE where it cannot be written. */
  write(): void {
    const { sketch, judgedBy } = this.bench;
    const held = this.#scenarios.filter((scenario) => scenario.held).length;
    this.file.write(
      plotPage({
        title: `${sketch?.name ?? 'heater.hex'} on the bench`,
        summary: `${held} of ${this.#scenarios.length} held, judged ${judgedBy}, not by the gateway`,
        facts: factsOf(this.bench),
        columns: COLUMNS.map(([name]) => name),
        scenarios: this.#scenarios,
      }),
    );
  }
}

/** With these the same bench can be played again. */
function factsOf({ sketch, kind, options, version }: PlottedBench): PlotData['facts'] {
  return [
    ['seed', String(options.seed)],
    ['image', sketch?.name ?? 'heater.hex, which comes along'],
    ['boards', `two emulated ${kind === 'uno' ? 'Arduino Unos' : 'Arduino Megas'}`],
    ['link', options.link],
    ['inputs of each scenario', String(options.inputs)],
    ...(options.needsBoth === true ? [['commits', 'need both boards'] as const] : []),
    ...(sketch === undefined ? [] : [['world', worldText(sketch).replace(/^World: |\.$/g, '')] as const]),
    ['made by', version],
    ['at', timeText(new Date())],
  ];
}
