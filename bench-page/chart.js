/** @import { RunTrace } from '../src/bench/plot/run-trace.js' */
/** @import { Lane, View } from './lanes.js' */
import { lanesOf } from './lanes.js';
import { drawMarks, marksOf } from './marks.js';
import { svg } from './nodes.js';
import { roundTimes, timeText } from './text.js';

/** All lanes of a run over one time, drawn for a width and a window of time. */

const HEAD = 44;
const FOOT = 22;
const GAP = 14;
/** On a narrow page the names stand above their lanes. */
const NARROW = 640;
const NAMES = 190;
const ENDS = 54;
const TITLE = 15;
/** Below such a lane nothing can be written before the next; beside its name it can. */
const LOW = 40;
const BESIDE = 84;
/** Beside a lane there is room for so many characters. */
const LONGEST_TITLE = 25;

/**
 * @param {RunTrace} run
 * @returns {[number, number]} what a run has, in microseconds
 */
export function wholeOf(run) {
  const first = Math.min(0, ...run.tracks.flatMap(({ lines }) => lines.map(({ points }) => points[0]?.[0] ?? 0)));
  return [first, run.endUs];
}

/**
 * @param {RunTrace} run
 * @param {number} width
 * @param {[number, number]} window
 */
export function drawChart(run, width, [from, to]) {
  const isNarrow = width < NARROW;
  const left = isNarrow ? ENDS : NAMES + ENDS;
  const right = width - 8;
  /** @type {View} */
  const view = { from, to, left, right, x: (us) => left + ((us - from) / (to - from)) * (right - left) };
  const lanes = lanesOf(run);
  /** @type {{ lane: Lane, top: number, readout: SVGElement }[]} */
  const placed = [];
  let top = HEAD;
  for (const lane of lanes) {
    if (isNarrow) top += TITLE;
    // Names on the left, or on a narrow page above their lane; what holds at a time stands below or beside them.
    const readout = isNarrow
      ? svg('text', { class: 'readout', x: right, y: top - 4, 'text-anchor': 'end' })
      : lane.height < LOW
        ? svg('text', { class: 'readout', x: BESIDE, y: top + 12 })
        : svg('text', { class: 'readout', x: 0, y: top + 38 });
    placed.push({ lane, top, readout });
    top += lane.height + GAP + (isNarrow ? 2 : 0);
  }
  const bottom = top - GAP + 4;
  const chart = svg('svg', {
    class: 'chart',
    width,
    height: bottom + FOOT,
    viewBox: `0 0 ${width} ${bottom + FOOT}`,
    role: 'img',
  });
  chart.append(
    ...placed.map(({ lane, top: y }) =>
      svg('rect', { class: 'lane', x: left, y, width: right - left, height: lane.height }),
    ),
    ...gridOf(view, bottom),
    ...placed.flatMap(({ lane, top: y, readout }) => [
      ...namesOf(lane, y, left, isNarrow),
      ...lane.draw(view, y),
      readout,
    ]),
    ...drawMarks(marksOf(run), view, bottom),
  );
  return { chart, view, bottom, placed, isNarrow };
}

/** @param {View} view @param {number} bottom */
function gridOf(view, bottom) {
  const { from, to, left, right, x } = view;
  const { times, step } = roundTimes(from, to, (right - left) / 90);
  return times.flatMap((at) => [
    svg('path', { class: at === 0 ? 'grid grid-zero' : 'grid', d: `M${x(at).toFixed(1)} ${HEAD - 6}V${bottom}` }),
    ...[HEAD - 10, bottom + 15].map((y) => {
      const anchor = x(at) > right - 24 ? 'end' : x(at) < left + 16 ? 'start' : 'middle';
      return svg(
        'text',
        { class: 'axis', x: x(at).toFixed(1), y, 'text-anchor': anchor },
        at === 0 ? '0' : timeText(at, step),
      );
    }),
  ]);
}

/**
 * @param {Lane} lane
 * @param {number} top
 * @param {number} left
 * @param {boolean} isNarrow
 */
function namesOf({ title, unit, height, ends }, top, left, isNarrow) {
  /** @type {SVGElement[]} */
  const nodes = [];
  if (isNarrow) {
    nodes.push(svg('text', { class: 'title', x: 0, y: top - 4 }, title, svg('tspan', { class: 'unit', dx: 6 }, unit)));
  } else {
    const shown = title.length > LONGEST_TITLE ? `${title.slice(0, LONGEST_TITLE - 1)}…` : title;
    nodes.push(svg('text', { class: 'title', x: 0, y: top + 12 }, shown, svg('title', {}, title)));
    if (unit !== '') nodes.push(svg('text', { class: 'unit', x: 0, y: top + 26 }, unit));
  }
  if (ends !== null) {
    nodes.push(svg('text', { class: 'end', x: left - 5, y: top + 9, 'text-anchor': 'end' }, ends[0]));
    nodes.push(svg('text', { class: 'end', x: left - 5, y: top + height, 'text-anchor': 'end' }, ends[1]));
  }
  return nodes;
}
