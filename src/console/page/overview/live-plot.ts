import UPlot from 'uplot';
import type { Trace } from '../model/history.js';

const SHOWN_S = 120;
const HEIGHT = 56;
/** As they are told apart without colour, too. */
const DASHES: readonly number[][] = [[], [6, 4], [2, 3]];

/** The last two minutes of one field, a line for each board. */
export class LivePlot {
  #plot: UPlot;
  readonly #resized: ResizeObserver;
  readonly #dark = window.matchMedia('(prefers-color-scheme: dark)');
  readonly #recolour = () => {
    this.#plot.destroy();
    this.#plot = this.#begin();
  };

  constructor(
    private readonly place: HTMLElement,
    private readonly trace: Trace,
  ) {
    this.#plot = this.#begin();
    this.#resized = new ResizeObserver(() => this.#plot.setSize({ width: this.#width(), height: HEIGHT }));
    this.#resized.observe(place);
    this.#dark.addEventListener('change', this.#recolour);
  }

  draw(): void {
    this.#plot.setData(this.#data());
  }

  close(): void {
    this.#resized.disconnect();
    this.#dark.removeEventListener('change', this.#recolour);
    this.#plot.destroy();
  }

  #begin(): UPlot {
    const style = getComputedStyle(this.place);
    const colours = ['--a', '--b', '--c'].map((name) => style.getPropertyValue(name).trim());
    return new UPlot(
      {
        width: this.#width(),
        height: HEIGHT,
        padding: [4, 0, 4, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false, range: (_plot, _min, max) => [max - SHOWN_S, max] }, y: { range: roomy } },
        axes: [{ show: false }, { show: false }],
        series: [
          {},
          ...[...this.trace.columns.keys()].map((board, index) => ({
            label: board,
            stroke: colours[index] ?? '',
            width: 2,
            dash: DASHES[index] ?? [],
            points: { show: false },
          })),
        ],
      },
      this.#data(),
      this.place,
    );
  }

  #data(): UPlot.AlignedData {
    return [this.trace.times, ...this.trace.columns.values()];
  }

  #width(): number {
    return Math.max(40, this.place.clientWidth);
  }
}

/** A value that stands still lies in the middle, and one that moves a little is no cliff. */
function roomy(_plot: UPlot, min: number | null, max: number | null): [number, number] {
  const low = min ?? 0;
  const high = max ?? 1;
  const room = Math.max((high - low) * 0.1, Math.abs(high) * 0.02, 0.5);
  return [low - room, high + room];
}
