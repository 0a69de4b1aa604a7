import type { BoardStatus, ClientsStatus, NextStep, Status } from '../../control/contract/status.js';
import { joiningText } from '../../control/joining-text.js';
import { wrap } from '../../faults/wrap-text.js';
import { colours } from '../terminal/terminal.js';
import { textTable } from '../terminal/text-table.js';
import { wearRows } from './wear-rows.js';

const MOST_SHOWN = 8;

/** How the command line is called here, and what it has to be told to find this gateway again. */
export interface CopycatCommand {
  readonly name: string;
  /** Empty, or ` -c FILE`. */
  readonly option: string;
}

/** What copycat status shows: protected or not in the first word, why in the first line. */
export function statusText(status: Status, copycat: CopycatCommand): string {
  const verdict = status.protected ? colours.green('PROTECTED') : colours.red('NOT PROTECTED');
  const { relay, ledger, inputs } = status;
  const facts: [string, string][] = [
    ['phase', `${status.phase}, up ${uptime(status.upMs)}`],
    ['primary', `${status.primary} (epoch ${status.epoch})`],
    ['relay', `at ${relay.commanded}${relay.proved ? ', proved by its feedback' : ', not proved'}`],
    ...(relay.wear === undefined ? [] : wearRows(relay.wear)),
    [
      'inputs',
      `${inputs.answered} answered${rejectedText(inputs.rejected)}, ${inputs.pending} pending, ${inputs.refused} refused`,
    ],
    ...(status.clients === undefined ? [] : [clientsRow(status.clients)]),
    ...waitingForAPerson(inputs.quarantined),
    [
      'ledger',
      `${ledger.path}${ledger.recordedToDisk ? '' : colours.red(', NOT RECORDED TO DISK')}, ${ledger.waiting} waiting`,
    ],
    ...(status.log === undefined || status.log.droppedLines === 0
      ? []
      : [
          ['log', `${status.log.droppedLines} lines dropped: whoever reads it was stopped, gone or full`] as [
            string,
            string,
          ],
        ]),
    ...countersOf(status.counters).filter(([name]) => !['answered', 'refused', 'pending'].includes(name)),
  ];
  const boards = status.boards.map((board) => [
    board.board,
    roleText(board),
    board.link,
    String(board.session),
    String(board.behind),
    countersOf(board.counters)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || '–',
  ]);
  return [
    `${status.name}: ${verdict} · ${status.why}`,
    ...nextLines(status.next, copycat),
    ...(ledger.why === null
      ? []
      : wrap(`not recorded to disk: ${ledger.why}`, 98).map((line) => `  ${colours.red(line)}`)),
    ...status.warnings.flatMap((warning) => wrap(warning, 98).map((line) => `  ${colours.yellow(line)}`)),
    textTable(facts),
    '',
    textTable([['board', 'role', 'link', 'session', 'behind', 'counted'], ...boards], [3, 4]),
    ...status.boards.flatMap(liveLines),
    ...status.boards.flatMap(portLines),
  ].join('\n');
}

/** What to do, and the commands for it, to be typed as they stand. */
function nextLines(next: NextStep | null, { name, option }: CopycatCommand): readonly string[] {
  if (next === null) return [];
  const commands = next.commands.map((command) => `      ${name} ${command}${option}`);
  return [...wrap(`do: ${next.text}${commands.length > 0 ? ':' : ''}`, 98).map((line) => `  ${line}`), ...commands];
}

/** What it computed last, where the configuration names it: `board a: duty 36 %, trip no (input 4711, 12 ms ago)`. */
function liveLines({ board, live }: BoardStatus): readonly string[] {
  if (live == null || (live.values.length === 0 && live.rejected !== true)) return [];
  const values = live.values.map(({ name, value, unit }) => {
    const told = typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
    return `${name} ${told}${unit === '' ? '' : ` ${unit}`}`;
  });
  return wrap(
    `board ${board}: ${live.rejected === true ? 'rejected' : values.join(', ')} (input ${live.seq}, ${live.ageMs < 1000 ? `${live.ageMs} ms` : uptime(live.ageMs)} ago)`,
    98,
  ).map((line) => `  ${line}`);
}

/** A board whose port is not as it should be: what is the matter, and what to do about it. */
function portLines({ board, port }: BoardStatus): readonly string[] {
  if (port == null || port.trouble === null) return [];
  const { name, text, remedy } = port.trouble;
  const lines = [`board ${board}: ${name.replaceAll('-', ' ')}: ${text}`, ...(remedy === '' ? [] : [`do: ${remedy}`])];
  return lines.flatMap((line) => wrap(line, 98)).map((line) => `  ${colours.yellow(line)}`);
}

/** R32: who is connected; what was refused or ended only where it was. */
function clientsRow(clients: ClientsStatus): [string, string] {
  const { open, most, connections, refused, gaveWay, cutOff, badLines } = clients;
  const counts: readonly (readonly [number, string])[] = [
    [refused, 'refused'],
    [gaveWay, 'idle ones ended for new ones'],
    [cutOff, 'ended because they did not read'],
    [badLines, 'bad lines'],
  ];
  const told = counts.filter(([count]) => count > 0).map(([count, what]) => `, ${count} ${what}`);
  return ['clients', `${open} of at most ${most}, ${connections} in all${told.join('')}`];
}

/** Told only where there are some; absent: a gateway of before. */
function rejectedText(rejected = 0): string {
  return rejected === 0 ? '' : ` (${rejected} of them rejected by the sketch)`;
}

/** R22 */
function waitingForAPerson(quarantined: readonly number[]): [string, string][] {
  if (quarantined.length === 0) return [];
  const shown = quarantined.slice(0, MOST_SHOWN).join(', ');
  const more = quarantined.length > MOST_SHOWN ? ` and ${quarantined.length - MOST_SHOWN} more` : '';
  return [['quarantined', `${shown}${more}: two boards failed on each`]];
}

function roleText({ role, joining }: BoardStatus): string {
  return joining === null ? role : `joining: ${joiningText(joining)}`;
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
