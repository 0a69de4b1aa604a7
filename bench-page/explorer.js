/** @import { RunTrace } from '../src/bench/plot/run-trace.js' */
import { drawChart, wholeOf } from './chart.js';
import { marksOf } from './marks.js';
import { html, svg } from './nodes.js';
import { timeText } from './text.js';

/** A chart to look around in: the whole run, or closer, by buttons, keys, wheel, fingers, or a drag over what is of interest. */

const CLOSEST_US = 500;
const AROUND = /** @type {const} */ ([0.3, 0.7]);
const AROUND_US = 240_000;
const DRAG_PIXELS = 5;

export class Explorer {
  /** @type {[number, number]} */
  #window;
  /** @type {[number, number]} */
  #whole;
  /** @type {ReturnType<typeof drawChart> | null} */
  #drawn = null;
  #figure = html('div', { class: 'figure' });
  #when = html('output', { class: 'when' });
  /** Pointers that are down, by id: where. @type {Map<number, number>} */
  #down = new Map();
  /** Where a drag began, in pixels and in time. @type {{ x: number, us: number } | null} */
  #drag = null;
  #observer = new ResizeObserver(() => this.#draw());
  #width = 0;

  /**
   * @param {HTMLElement} place
   * @param {RunTrace} run
   * @param {string} name
   */
  constructor(place, run, name) {
    this.run = run;
    this.#whole = wholeOf(run);
    this.#window = this.#whole;
    const [first] = marksOf(run);
    const button = (/** @type {string} */ text, /** @type {string} */ label, /** @type {() => void} */ then) => {
      const made = html('button', { type: 'button', 'aria-label': label, title: label }, text);
      made.addEventListener('click', then);
      return made;
    };
    const bar = html(
      'div',
      { class: 'bar' },
      button('whole run', 'the whole run (0)', () => this.#look(this.#whole)),
      ...(first === undefined
        ? []
        : [button('at the fault', 'around the first mark (f)', () => this.goTo(first.atUs))]),
      button('−', 'farther (-)', () => this.#zoom(2)),
      button('+', 'closer (+)', () => this.#zoom(0.5)),
      button('◀', 'earlier (left arrow)', () => this.#move(-0.3)),
      button('▶', 'later (right arrow)', () => this.#move(0.3)),
      this.#when,
    );
    this.#figure.tabIndex = 0;
    this.#figure.setAttribute('aria-label', `${name}: over time; plus and minus zoom, arrows move`);
    place.append(bar, legend(), this.#figure);
    this.#listen();
    this.#observer.observe(place);
    this.#draw();
  }

  close() {
    this.#observer.disconnect();
  }

  /** Shows what is around a moment. @param {number} atUs */
  goTo(atUs) {
    this.#look([atUs - AROUND_US * AROUND[0], atUs + AROUND_US * AROUND[1]]);
    this.#figure.scrollIntoView({ block: 'nearest' });
  }

  /** @param {readonly [number, number]} window */
  #look([from, to]) {
    const [first, last] = this.#whole;
    const span = Math.min(last - first, Math.max(CLOSEST_US, to - from));
    const begin = Math.min(Math.max(first, from), last - span);
    this.#window = [begin, begin + span];
    this.#draw(true);
  }

  /** @param {number} factor @param {number} [aroundUs] */
  #zoom(factor, aroundUs) {
    const [from, to] = this.#window;
    const centre = aroundUs ?? (from + to) / 2;
    this.#look([centre - (centre - from) * factor, centre + (to - centre) * factor]);
  }

  /** @param {number} share */
  #move(share) {
    const [from, to] = this.#window;
    this.#look([from + (to - from) * share, to + (to - from) * share]);
  }

  #draw(anew = false) {
    const width = Math.floor(this.#figure.clientWidth);
    if (width === 0 || (width === this.#width && !anew)) return;
    this.#width = width;
    this.#drawn = drawChart(this.run, width, this.#window);
    this.#figure.replaceChildren(this.#drawn.chart);
    this.#tell(null);
  }

  #listen() {
    const figure = this.#figure;
    figure.addEventListener('keydown', (event) => {
      const deeds = /** @type {Record<string, () => void>} */ ({
        ArrowLeft: () => this.#move(-0.2),
        ArrowRight: () => this.#move(0.2),
        '+': () => this.#zoom(0.5),
        '=': () => this.#zoom(0.5),
        '-': () => this.#zoom(2),
        0: () => this.#look(this.#whole),
        f: () => this.goTo(marksOf(this.run)[0]?.atUs ?? 0),
      });
      const deed = event.ctrlKey || event.metaKey || event.altKey ? undefined : deeds[event.key];
      if (deed === undefined) return;
      event.preventDefault();
      deed();
    });
    figure.addEventListener(
      'wheel',
      (event) => {
        // The plain wheel scrolls the page, as everywhere.
        if (event.ctrlKey) this.#zoom(event.deltaY > 0 ? 1.25 : 0.8, this.#timeAt(event));
        else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.#move(event.deltaX / 800);
        else if (event.shiftKey) this.#move(event.deltaY / 800);
        else return;
        event.preventDefault();
      },
      { passive: false },
    );
    figure.addEventListener('pointerdown', (event) => this.#pressed(event));
    figure.addEventListener('pointermove', (event) => this.#moved(event));
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel'])) {
      figure.addEventListener(end, (event) => this.#released(event, end === 'pointerup'));
    }
    figure.addEventListener('pointerleave', () => this.#tell(null));
    figure.addEventListener('dblclick', (event) => this.#zoom(0.4, this.#timeAt(event)));
  }

  /** @param {{ clientX: number }} event */
  #timeAt({ clientX }) {
    const view = this.#drawn?.view;
    if (view === undefined) return 0;
    const x = clientX - this.#figure.getBoundingClientRect().left;
    return view.from + ((x - view.left) / (view.right - view.left)) * (view.to - view.from);
  }

  /** @param {PointerEvent} event */
  #pressed(event) {
    if (event.button !== 0) return;
    this.#down.set(event.pointerId, event.clientX);
    this.#drag = { x: event.clientX, us: this.#timeAt(event) };
    if (event.pointerType === 'mouse') this.#figure.setPointerCapture(event.pointerId);
    this.#tell(this.#timeAt(event));
  }

  /** @param {PointerEvent} event */
  #moved(event) {
    const before = this.#down.get(event.pointerId);
    if (before === undefined || this.#drag === null || event.pointerType === 'mouse') {
      this.#tell(this.#timeAt(event));
      return;
    }
    const others = [...this.#down].filter(([id]) => id !== event.pointerId).map(([, x]) => x);
    const [other] = others;
    const [from, to] = this.#window;
    if (other !== undefined) {
      const [was, is] = [Math.abs(before - other), Math.abs(event.clientX - other)];
      if (was > 4 && is > 4) this.#zoom(was / is, this.#timeAt({ clientX: (event.clientX + other) / 2 }));
    } else if (this.#drawn !== null) {
      const { left, right } = this.#drawn.view;
      const us = ((before - event.clientX) / (right - left)) * (to - from);
      this.#look([from + us, to + us]);
      this.#tell(this.#timeAt(event));
    }
    this.#down.set(event.pointerId, event.clientX);
  }

  /** With a mouse what was drawn over is what somebody wants to see. @param {PointerEvent} event @param {boolean} isMeant */
  #released(event, isMeant) {
    const drag = this.#drag;
    this.#down.delete(event.pointerId);
    this.#drag = null;
    if (!isMeant || drag === null || event.pointerType !== 'mouse') return;
    if (Math.abs(event.clientX - drag.x) < DRAG_PIXELS) return;
    const us = this.#timeAt(event);
    this.#look(us > drag.us ? [drag.us, us] : [us, drag.us]);
  }

  /** What holds at a time, in each lane; null: nobody asks. @param {number | null} atUs */
  #tell(atUs) {
    const drawn = this.#drawn;
    if (drawn === null) return;
    drawn.chart.querySelector('.cursor')?.remove();
    const { view, bottom, placed } = drawn;
    const isInside = atUs !== null && atUs >= view.from && atUs <= view.to;
    this.#when.textContent = isInside ? `at ${timeText(atUs, (view.to - view.from) / 1000)}` : '';
    for (const { lane, readout } of placed) {
      const said = isInside ? lane.say(atUs) : [];
      readout.replaceChildren(
        ...said.flatMap(({ text, of }, index) => [
          svg('tspan', { class: `said-${of ?? 'none'}`, ...(index === 0 ? {} : { dx: 8 }) }, text),
        ]),
      );
    }
    if (!isInside) return;
    const x = view.x(atUs);
    const from = this.#drag === null ? x : view.x(Math.max(view.from, this.#drag.us));
    const cursor = svg('g', { class: 'cursor' });
    if (Math.abs(from - x) > DRAG_PIXELS && this.#down.size > 0) {
      cursor.append(
        svg('rect', {
          class: 'chosen-time',
          x: Math.min(from, x),
          y: 20,
          width: Math.abs(from - x),
          height: bottom - 20,
        }),
      );
    }
    cursor.append(svg('path', { d: `M${x.toFixed(1)} 20V${bottom}` }));
    drawn.chart.append(cursor);
  }
}

/** What is drawn how, in words: by form as well as by colour. */
function legend() {
  /** @type {[string, string][]} */
  const entries = [
    ['a', 'board a'],
    ['b', 'board b'],
    ['actuator', 'what the actuator got'],
    ['client', 'what the inputs said'],
  ];
  return html(
    'p',
    { class: 'legend' },
    ...entries.map(([of, text]) => {
      const sample = svg('svg', { width: 30, height: 12, 'aria-hidden': 'true' });
      if (of === 'actuator') sample.append(svg('path', { class: 'area', d: 'M0 3H30V12H0Z' }));
      sample.append(svg('path', { class: `line line-${of}`, d: of === 'actuator' ? 'M0 3H30' : 'M0 6H30' }));
      return html('span', {}, sample, ' ', text);
    }),
    html(
      'span',
      {},
      svg(
        'svg',
        { width: 14, height: 12, 'aria-hidden': 'true' },
        svg('circle', { class: 'answer', cx: 7, cy: 6, r: 2.5 }),
      ),
      ' an input',
    ),
    html('span', {}, html('i', { class: 'sign flag-injected round' }, '1'), ' done by the bench'),
    html('span', {}, html('i', { class: 'sign flag-fault' }, '2'), ' told by the gateway'),
  );
}
