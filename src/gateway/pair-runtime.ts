import { observeOn, queueScheduler, Subject, type Subscription } from 'rxjs';
import type { Clock } from '../clock/clock.js';
import { nextDeadlineUs } from '../pair/deadlines.js';
import type { PairEffect } from '../pair/effects.js';
import type { PairHappening } from '../pair/events.js';
import type { PairState } from '../pair/pair-state.js';
import { step } from '../pair/step.js';

/** A ring that comes this late means that our loop (or the host) stood still, not a board (R14). */
const STALL_US = 5_000;

/**
 * Runs the core: one happening at a time, its effects before the next, and an alarm for its next deadline.
 *
 *   links ──┐
 *   ledger ─┤
 *   upstream┼─▶ happen() ─▶ [queue] ─▶ step(state, event) ─▶ effects ─▶ perform()
 *   relay ──┤                                  │
 *   alarm ◀─┴──────────── nextDeadlineUs ◀─────┘
 */
export class PairRuntime {
  readonly #happenings = new Subject<PairHappening>();
  readonly #subscription: Subscription;
  #cancelAlarm: (() => void) | null = null;
  #alarmUs: number | null = null;

  constructor(
    readonly state: PairState,
    private readonly clock: Clock,
    private readonly perform: (effect: PairEffect) => void,
    onFailure: (error: unknown) => void,
  ) {
    // An effect may cause a happening at once: one queue in front keeps them in order, first come first served.
    this.#subscription = this.#happenings.pipe(observeOn(queueScheduler)).subscribe({
      next: (happening) => {
        try {
          this.#step(happening);
        } catch (error) {
          onFailure(error);
        }
      },
      error: onFailure,
    });
  }

  happen(happening: PairHappening): void {
    this.#happenings.next(happening);
  }

  stop(): void {
    this.#cancelAlarm?.();
    this.#cancelAlarm = null;
    this.#subscription.unsubscribe();
  }

  #step(happening: PairHappening): void {
    for (const effect of step(this.state, { ...happening, atUs: this.clock.nowUs() })) this.perform(effect);
    this.#setAlarm();
  }

  #setAlarm(): void {
    const next = nextDeadlineUs(this.state);
    if (next === this.#alarmUs && this.#cancelAlarm !== null) return;
    this.#cancelAlarm?.();
    this.#cancelAlarm = null;
    this.#alarmUs = next;
    if (next !== null) this.#cancelAlarm = this.clock.alarm(next, () => this.#ring(next));
  }

  #ring(dueUs: number): void {
    this.#cancelAlarm = null;
    // What boards have answered meanwhile is read first: the event loop polls before it comes to this.
    setImmediate(() => {
      const lateUs = this.clock.nowUs() - dueUs;
      if (lateUs > STALL_US) this.happen({ type: 'loopStalled', stalledUs: lateUs });
      this.happen({ type: 'timePassed' });
    });
  }
}
