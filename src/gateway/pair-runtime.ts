import { observeOn, queueScheduler, Subject, type Subscription } from 'rxjs';
import type { Clock } from '../clock/clock.js';
import { internalError } from '../errors/copycat-error.js';
import { countsBoardTime, nextDeadlineUs } from '../pair/deadlines.js';
import type { PairEffect } from '../pair/state/effects.js';
import type { PairEvent } from '../pair/state/events.js';
import type { PairState } from '../pair/state/pair-state.js';
import { step } from '../pair/step.js';

/** An alarm that is overdue by so much means that our loop (or the host) stood still, not a board (R14). */
const STALL_US = 5_000;
/** R14: so often the clock is looked at while a board is at work: a stall is put down to the board for no longer. */
const WATCH_US = 5_000;

export interface PairRuntimeOptions {
  readonly state: PairState;
  readonly clock: Clock;
  /** A mistake of ours was found: nothing more is done. */
  readonly onFailure: (error: unknown) => void;
}

/** Where what the core asks for goes. */
export interface EffectOutputs {
  readonly perform: (effect: PairEffect) => void;
  /** All effects of a step have been performed: what they have gathered may go, and who only watches may look at them. */
  readonly afterStep: (effects: readonly PairEffect[]) => void;
}

/**
 * Runs the core: one event at a time, its effects before the next, and an alarm for its next deadline.
 *
 *   links ──┐
 *   ledger ─┤
 *   upstream┼─▶ happen() ─▶ [queue] ─▶ step(state, event) ─▶ effects ─▶ perform()
 *   relay ──┤                                  │
 *   alarm ◀─┴──────────── nextDeadlineUs ◀─────┘
 */
export class PairRuntime {
  readonly state: PairState;
  readonly #events = new Subject<PairEvent>();
  readonly #subscription: Subscription;
  #outputs: EffectOutputs | null = null;
  #hasFailed = false;
  #steppedAtUs = Number.NEGATIVE_INFINITY;
  #cancelAlarm: (() => void) | null = null;
  #alarmUs: number | null = null;
  /** When it could ring at the earliest: a deadline may lie in the past already when it becomes one. */
  #ringsFromUs: number | null = null;
  #cancelWatch: (() => void) | null = null;
  /** When the watch is to ring; null: no board is at work. */
  #watchUs: number | null = null;
  /** What we stood still before this has been told to the core. */
  #toldUntilUs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: PairRuntimeOptions) {
    const { state } = options;
    this.state = state;
    // An effect may cause an event at once: one queue in front keeps them in order, first come first served.
    this.#subscription = this.#events.pipe(observeOn(queueScheduler)).subscribe({
      next: (event) => {
        if (this.#hasFailed) return;
        try {
          this.#step(event);
        } catch (error) {
          this.fail(error);
        }
      },
      error: (error: unknown) => this.fail(error),
    });
  }

  /** Before the first event. */
  connect(outputs: EffectOutputs): void {
    this.#outputs = outputs;
  }

  dispatch(event: PairEvent): void {
    this.#events.next(event);
  }

  /** A mistake of ours was found: nothing more is done, and the state is not to be believed (R30). */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** For how long the core should have been told that time has passed; 0: nothing is due. */
  get overdueUs(): number {
    const { state, clock } = this.options;
    const nextUs = nextDeadlineUs(state);
    return nextUs === null ? 0 : Math.max(0, clock.nowUs() - Math.max(nextUs, this.#steppedAtUs));
  }

  /** For how long the core has not done what it should have: it is overdue, or has ended with a mistake. 0: it does its work. */
  get ageUs(): number {
    return this.#hasFailed ? Math.max(0, this.options.clock.nowUs() - this.#steppedAtUs) : this.overdueUs;
  }

  /** A mistake of ours, wherever it was found. */
  fail(error: unknown): void {
    this.#hasFailed = true;
    this.stop();
    this.options.onFailure(error);
  }

  stop(): void {
    this.#cancelAlarm?.();
    this.#cancelAlarm = null;
    this.#cancelWatch?.();
    this.#cancelWatch = null;
    this.#subscription.unsubscribe();
  }

  #step(event: PairEvent): void {
    const atUs = this.options.clock.nowUs();
    // Before whatever has come meanwhile, or its board would be charged with our own time.
    const dueUs = Math.max(Math.min(this.#ringsFromUs ?? atUs, this.#watchUs ?? atUs), this.#toldUntilUs);
    if (atUs - dueUs > STALL_US) {
      this.#toldUntilUs = atUs;
      this.#stepAt({ type: 'loopStalled', stalledUs: atUs - dueUs }, atUs);
    }
    this.#stepAt(event, atUs);
    this.#setAlarm(atUs);
    this.#setWatch(atUs);
  }

  #stepAt(event: PairEvent, atUs: number): void {
    if (this.#outputs === null) throw internalError('The core was told something before it was connected', event.type);
    const { perform, afterStep } = this.#outputs;
    const effects = step(this.state, { atUs, ...event });
    for (const effect of effects) perform(effect);
    afterStep(effects);
    this.#steppedAtUs = atUs;
  }

  #setAlarm(atUs: number): void {
    const next = nextDeadlineUs(this.state);
    if (next === this.#alarmUs && this.#cancelAlarm !== null) return;
    this.#cancelAlarm?.();
    this.#cancelAlarm = null;
    this.#alarmUs = next;
    this.#ringsFromUs = next === null ? null : Math.max(next, atUs);
    if (next !== null) this.#cancelAlarm = this.options.clock.alarm(next, () => this.#ring());
  }

  /** One that is set rings: it is not worth a system call to put it off with every step. */
  #setWatch(atUs: number): void {
    if (this.#cancelWatch !== null) return;
    if (!countsBoardTime(this.state)) {
      this.#watchUs = null;
      return;
    }
    this.#watchUs = atUs + WATCH_US;
    this.#cancelWatch = this.options.clock.alarm(this.#watchUs, () => this.#poll());
  }

  #poll(): void {
    const atUs = this.options.clock.nowUs();
    const dueUs = this.#watchUs ?? atUs;
    this.#cancelWatch = null;
    // Before what boards have answered meanwhile is read: they have not had this time.
    if (atUs - dueUs > STALL_US) this.dispatch({ type: 'timePassed' });
    else this.#setWatch(atUs);
  }

  #ring(): void {
    this.#cancelAlarm = null;
    // What boards have answered meanwhile is read first: the event loop polls before it comes to this.
    setImmediate(() => this.dispatch({ type: 'timePassed' }));
  }
}
