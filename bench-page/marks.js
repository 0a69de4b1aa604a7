/** @import { RunTrace } from '../src/bench/plot/run-trace.js' */
/** @import { View } from './lanes.js' */
import { html, svg } from './nodes.js';
import { timeText } from './text.js';

/** What went wrong, and what was done: marks over all lanes, and the same in words. */

/**
 * @typedef {object} Mark
 * @property {number} atUs
 * @property {string} sign  what stands in its flag
 * @property {string} title
 * @property {'injected' | 'fault' | 'wrong'} kind
 * @property {readonly { readonly atUs: number, readonly text: string }[]} steps
 */

const MOST_WRONG = 20;
const FLAG = 16;

/**
 * In the order of time: what the scenario did, the faults that the gateway told, and what was wrong at the actuator.
 * @param {RunTrace} run
 * @returns {Mark[]}
 */
export function marksOf({ injectedUs, faults, wrong }) {
  /** @type {Mark[]} */
  const marks = faults.map(({ title, steps }) => ({
    ...{ atUs: steps[0]?.atUs ?? 0, sign: '', title, kind: 'fault', steps: steps.slice(1) },
  }));
  if (injectedUs !== null) {
    marks.push({ atUs: injectedUs, sign: '', title: 'here the bench acts', kind: 'injected', steps: [] });
  }
  const [first] = wrong;
  if (first !== undefined) {
    const title = `${wrong.length} ${wrong.length === 1 ? 'level was' : 'levels were'} wrong at the actuator`;
    marks.push({ atUs: first.atUs, sign: '', title, kind: 'wrong', steps: wrong.slice(0, MOST_WRONG) });
  }
  // The gateway's clock is up to a tick behind the world's: what was put in comes first.
  const order = { injected: 0, fault: 1, wrong: 2 };
  return marks
    .sort((one, other) => one.atUs - other.atUs || order[one.kind] - order[other.kind])
    .map((mark, index) => ({ ...mark, sign: String(index + 1) }));
}

/**
 * Flags above the lanes and a line through all of them. Flags that would cover one another stand side by side.
 * @param {readonly Mark[]} marks
 * @param {View} view
 * @param {number} bottom
 */
export function drawMarks(marks, view, bottom) {
  let free = Number.NEGATIVE_INFINITY;
  return marks.flatMap(({ atUs, sign, kind, steps, title }) => {
    const ticks = steps
      .filter((step) => step.atUs >= view.from && step.atUs <= view.to)
      .map((step) => svg('path', { class: `tick tick-${kind}`, d: `M${view.x(step.atUs).toFixed(1)} ${FLAG + 4}v6` }));
    if (atUs < view.from || atUs > view.to) return ticks;
    const at = view.x(atUs);
    const left = Math.max(at, free);
    free = left + FLAG + 2;
    return [
      svg('path', { class: `mark mark-${kind}`, d: `M${at.toFixed(1)} ${FLAG}V${bottom}` }),
      svg(
        'rect',
        { class: `flag flag-${kind}`, x: left, y: 0, width: FLAG, height: FLAG, rx: kind === 'injected' ? 8 : 2 },
        svg('title', {}, title),
      ),
      svg('text', { class: 'in-flag', x: left + FLAG / 2, y: FLAG - 4, 'text-anchor': 'middle' }, sign),
      ...ticks,
    ];
  });
}

/**
 * @param {readonly Mark[]} marks
 * @param {(atUs: number) => void} onChoose  somebody wants to see that moment
 */
export function markList(marks, onChoose) {
  return html(
    'ol',
    { class: 'marks' },
    ...marks.map(({ atUs, sign, kind, title, steps }) => {
      const button = html('button', { type: 'button', class: 'at' }, timeText(atUs, 100));
      button.addEventListener('click', () => onChoose(atUs));
      const head = html(
        'p',
        {},
        html('span', { class: `sign flag-${kind}` }, sign),
        ' ',
        button,
        ' ',
        html('b', {}, title),
      );
      if (steps.length === 0) return html('li', {}, head);
      const rows = steps.map((step) =>
        html(
          'tr',
          {},
          html('td', {}, `${step.atUs < atUs ? '−' : '+'} ${Math.abs((step.atUs - atUs) / 1000).toFixed(1)} ms`),
          html('td', {}, step.text),
        ),
      );
      return html('li', {}, head, html('table', { class: 'steps' }, html('tbody', {}, ...rows)));
    }),
  );
}
