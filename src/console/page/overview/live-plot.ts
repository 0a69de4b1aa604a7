import UPlot from 'uplot';
import type { Trace } from '../model/history.js';
import { grouped } from '../text/steady.js';

const SHOWN_S = 120;
const HEIGHT = 48;
/** For the least and the most of what is drawn. */
const LABEL_WIDTH = 56;
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
    const colourOf = (name: string) => style.getPropertyValue(name).trim();
    const colours = ['--a', '--b', '--c'].map(colourOf);
    return new UPlot(
      {
        width: this.#width(),
        height: HEIGHT,
        padding: [4, 0, 4, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false, range: (_plot, _min, max) => [max - SHOWN_S, max] }, y: { range: roomy } },
        axes: [
          { show: false },
          {
            stroke: colourOf('--soft'),
            font: `12px ${style.fontFamily}`,
            size: LABEL_WIDTH,
            gap: 6,
            grid: { show: false },
            ticks: { show: false },
            splits: () => this.#ends(),
            values: (_plot, ends) => ends.map((end) => grouped(String(Number(end.toFixed(2))))),
          },
        ],
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

  /** The least and the most that is drawn; one where it stands still. */
  #ends(): number[] {
    const drawn = [...this.trace.columns.values()].flat().filter((value) => value !== null);
    if (drawn.length === 0) return [];
    return [...new Set([Math.min(...drawn), Math.max(...drawn)])];
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
