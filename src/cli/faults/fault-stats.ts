import type { LedgerStats } from '../../ledger/reader/read-stats.js';
import { colours } from '../terminal/terminal.js';
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
    [
      'primary',
      `${stats.owner}, epoch ${stats.epoch}, ${times(stats.takeovers, 'takeover')}, ${times(stats.switchovers, 'planned switchover')}`,
    ],
    ['boards', boards],
    ['inputs', inputs],
    ['faults', stats.faults === 0 ? 'none' : `${stats.faults}, ${stats.openFaults} of them open`],
    ['events', stats.events === 0 ? 'none' : `${stats.events}, planned and closed by themselves`],
    ...Object.entries(stats.counters).map(([name, total]): [string, string] => [
      `counted: ${name.replace(/ (\S+)$/, ' ($1)')}`,
      String(total),
    ]),
  ];
  const blocks = [textTable(facts)];
  if (stats.byCode.length > 0) {
    // Faults first.
    const byCode = [...stats.byCode].sort((one, other) => Number(one.event) - Number(other.event));
    const last = timeColumn(byCode.map(({ lastWallTime }) => lastWallTime));
    const rows = byCode.map(({ event, code, board, count, open }, row) => [
      code,
      board ?? '–',
      String(count),
      event ? 'event' : String(open),
      last.cells[row] ?? '–',
    ]);
    const head = ['fault', 'board', 'times', 'open', last.heading.replace('when', 'last')];
    const shaded = rows.map((row, index) => (byCode[index]?.event === true ? row.map(colours.dim) : row));
    blocks.push(textTable([head, ...shaded], [2, 3]));
  }
  return blocks.join('\n\n');
}

/** Told only where there are some: most sketches reject nothing. */
function rejectedText(rejected: number): string {
  return rejected === 0 ? '' : ` (${rejected} of them rejected by the sketch)`;
}

function times(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function namesOf(byCode: NamedStats['byCode'], areEvents: boolean): string {
  const told = byCode
    .filter(({ event }) => event === areEvents)
    .map(({ code, board, count }) => `${code}${board === null ? '' : ` ${board}`}${count > 1 ? ` ×${count}` : ''}`);
  return told.join(', ');
}

/** What a bench left, one line a run. */
export function benchStatsText(all: readonly NamedStats[]): string {
  const haveEvents = all.some(({ events }) => events > 0);
  const rows = all.map(({ scenario, owner, takeovers, inputs, byCode, openFaults }) => [
    scenario ?? '–',
    inputs === null ? '–' : String(inputs.finished),
    String(takeovers),
    owner,
    namesOf(byCode, false) || 'none',
    String(openFaults),
    ...(haveEvents ? [namesOf(byCode, true)] : []),
  ]);
  const events = haveEvents ? ['events'] : [];
  return textTable([['scenario', 'inputs', 'takeovers', 'drives', 'faults', 'open', ...events], ...rows], [1, 2, 5]);
}
