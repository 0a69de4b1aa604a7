import type { TrackLine } from './run-trace.js';

/** More points than this are not kept of a line, and are counted: nobody sees them on a page. */
const MOST_POINTS = 20_000;

/** A value over time, of which a point is kept where it changes. */
export class PointLine {
  readonly points: [number, number][] = [];
  dropped = 0;
  #lastUs = Number.NEGATIVE_INFINITY;

  /** @param holds it goes on being so, as a pin does, and is not only said at that moment */
  constructor(
    private readonly of: TrackLine['of'],
    private readonly holds: boolean,
  ) {}

  add(atUs: number, value: number): void {
    this.#lastUs = atUs;
    const last = this.points.at(-1);
    if (last?.[1] === value || !Number.isFinite(value)) return;
    // Two changes in one moment: the later one is what remains.
    if (last?.[0] === atUs) last[1] = value;
    else if (this.points.length < MOST_POINTS) this.points.push([atUs, value]);
    else this.dropped++;
  }

  /** From `zeroUs` on, which becomes 0; what held shortly before it stands there. */
  from(zeroUs: number, leadUs: number): TrackLine {
    const beginUs = zeroUs - leadUs;
    const held = this.points.findLast(([atUs]) => atUs <= beginUs);
    const later = this.points.filter(([atUs]) => atUs > beginUs);
    const all = held === undefined ? later : [[beginUs, held[1]] as [number, number], ...later];
    return {
      of: this.of,
      points: all.map(([atUs, value]) => [Math.round(atUs - zeroUs), value]),
      untilUs: this.holds ? null : Math.round(Math.max(this.#lastUs, beginUs) - zeroUs),
    };
  }
}
