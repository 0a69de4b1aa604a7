import type { Stood } from './reckon-time.js';
import type { Report, ReportedMove } from './report.js';

/** The order in which they are told. */
export const STANDINGS: readonly (readonly [Stood, string])[] = [
  ['protected', 'PROTECTED'],
  ['not-protected', 'NOT PROTECTED'],
  ['stopped', 'stopped'],
  ['not-running', 'the gateway not running'],
  ['not-known', 'not known: from before this was kept'],
];

export function standingWord(stood: Stood): string {
  return STANDINGS.find(([one]) => one === stood)?.[1] ?? stood;
}

/** `3 d 4 h`, `12 min 5 s`, `0.4 s`: the two largest units. */
export function longText(ms: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ];
  const first = units.findIndex(([, length]) => ms >= length);
  const [unit, length] = units[first] ?? [];
  if (unit === undefined || length === undefined) return `${(ms / 1000).toFixed(1)} s`;
  const [next, nextLength] = units[first + 1] ?? [];
  const rest = ms % length;
  const more = next === undefined || nextLength === undefined ? 0 : Math.floor(rest / nextLength);
  return `${Math.floor(ms / length)} ${unit}${more === 0 ? '' : ` ${more} ${next}`}`;
}

export function shareText(ms: number, { from, to }: Pick<Report, 'from' | 'to'>): string {
  const all = Date.parse(to) - Date.parse(from);
  return all === 0 ? '' : `${((ms / all) * 100).toFixed(ms === all ? 0 : 2)} %`;
}

export function moveText({
  from,
  to,
  relayMoveMs,
  proved,
}: Pick<ReportedMove, 'from' | 'to' | 'relayMoveMs' | 'proved'>): string {
  const took = relayMoveMs === null ? 'no relay moved' : `relay moved in ${relayMoveMs.toFixed(1)} ms`;
  return `${from} to ${to}: ${took}${proved === true ? ', proved' : relayMoveMs === null ? '' : ', not proved'}`;
}

export function imagesText(images: Readonly<Record<string, string>>): string {
  const said = Object.entries(images).map(([board, image]) => `${board} ${image}`);
  return said.length === 0 ? 'not said' : said.join(', ');
}
