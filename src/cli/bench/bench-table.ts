import { stripVTControlCharacters } from 'node:util';
import type { BenchReport } from '../../bench/bench-report.js';
import { milliseconds } from '../../faults/plain-words.js';
import { wrap } from '../../faults/wrap-text.js';
import { colours, tableWidth, textWidth } from '../terminal/terminal.js';

/** Names of the columns and how wide each is; the first is as wide as it must be, the last takes what is left. */
export const COLUMNS = [
  ['scenario', 0],
  ['held', 4],
  ['answered', 9],
  ['lost', 4],
  ['twice', 5],
  ['wrong', 5],
  ['noticed', 7],
  ['gap', 7],
  ['drives', 9],
] as const;
const LEFT_ALIGNED = 2;
/** A longer name has a line of its own, so that the table fits a terminal of 84 columns. */
const WIDEST_NAME = 22;
const GAP = '  ';

/**
 * Writes the table line by line, so that a row can be shown as soon as its scenario has ended. Where it needs more than
 * `width`, every name has a line of its own and the columns stand closer: 58 characters.
 */
export class BenchTable {
  readonly #widths: readonly number[];
  readonly #widestName: number;
  readonly #gap: string;

  constructor(scenarios: readonly string[], width: number = tableWidth()) {
    const longest = Math.min(WIDEST_NAME, Math.max(...[COLUMNS[0][0], ...scenarios].map((name) => name.length)));
    const others = COLUMNS.slice(1).reduce((sum, [, column]) => sum + GAP.length + column, GAP.length);
    const isNarrow = others + longest > width;
    this.#widestName = isNarrow ? 0 : WIDEST_NAME;
    this.#gap = isNarrow ? ' ' : GAP;
    this.#widths = COLUMNS.map(([, column], index) => (index > 0 ? column : isNarrow ? 0 : longest));
  }

  heading(): string {
    const [, ...others] = COLUMNS.map(([name]) => name);
    return this.#line([this.#widestName === 0 ? '' : 'scenario', ...others]);
  }

  row(report: BenchReport): string {
    const cells = cellsOf(report);
    if (report.scenario.length <= this.#widestName) return this.#line(cells);
    return `  ${report.scenario}\n${this.#line(['', ...cells.slice(1)])}`;
  }

  #line(cells: readonly string[]): string {
    const padded = cells.map((cell, index) => {
      const room = ' '.repeat(Math.max(0, (this.#widths[index] ?? 0) - stripVTControlCharacters(cell).length));
      const isLeft = index < LEFT_ALIGNED || index === COLUMNS.length - 1;
      return isLeft ? cell + room : room + cell;
    });
    return `${this.#gap}${padded.join(this.#gap)}`.trimEnd();
  }
}

/** The same without colours, for a page. */
export function tableCells(report: BenchReport): readonly string[] {
  return cellsOf(report).map(stripVTControlCharacters);
}

function cellsOf(report: BenchReport): readonly string[] {
  return [
    report.scenario,
    report.held ? colours.green('yes') : colours.red('NO'),
    `${report.completed} / ${report.inputs}`,
    bad(report.lost),
    bad(report.duplicated),
    bad(report.wrongAtActuator),
    report.detectionMs === null ? '–' : short(report.detectionMs),
    report.actuatorGapMs === null ? '–' : short(report.actuatorGapMs),
    report.drives.join(' > '),
  ];
}

function bad(count: number): string {
  return count === 0 ? '0' : colours.red(String(count));
}

function short(ms: number): string {
  return ms >= 10 ? `${Math.round(ms)} ms` : milliseconds(ms);
}

/** What a person reads below the table. `next`: commands that show more. */
export function benchSummary(
  reports: readonly BenchReport[],
  seconds: number,
  next: readonly string[],
  judged = 'at the oven',
): string {
  const held = reports.filter((report) => report.held).length;
  const broken = reports.filter((report) => !report.held).flatMap(brokenPromise);
  const slippedMs = reports.reduce((sum, report) => sum + report.slippedMs, 0);
  // A second and more than a tenth: worth a line, because somebody waits for it.
  const emulatedS = reports.reduce((sum, report) => sum + report.emulatedMs, 0) / 1000;
  const pace = `${secondsText(emulatedS)} s of the pair's time: ${speed(emulatedS / seconds)}`;
  const slow =
    slippedMs < Math.max(1000, seconds * 100)
      ? []
      : [
          `This machine was busy or is slow: the emulated boards ran ${(slippedMs / 1000).toFixed(0)} s behind the clock, so it took longer.`,
        ];
  return [
    ...broken,
    `${held} of ${reports.length} held in ${secondsText(seconds)} s (${pace}), judged ${judged}, not by the gateway. Not provable here: docs/bench.md`,
    ...slow,
    ...(next.length === 0 ? [] : [`Next: ${next.join(' · ')}`]),
  ].join('\n');
}

/** `0.4`, `12`: nothing takes 0 s. */
function secondsText(seconds: number): string {
  return seconds.toFixed(seconds < 9.95 ? 1 : 0);
}

function speed(ratio: number): string {
  // Two digits of a machine that is very busy: nothing is 0 times as fast.
  const text = ratio >= 10 ? ratio.toFixed(0) : ratio >= 0.1 ? ratio.toFixed(1) : String(Number(ratio.toPrecision(2)));
  return `${text} times as fast as real time`;
}

function brokenPromise({ scenario, promise, failures }: BenchReport): readonly string[] {
  const lines = [`${scenario} promises: ${promise}`, ...failures.map((failure) => `instead: ${failure}`)];
  return lines.flatMap((line, index) =>
    wrap(line, textWidth() - 12).map((part, row) =>
      index + row === 0 ? `  ${colours.red('not held')}  ${part}` : `            ${part}`,
    ),
  );
}

/** The report whose story somebody wants to read first: of what went wrong, else of a takeover. */
export function mostTelling(reports: readonly BenchReport[]): BenchReport | undefined {
  const withFaults = reports.filter(({ reason }) => reason !== null);
  return (
    withFaults.find(({ held }) => !held) ??
    withFaults.find(({ scenario }) => scenario === 'primary-slow') ??
    withFaults.find(({ drives }) => drives.length > 1) ??
    withFaults.at(0)
  );
}
