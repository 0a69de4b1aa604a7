import type { LedgerStats } from '../ledger/read-stats.js';
import { textTable } from './text-table.js';

/** The ledger in figures, for a person. */
export function statsText(path: string, stats: LedgerStats): string {
  const boards = stats.boards.map(({ board, standing }) => `${board} ${standing.replace('-', ' ')}`).join(', ');
  const inputs =
    stats.inputs === null
      ? 'not readable now'
      : `${stats.inputs.finished} finished, ${stats.inputs.unfinished} unfinished`;
  const facts: [string, string][] = [
    ['ledger', `${path} (durability ${stats.durability})`],
    ['primary', `${stats.owner}, epoch ${stats.epoch}, ${stats.takeovers} takeover${stats.takeovers === 1 ? '' : 's'}`],
    ['boards', boards],
    ['inputs', inputs],
    ['faults', `${stats.faults}, of them ${stats.openFaults} open`],
    ...Object.entries(stats.counters).map(([name, total]): [string, string] => [name, String(total)]),
  ];
  const blocks = [textTable(facts)];
  if (stats.byCode.length > 0) {
    const rows = stats.byCode.map(({ code, board, count, open, lastWallTime }) => [
      code,
      board ?? '–',
      String(count),
      String(open),
      lastWallTime.slice(0, 19).replace('T', ' '),
    ]);
    blocks.push(textTable([['fault', 'board', 'times', 'open', 'last'], ...rows], [2, 3]));
  }
  return blocks.join('\n\n');
}
