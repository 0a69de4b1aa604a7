import type { Status } from '../control/status.js';
import { wrap } from '../faults/wrap-text.js';
import { colours } from './terminal.js';
import { textTable } from './text-table.js';

/** What copycat status shows: protected or not in the first word, why in the first line. */
export function statusText(status: Status): string {
  const verdict = status.protected ? colours.green('PROTECTED') : colours.red('NOT PROTECTED');
  const { relay, ledger, inputs } = status;
  const facts: [string, string][] = [
    ['phase', `${status.phase}, up ${uptime(status.upMs)}`],
    ['primary', `${status.primary} (epoch ${status.epoch})`],
    ['relay', `at ${relay.commanded}${relay.proved ? ', proved by its feedback' : ', not proved'}`],
    ['inputs', `${inputs.answered} answered, ${inputs.pending} pending, ${inputs.refused} refused`],
    [
      'ledger',
      `${ledger.path}${ledger.recordedToDisk ? '' : colours.red(', NOT RECORDED TO DISK')}, ${ledger.waiting} waiting`,
    ],
    ...countersOf(status.counters).filter(([name]) => !['answered', 'refused', 'pending'].includes(name)),
  ];
  const boards = status.boards.map((board) => [
    board.board,
    board.role,
    board.link,
    String(board.session),
    String(board.behind),
    countersOf(board.counters)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || '–',
  ]);
  return [
    `${status.name}: ${verdict} · ${status.why}`,
    ...status.warnings.flatMap((warning) => wrap(warning, 98).map((line) => `  ${colours.yellow(line)}`)),
    textTable(facts),
    '',
    textTable([['board', 'role', 'link', 'session', 'behind', 'counted'], ...boards], [3, 4]),
  ].join('\n');
}

function countersOf(counters: Readonly<Record<string, number>>): [string, string][] {
  return Object.entries(counters)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => [
      name
        .replaceAll('-', ' ')
        .replace(/([a-z])([A-Z])/g, '$1 $2')
        .toLowerCase(),
      String(count),
    ]);
}

function uptime(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  const minutes = Math.floor(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
