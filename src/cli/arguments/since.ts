import { CopycatError } from '../../errors/copycat-error.js';
import { printsUtc } from '../terminal/time-text.js';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * `2h` ago, `2026-11-30`, `2026-11-30 17:44`, `17:44`, by the clock that times are printed in, or with an offset of its own → ISO 8601 in UTC.
 * Throws USAGE.
 */
export function since(text: string, nowMs: number = Date.now(), isUtc: boolean = printsUtc()): string {
  const time = new Date(msOf(text.trim(), nowMs, isUtc));
  // A number before its unit may lead further than any date.
  if (!Number.isNaN(time.getTime()) && time.getFullYear() >= 0) return time.toISOString();
  throw new CopycatError('USAGE', `${text === '' ? 'nothing' : text} is no time`, {
    value: text,
    expected: 'how long ago (90s, 10min, 2h, 3d, 1w), a date, or a time of day',
  });
}

function msOf(text: string, nowMs: number, isUtc: boolean): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(s|min|h|d|w)$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) return nowMs - Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
  const [, hour, minute, second = '0'] = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text) ?? [];
  if (hour !== undefined && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60) {
    const day = new Date(nowMs);
    const clock = [Number(hour), Number(minute), Number(second), 0] as const;
    return isUtc ? day.setUTCHours(...clock) : day.setHours(...clock);
  }
  const [, date, rest = ''] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}.*))?$/.exec(text) ?? [];
  if (date === undefined) return Number.NaN;
  // A date without a time begins at midnight where its reader is.
  const zone = isUtc && !/(?:Z|[+-]\d{2}:?\d{2})$/.test(rest) ? 'Z' : '';
  return Date.parse(`${date}T${rest === '' ? '00:00' : rest}${zone}`);
}
