/**
 * The one clock that people are shown: that of this host, with its distance to UTC; with --utc UTC itself. Programs get
 * ISO 8601 in UTC (--json).
 */
let isUtc = false;

/** --utc: from here on times are printed in UTC. */
export function useUtc(): void {
  isUtc = true;
}

export function printsUtc(): boolean {
  return isUtc;
}

type Time = string | number | Date;

/** `2026-11-30 17:44:15 +01:00`: a second exactly, and where it counts from. */
export function timeText(time: Time): string {
  return `${dateAndClock(time)} ${offsetText(time)}`;
}

/** `2026-11-30 17:44:15.125 +01:00`: to be found in other logs. */
export function exactTimeText(time: Time): string {
  const ms = new Date(time).getMilliseconds();
  return `${dateAndClock(time)}.${String(ms).padStart(3, '0')} ${offsetText(time)}`;
}

/** `17:44:15`, for a log of now, whose offset is said once where it begins. */
export function clockTime(time: Time): string {
  return dateAndClock(time).slice(11);
}

/**
 * Times for a column of a table: the offset stands in the heading, or behind each where they are not all the same, as
 * across the end of summer time.
 */
export function timeColumn(times: readonly Time[]): { readonly heading: string; readonly cells: readonly string[] } {
  const offsets = new Set(times.map(offsetText));
  const [offset] = offsets;
  if (offset === undefined) return { heading: 'when', cells: [] };
  if (offsets.size > 1) return { heading: 'when', cells: times.map(timeText) };
  return { heading: `when (${offset})`, cells: times.map(dateAndClock) };
}

/** `+01:00`, or `UTC` where there is no distance to it. */
function offsetText(time: Time): string {
  const minutes = offsetMinutes(time);
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

function dateAndClock(time: Time): string {
  const shifted = new Date(new Date(time).getTime() + offsetMinutes(time) * 60_000);
  // A time that is none stands as it is kept: a damaged ledger is still read.
  return Number.isNaN(shifted.getTime()) ? String(time) : shifted.toISOString().slice(0, 19).replace('T', ' ');
}

function offsetMinutes(time: Time): number {
  const minutes = isUtc ? 0 : -new Date(time).getTimezoneOffset();
  return Number.isNaN(minutes) ? 0 : minutes;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
