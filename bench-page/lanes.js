/** @import { RunTrace, Track } from '../src/bench/plot/run-trace.js' */
import { endOf, placeAt, rangeOf, stepPath, valueAt } from './lines.js';
import { svg } from './nodes.js';
import { timeText, valueText } from './text.js';

/** The rows of a chart, one below the other, over the same time. */

/**
 * @typedef {{ from: number, to: number, left: number, right: number, x: (us: number) => number }} View
 * @typedef {{ text: string, of?: string }} Said  what holds at a time, and whose it is
 * @typedef {object} Lane
 * @property {string} title
 * @property {string} unit
 * @property {number} height
 * @property {[string, string] | null} ends  what stands at its top and at its bottom
 * @property {(view: View, top: number) => SVGElement[]} draw
 * @property {(atUs: number) => Said[]} say
 */

/** How the first and the second line of a lane look, as text. */
const SAMPLES = ['—', '‑·‑'];
const LINE_NAMES = /** @type {const} */ ({ a: 'a', b: 'b', actuator: 'actuator', client: 'given' });
const NARROWEST_PIXELS = 1.5;

/**
 * @param {RunTrace} run
 * @returns {Lane[]}
 */
export function lanesOf(run) {
  return [
    drivesLane(run),
    ...(run.inputs.length === 0 ? [] : [answersLane(run)]),
    ...together(run.tracks).map(valueLane),
  ];
}

/** Inputs of one unit share a lane: a set point and what is measured are read together. @param {readonly Track[]} tracks */
function together(tracks) {
  /** @type {Track[][]} */
  const lanes = [];
  for (const track of tracks) {
    const last = lanes.at(-1);
    const [first] = last ?? [];
    const isSame = first?.kind === 'input' && track.kind === 'input' && first.unit === track.unit && track.unit !== '';
    if (last !== undefined && isSame && last.length < 2) last.push(track);
    else lanes.push([track]);
  }
  return lanes;
}

/** @param {RunTrace} run @returns {Lane} */
function drivesLane({ drives, endUs }) {
  const names = /** @param {string | null | undefined} board */ (board) =>
    board === null || board === undefined ? 'nobody' : `board ${board}`;
  return {
    ...{ title: 'who drives', unit: '', height: 22, ends: null },
    draw({ from, to, x }, top) {
      return drives.flatMap(({ atUs, board }, index) => {
        const untilUs = drives[index + 1]?.atUs ?? endUs;
        if (untilUs < from || atUs > to) return [];
        const [left, right] = [x(Math.max(from, atUs)), x(Math.min(to, untilUs))];
        const width = Math.max(board === null ? NARROWEST_PIXELS : 0, right - left);
        const block = svg('rect', { class: `drives-${board ?? 'nobody'}`, x: left, y: top, width, height: 22 });
        if (width < 14) return [block];
        const text = width < 80 || board === null ? (board ?? '') : `board ${board}`;
        return [block, svg('text', { class: 'on-block', x: left + 6, y: top + 15 }, text)];
      });
    },
    say: (atUs) => {
      const board = drives.findLast((one) => one.atUs <= atUs)?.board;
      return [{ text: names(board), ...(board ? { of: board } : {}) }];
    },
  };
}

/** @param {RunTrace} run @returns {Lane} */
function answersLane({ inputs }) {
  const took = inputs.map(({ sentUs, answeredUs }) => (answeredUs === null ? null : answeredUs - sentUs));
  const most = took.reduce((/** @type {number} */ high, one) => Math.max(high, one ?? 0), 1);
  const height = 52;
  /** @type {[number, number][]} */
  const sent = inputs.map(({ sentUs }, index) => [sentUs, index]);
  return {
    ...{ title: 'answered after', unit: 'by when the input was given', height, ends: [timeText(most), '0'] },
    draw({ from, to, x }, top) {
      const shown = inputs.map((input, index) => ({ ...input, took: took[index] ?? null }));
      return shown
        .filter(({ sentUs }) => sentUs >= from && sentUs <= to)
        .map(({ sentUs, took: us, note }) => {
          const at = x(sentUs);
          if (us === null) {
            const path = `M${at - 4} ${top + 2}l8 8m0 -8l-8 8`;
            return svg('path', { class: note === 'given up' ? 'given-up' : 'unanswered', d: path });
          }
          const y = top + height - (us / most) * (height - 4) - 2;
          if (note === 'twice') return svg('path', { class: 'unanswered', d: `M${at - 4} ${y}h8m-4 -4v8` });
          return svg('circle', { class: 'answer', cx: at.toFixed(1), cy: y.toFixed(1), r: 2 });
        });
    },
    say(atUs) {
      const input = inputs[placeAt(sent, atUs)];
      if (input === undefined) return [];
      const us = input.answeredUs === null ? null : input.answeredUs - input.sentUs;
      const outcome = us === null ? (input.note ?? 'not answered') : timeText(us);
      return [{ text: `input ${input.id}: ${outcome}`, of: 'client' }];
    },
  };
}

/** @param {Track[]} tracks @returns {Lane} */
function valueLane(tracks) {
  const [first] = tracks;
  const { kind = 'input', unit = '' } = first ?? {};
  const [low, high] = rangeOf(tracks);
  const height = kind === 'output' ? 68 : 52;
  const place = /** @param {number} top */ (top) => /** @param {number} value */ (value) =>
    top + height - 2 - ((value - low) / (high - low || 1)) * (height - 4);
  const lines = tracks.flatMap((track, nth) =>
    track.lines.map((line) => ({
      ...line,
      name: track.name,
      style: line.of === 'client' && nth > 0 ? 'client-2' : line.of,
    })),
  );
  return {
    ...{
      title: tracks.map((track, nth) => (tracks.length > 1 ? `${SAMPLES[nth]} ` : '') + track.name).join('  '),
      unit: [KINDS[kind], unit].join(unit === '' ? '' : ', '),
      height,
    },
    ends: [valueText(high, ''), valueText(low, '')],
    draw(view, top) {
      const y = place(top);
      return lines.flatMap((line) => {
        const { points, style } = line;
        if (endOf(line) < view.from) return [];
        const path = stepPath(points, { from: view.from, to: Math.min(view.to, endOf(line)) }, view.x, y);
        if (path === '') return [];
        const drawn = svg('path', { class: `line line-${style}`, d: path });
        if (style !== 'actuator') return [drawn];
        const begin = /^M(\S+)/.exec(path)?.[1] ?? view.left;
        return [svg('path', { class: 'area', d: `${path}V${y(low)}H${begin}Z` }), drawn];
      });
    },
    say: (atUs) =>
      lines.flatMap((line) => {
        const { of, points, name, style } = line;
        const value = valueAt(points, atUs);
        if (value === null || atUs > endOf(line)) return [];
        const whose = of === 'client' ? (tracks.length > 1 ? name : '') : LINE_NAMES[of];
        return [{ text: `${whose} ${valueText(value, '')}`.trim(), of: style }];
      }),
  };
}

const KINDS = /** @type {const} */ ({ input: 'input', reading: 'reading', output: 'output', result: 'result' });
