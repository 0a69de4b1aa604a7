import type { Clock } from '../../clock/clock.js';

/** The longest run between two looks at the machine's own events. */
const sliceUs = 1000;
/** So far behind the wall, emulated time slips (and is counted) instead of being chased for ever. */
const mostBehindUs = 200_000;
/**
 * With a gateway attached, catching up goes at twice real time at most and over a short distance: a gateway whose
 * processor lost 100 ms must not see the boards' next 100 ms pass in one.
 */
const mostBehindBoundUs = 50_000;
const catchUpFactor = 2;

/** What is being paced. */
export interface PacedWorld {
  nowUs(): number;
  step(untilUs: number): void;
  /** True while a gateway is bound to emulated time. */
  readonly isBound: boolean;
  /** The time that must not be passed for now. */
  readonly limitUs: number;
}

/** Runs a world at the pace of the wall clock, in slices, so that pseudo-terminals and messages are served in between. */
export class Pacer {
  /** Emulated time given up because the machine was too slow. */
  slippedUs = 0;
  /** Wall time spent waiting for the gateway to acknowledge. */
  waitedUs = 0;
  slices = 0;
  readonly #world: PacedWorld;
  readonly #wall: Clock;
  #isRunning = false;
  #lastWallUs = 0;
  #targetUs = 0;
  #allowanceUs = 0;
  #isWaiting = false;
  #cancelTimer: () => void = () => undefined;

  constructor(world: PacedWorld, wall: Clock) {
    this.#world = world;
    this.#wall = wall;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#lastWallUs = this.#wall.nowUs();
    this.#targetUs = this.#world.nowUs();
    this.#schedule(true);
  }

  stop(): void {
    this.#isRunning = false;
    this.#cancelTimer();
  }

  /** What the world waited for has come. */
  wake(): void {
    if (!this.#isRunning || !this.#isWaiting) return;
    this.#cancelTimer();
    this.#schedule(true);
  }

  #schedule(atOnce: boolean): void {
    if (atOnce) {
      const immediate = setImmediate(() => this.#turn());
      this.#cancelTimer = () => clearImmediate(immediate);
    } else {
      const timer = setTimeout(() => this.#turn(), 1);
      this.#cancelTimer = () => clearTimeout(timer);
    }
  }

  #turn(): void {
    const world = this.#world;
    const wallUs = this.#wall.nowUs();
    const elapsedUs = wallUs - this.#lastWallUs;
    this.#lastWallUs = wallUs;
    this.#targetUs += elapsedUs;
    this.#allowanceUs = Math.min(catchUpFactor * sliceUs, this.#allowanceUs + catchUpFactor * elapsedUs);
    if (this.#isWaiting) this.waitedUs += elapsedUs;
    this.#slip(world.isBound ? mostBehindBoundUs : mostBehindUs);
    const startUs = world.nowUs();
    const allowedUs = world.isBound ? Math.min(sliceUs, this.#allowanceUs) : sliceUs;
    const untilUs = Math.min(this.#targetUs, startUs + allowedUs, world.limitUs);
    if (untilUs > startUs) {
      world.step(untilUs);
      this.slices += 1;
      this.#allowanceUs -= untilUs - startUs;
    }
    if (!this.#isRunning) return;
    this.#isWaiting = this.#targetUs > world.limitUs && untilUs >= world.limitUs;
    const isBehind = this.#targetUs - untilUs >= sliceUs;
    const mayGoOn = !world.isBound || this.#allowanceUs >= sliceUs;
    this.#schedule(isBehind && mayGoOn && !this.#isWaiting);
  }

  #slip(mostUs: number): void {
    const behindUs = this.#targetUs - this.#world.nowUs();
    if (behindUs <= mostUs) return;
    this.slippedUs += behindUs - mostUs;
    this.#targetUs -= behindUs - mostUs;
  }
}
