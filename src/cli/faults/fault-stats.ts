import type { LedgerStats } from '../../ledger/reader/read-stats.js';
import { textTable } from '../terminal/text-table.js';
import { timeColumn } from '../terminal/time-text.js';

/** A ledger in figures, and where it is. */
export interface NamedStats extends LedgerStats {
  readonly scenario: string | null;
  readonly ledger: string;
}

/** One ledger in figures, for a person. `path` as short as it can be typed. */
export function statsText(stats: NamedStats, path: string): string {
  const boards = stats.boards.map(({ board, standing }) => `${board} ${standing.replace('-', ' ')}`).join(', ');
  const inputs =
    stats.inputs === null
      ? 'not readable now'
      : `${stats.inputs.finished} finished${rejectedText(stats.inputs.rejected)}, ${stats.inputs.unfinished} unfinished`;
  const facts: [string, string][] = [
    ...(stats.scenario === null ? [] : [['scenario', stats.scenario] satisfies [string, string]]),
    ['ledger', `${path} (durability: ${stats.durability})`],
    ['primary', `${stats.owner}, epoch ${stats.epoch}, ${stats.takeovers} takeover${stats.takeovers === 1 ? '' : 's'}`],
    ['boards', boards],
    ['inputs', inputs],
    ['faults', stats.faults === 0 ? 'none' : `${stats.faults}, ${stats.openFaults} of them open`],
    ...Object.entries(stats.counters).map(([name, total]): [string, string] => [
      `counted: ${name.replace(/ (\S+)$/, ' ($1)')}`,
      String(total),
    ]),
  ];
  const blocks = [textTable(facts)];
  if (stats.byCode.length > 0) {
    const last = timeColumn(stats.byCode.map(({ lastWallTime }) => lastWallTime));
    const rows = stats.byCode.map(({ code, board, count, open }, row) => [
      code,
      board ?? '–',
      String(count),
      String(open),
      last.cells[row] ?? '–',
    ]);
    blocks.push(
      textTable([['fault', 'board', 'times', 'open', last.heading.replace('when', 'last')], ...rows], [2, 3]),
    );
  }
  return blocks.join('\n\n');
}

/** Told only where there are some: most sketches reject nothing. */
function rejectedText(rejected: number): string {
  return rejected === 0 ? '' : ` (${rejected} of them rejected by the sketch)`;
}

/** What a bench left, one line a run. */
export function benchStatsText(all: readonly NamedStats[]): string {
  const rows = all.map(({ scenario, owner, takeovers, inputs, byCode, openFaults }) => [
    scenario ?? '–',
    inputs === null ? '–' : String(inputs.finished),
    String(takeovers),
    owner,
    byCode
      .map(({ code, board, count }) => `${code}${board === null ? '' : ` ${board}`}${count > 1 ? ` ×${count}` : ''}`)
      .join(', ') || 'none',
    String(openFaults),
  ]);
  return textTable([['scenario', 'inputs', 'takeovers', 'drives', 'faults', 'open'], ...rows], [1, 2, 5]);
}
