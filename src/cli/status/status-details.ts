import type { ClientsStatus, Status } from '../../control/contract/status.js';
import { textTable } from '../terminal/text-table.js';

/** What `copycat status --verbose` adds: what was counted, and where things are. */
export function statusDetails(status: Status): readonly string[] {
  const { ledger } = status;
  const facts: [string, string][] = [
    ['phase', `${status.phase}, up ${durationText(status.upMs)}`],
    ['epoch', String(status.epoch)],
    ['ledger', `${ledger.path}, ${ledger.waiting} waiting`],
    ...(status.clients === undefined ? [] : [clientsRow(status.clients)]),
    ...kindsOf(status),
    ...countersOf(status.counters).filter(([name]) => !['answered', 'refused', 'pending'].includes(name)),
  ];
  const boards = status.boards.map((board) => [
    board.board,
    String(board.session),
    countersOf(board.counters)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || '–',
  ]);
  return [
    '',
    textTable(facts),
    ...(boards.length === 0 ? [] : ['', textTable([['board', 'session', 'counted'], ...boards], [1])]),
  ];
}

/** What nobody has said of a kind, word by word. */
function kindsOf({ boards }: Status): [string, string][] {
  return boards.flatMap(({ board, kind }) =>
    kind === undefined || kind.notKnown.length === 0 ? [] : [[`not known of ${board}`, kind.notKnown.join('; ')]],
  );
}

/** R32: who is connected; what was refused or ended only where it was. */
function clientsRow(clients: ClientsStatus): [string, string] {
  const { open, most, connections, refused, gaveWay, cutOff, badLines, askedAgain = 0, withheldAnswers = 0 } = clients;
  const counts: readonly (readonly [number, string])[] = [
    [refused, 'refused'],
    [gaveWay, 'idle ones ended for new ones'],
    [cutOff, 'ended because they did not read'],
    [badLines, 'bad lines'],
    [askedAgain, 'asked again and done once'],
    [withheldAnswers, 'answers withheld as too late'],
  ];
  const told = counts.filter(([count]) => count > 0).map(([count, what]) => `, ${count} ${what}`);
  return ['clients', `${open} of at most ${most}, ${connections} in all${told.join('')}`];
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

/** `12 ms`, `5 s`, `3 min`, `2 h 5 min` */
export function durationText(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  const minutes = Math.floor(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
