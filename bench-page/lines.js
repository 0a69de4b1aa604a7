/** @import { Track, TrackLine } from '../src/bench/plot/run-trace.js' */

/** Where a value holds from its time on: what it is at a time, and its line as a path. */

/** @typedef {TrackLine['points']} Points */

/**
 * The time from which a line no longer says anything.
 * @param {TrackLine} line
 */
export const endOf = ({ untilUs }) => untilUs ?? Number.POSITIVE_INFINITY;

/**
 * Place of the last point at or before a time; -1: none.
 * @param {Points} points
 * @param {number} atUs
 */
export function placeAt(points, atUs) {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.[0] ?? 0) <= atUs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * @param {Points} points
 * @param {number} atUs
 */
export function valueAt(points, atUs) {
  return points[placeAt(points, atUs)]?.[1] ?? null;
}

/**
 * A path of steps. Where many fall on one pixel, their lowest and highest are drawn: nothing that lasted shortly disappears.
 * @param {Points} points
 * @param {{ from: number, to: number }} window
 * @param {(us: number) => number} x
 * @param {(value: number) => number} y
 */
export function stepPath(points, { from, to }, x, y) {
  const first = Math.max(0, placeAt(points, from));
  let path = '';
  let column = Number.NaN;
  let [low, high, last] = [0, 0, 0];
  const close = () => {
    if (high > low) path += `V${y(low).toFixed(1)}V${y(high).toFixed(1)}`;
    path += `V${y(last).toFixed(1)}`;
  };
  for (let place = first; place < points.length; place++) {
    const [atUs, value] = points[place] ?? [0, 0];
    if (atUs > to) break;
    const at = Math.round(Math.max(x(from), x(atUs)) * 2) / 2;
    if (at !== column) {
      if (path === '') path = `M${at} ${y(value).toFixed(1)}`;
      else {
        close();
        path += `H${at}`;
      }
      [column, low, high] = [at, value, value];
    }
    [low, high, last] = [Math.min(low, value), Math.max(high, value), value];
  }
  if (path === '') return '';
  close();
  return `${path}H${x(to).toFixed(1)}`;
}

/**
 * The range that a lane shows: of all that it ever has, so that it does not change while somebody looks around.
 * @param {readonly Track[]} tracks
 * @returns {[number, number]}
 */
export function rangeOf(tracks) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { lines } of tracks) {
    for (const { points } of lines) {
      for (const [, value] of points) [low, high] = [Math.min(low, value), Math.max(high, value)];
    }
  }
  if (tracks[0]?.kind === 'output') return [0, 255];
  if (low === high) return low === 0 ? [0, 1] : [Math.min(0, low), Math.max(0, high)];
  return [low, high];
}
