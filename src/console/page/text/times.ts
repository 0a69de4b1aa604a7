/** Times as people read them: the hour first, the date only where it is not today's. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' });

/** `14:03:22` */
export function clockText(ms: number): string {
  return clock.format(ms);
}

/** `14:03:22` today, `2026-11-30 14:03:22` otherwise. */
export function momentText(ms: number, nowMs: number): string {
  const date = day.format(ms);
  return date === day.format(nowMs) ? clockText(ms) : `${date} ${clockText(ms)}`;
}

/** `12 s`, `4 min`, `2 h 10 min`, `3 days`: two figures at most. */
export function lengthText(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < MINUTE) return `${Math.floor(whole / SECOND)} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < 2 * DAY) {
    const minutes = Math.floor((whole % HOUR) / MINUTE);
    return `${Math.floor(whole / HOUR)} h${minutes === 0 ? '' : ` ${minutes} min`}`;
  }
  return `${Math.floor(whole / DAY)} days`;
}

/** `12.3 ms`, `1.20 s`, `4 min`: of steps of a timeline. */
export function stepText(ms: number): string {
  if (ms < 1000) return `${ms.toFixed(1)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  return lengthText(ms);
}
