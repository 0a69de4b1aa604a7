import type { Status } from '../../control/contract/status.js';
import { wrap } from '../../faults/wrap-text.js';
import { wearRows } from '../status/wear-rows.js';
import { colours } from '../terminal/terminal.js';
import { timeText } from '../terminal/time-text.js';
import { bar, sparkline } from './sparkline.js';
import type { WatchedField, WatchedValues } from './watched-values.js';

export interface Picture {
  readonly status: Status;
  readonly seen: WatchedValues;
  /** Since when this board drives; null: it is not known. */
  readonly drivesSince: string | null;
  /** Nothing newer is known since then, and why; null: it is fresh. */
  readonly stale: { readonly sinceMs: number; readonly why: string } | null;
}

const BAR = 6;
const MOST_SPARK = 40;

/** The first screen of a pair, `width` columns wide: what is wrong comes first. */
export function watchText({ status, seen, drivesSince, stale }: Picture, width: number): string {
  const lines = [
    ...headline(status, stale, width),
    ...wrap(drivesText(status, drivesSince), width),
    ...(status.relay.wear === undefined ? [] : wearRows(status.relay.wear, false).map((row) => row.join(' ').trim())),
    '',
    ...countRows(status, seen, width),
    ...(seen.fields.length === 0 ? [] : ['', ...fieldRows(status, seen.fields, width)]),
  ];
  const text = lines.map((line) => line.trimEnd());
  return stale === null ? text.join('\n') : [text[0], ...text.slice(1).map((line) => colours.dim(line))].join('\n');
}

function headline({ name, protected: isProtected, why }: Status, stale: Picture['stale'], width: number): string[] {
  if (stale !== null) {
    const [first = '', ...more] = wrap(`${name}: STALE since ${timeText(stale.sinceMs)} · ${stale.why}`, width);
    return [first.replace('STALE', colours.red('STALE')), ...more];
  }
  const words = isProtected ? 'PROTECTED' : 'NOT PROTECTED';
  const [first = '', ...more] = wrap(`${name}: ${words} · ${why}`, width);
  return [first.replace(words, isProtected ? colours.green(words) : colours.red(words)), ...more];
}

function drivesText({ primary, relay }: Status, since: string | null): string {
  const drives = `board ${primary} drives${since === null ? '' : ` since ${timeText(since)}`}`;
  if (relay.kind === 'none') return drives;
  return `${drives} · relay at ${relay.commanded}, ${relay.proved ? 'proved' : 'not proved'}`;
}

function countRows(
  { inputs, boards, primary, latency, lastInput }: Status,
  seen: WatchedValues,
  width: number,
): string[] {
  const rate = seen.rates.at(-1);
  const behind = boards
    .filter(({ board }) => board !== primary)
    .map(({ board, role, behind: count }) => `board ${board}, ${role}${role === 'backup' ? `: ${count} behind` : ''}`);
  const values = (lastInput?.values ?? []).map(({ name, value, unit }) => `${name} ${valueText(value, unit)}`);
  const rows: [string, string][] = [
    ['other', behind.join('; ')],
    ['rate', rate === undefined ? 'not known yet' : `${rate.toFixed(1)} answers/s`],
    ...(latency == null
      ? []
      : [['latency', `${latency.medianMs} ms, worst ${latency.worstMs} ms`] satisfies [string, string]]),
    ['inputs', `${inputs.answered} answered, ${inputs.pending} in work, ${inputs.refused} refused`],
    ...(values.length === 0 ? [] : [['newest', values.join(', ')] satisfies [string, string]]),
  ];
  return rows.map(([name, text]) => {
    const line = `${name.padEnd(9)}${text}`;
    const room = Math.min(MOST_SPARK, width - line.length - 2);
    return name !== 'rate' || room < 8 ? cut(line, width) : `${line}  ${sparkline(seen.rates, room)}`;
  });
}

/** A row a field: its value on each board, how far that of the board that drives is, and how it went. */
function fieldRows({ boards, primary }: Status, fields: readonly WatchedField[], width: number): string[] {
  const cells = fields.map(({ name, unit, now }) => [
    name,
    ...boards.map(({ board }) => valueText(now.get(board) ?? null, unit)),
  ]);
  const head = ['', ...boards.map(({ board }) => (board === primary ? `${board} drives` : board))];
  const most = Math.max(8, Math.floor((width - BAR - 12) / head.length) - 2);
  const widths = head.map((_, column) =>
    Math.min(most, Math.max(...[head, ...cells].map((row) => (row[column] ?? '').length))),
  );
  const laid = (row: readonly string[]): string =>
    row.map((cell, column) => cut(cell, widths[column] ?? 0).padEnd(widths[column] ?? 0)).join('  ');
  const room = Math.min(MOST_SPARK, width - widths.reduce((sum, one) => sum + one + 2, 0) - BAR - 2);
  return [
    cut(laid(head), width),
    ...fields.map(({ history }, index) => {
      const row = `${laid(cells[index] ?? [])}  ${bar(history.at(-1) ?? null, history, BAR)}`;
      return cut(room < 8 ? row : `${row}  ${sparkline(history, room)}`, width);
    }),
  ];
}

function valueText(value: number | boolean | null, unit: string): string {
  if (value === null) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return `${Number(value.toFixed(3))}${unit === '' ? '' : ` ${unit}`}`;
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
