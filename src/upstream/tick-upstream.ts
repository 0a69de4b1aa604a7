import { Subject } from 'rxjs';
import type { Clock } from '../clock/clock.js';
import { internalError } from '../errors/copycat-error.js';
import type { Arrival, Upstream } from './upstream.js';

export interface TickUpstreamOptions {
  /** Time from tick to tick, in microseconds. */
  readonly everyUs: number;
  readonly clock: Clock;
}

const REF = 'tick';
const NO_PAYLOAD = new Uint8Array();

export function createTickUpstream(options: TickUpstreamOptions): TickUpstream {
  return new TickUpstream(options);
}

/** Cyclic control: a tick at every multiple of a time since the start. Nobody waits for its answer. */
export class TickUpstream implements Upstream {
  readonly source = REF;
  readonly #arrivals = new Subject<Arrival>();
  readonly arrivals = this.#arrivals.asObservable();
  /** R6: ticks that were due and not given, because intake was paused, the pair full or the process stood still. */
  skipped = 0;
  #startUs = 0;
  #next = 1;
  #paused = false;
  #cancelAlarm: (() => void) | null = null;

  constructor(private readonly options: TickUpstreamOptions) {
    if (!(options.everyUs > 0)) throw internalError('ticks without time between them', options.everyUs);
  }

  async start(): Promise<readonly string[]> {
    this.#startUs = this.options.clock.nowUs();
    this.#setAlarm();
    return [`a tick every ${this.options.everyUs / 1000} ms`];
  }

  async close(): Promise<void> {
    this.#cancelAlarm?.();
    this.#cancelAlarm = null;
    this.#arrivals.complete();
  }

  accepted(): void {
    // Nobody asked.
  }

  answer(): boolean {
    return true;
  }

  refuse(): void {
    this.skipped++;
  }

  pauseIntake(): void {
    this.#paused = true;
  }

  resumeIntake(): void {
    this.#paused = false;
  }

  /** Always from the grid, so that lateness does not add up. */
  #setAlarm(): void {
    const { clock, everyUs } = this.options;
    this.#cancelAlarm = clock.alarm(this.#startUs + this.#next * everyUs, () => this.#ring());
  }

  #ring(): void {
    const { clock, everyUs } = this.options;
    const due = Math.floor((clock.nowUs() - this.#startUs) / everyUs);
    // R6: what was missed is counted and never made up for.
    this.skipped += Math.max(0, due - this.#next);
    this.#next = Math.max(due, this.#next) + 1;
    this.#setAlarm();
    if (this.#paused) this.skipped++;
    else this.#arrivals.next({ ref: REF, kind: 'tick', payload: NO_PAYLOAD });
  }
}
