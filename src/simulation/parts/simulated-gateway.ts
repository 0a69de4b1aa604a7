import { countsBoardTime, nextDeadlineUs } from '../../pair/deadlines.js';
import type { LedgerRows } from '../../pair/result/ledger-rows.js';
import type { PairEffect } from '../../pair/state/effects.js';
import type { PairEvent, TimedPairEvent } from '../../pair/state/events.js';
import type { PairConfig } from '../../pair/state/pair-config.js';
import type { PairState } from '../../pair/state/pair-state.js';
import { restore } from '../../pair/state/restore.js';
import { step } from '../../pair/step.js';
import type { Schedule } from '../schedule.js';

/** As in the real gateway: an alarm that is overdue by so much means that our own loop stood still. */
const STALL_US = 5_000;
/** So often, as in the real gateway, the clock is looked at while a board is at work. */
const WATCH_US = 5_000;
/** More steps than this at one moment, and the core spins. */
const MOST_STEPS_AT_ONCE = 3_000;

export interface GatewayObserver {
  /** `effects` are what it asks for then; none of them is performed yet. */
  stepped(pair: PairState, event: TimedPairEvent, effects: readonly PairEffect[]): void;
  performing(effect: PairEffect): void;
}

/** One life of a gateway: runs the real core as the real gateway does, one event at a time, effects in order. */
export class SimulatedGateway {
  readonly pair: PairState;
  alive = true;
  /** What a step of the core threw: its own mistake (R30). Kept, because whoever streams answers to it would lose it. */
  mistake: unknown = null;
  /** It dies before it performs its effect of this number, counted from now; null: it lives. */
  effectsToLive: number | null = null;
  onDeath: () => void = () => undefined;
  /** Nothing is left in its queue. */
  onIdle: () => void = () => undefined;
  #queue: PairEvent[] = [];
  #running = false;
  #alarmUs: number | null = null;
  /** When it could ring at the earliest: a deadline may lie in the past already when it becomes one. */
  #ringsFromUs: number | null = null;
  #alarmSet = false;
  #wakesAtUs = Number.POSITIVE_INFINITY;
  #toldUntilUs = Number.NEGATIVE_INFINITY;
  #stalledUntilUs = 0;
  #stepsHere = 0;
  #stepsAtUs = -1;

  constructor(
    config: PairConfig,
    rows: LedgerRows,
    private readonly schedule: Schedule,
    private readonly perform: (effect: PairEffect) => void,
    private readonly observer: GatewayObserver,
  ) {
    this.pair = restore(config, rows, schedule.nowUs);
  }

  dispatch(event: PairEvent): void {
    if (!this.alive) return;
    this.#queue.push(event);
    this.#drain();
  }

  die(): void {
    if (!this.alive) return;
    this.alive = false;
    this.#queue = [];
    this.onDeath();
  }

  get standsStill(): boolean {
    return this.schedule.nowUs < this.#stalledUntilUs;
  }

  /** Nothing that has come is still to be looked at. */
  get hasLookedAtAll(): boolean {
    return this.#queue.length === 0;
  }

  /** Its event loop stands still: what comes meanwhile waits (R14). */
  stall(forUs: number): void {
    const untilUs = this.schedule.nowUs + forUs;
    if (untilUs <= this.#stalledUntilUs) return;
    const fromUs = this.schedule.nowUs;
    this.#stalledUntilUs = untilUs;
    this.schedule.at(untilUs, () => {
      this.#tellStall(fromUs);
      this.#drain();
    });
  }

  /** The watch rings before what has come meanwhile is looked at. */
  #tellStall(fromUs: number): void {
    const { nowUs } = this.schedule;
    if (!this.alive || this.standsStill || !countsBoardTime(this.pair)) return;
    const dueUs = Math.max(Math.min(fromUs + WATCH_US, this.#ringsFromUs ?? nowUs), this.#toldUntilUs);
    if (nowUs - dueUs <= STALL_US) return;
    this.#toldUntilUs = nowUs;
    this.#stepAt({ type: 'loopStalled', stalledUs: nowUs - dueUs }, nowUs);
    if (this.alive) this.#setAlarm();
  }

  #drain(): void {
    if (this.#running || this.schedule.nowUs < this.#stalledUntilUs) return;
    this.#running = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined && this.alive; next = this.#queue.shift()) {
        this.#step(next);
      }
    } catch (error) {
      this.mistake ??= error;
      this.alive = false;
    } finally {
      this.#running = false;
    }
    this.onIdle();
  }

  #step(event: PairEvent): void {
    const atUs = this.schedule.nowUs;
    const dueUs = Math.max(this.#ringsFromUs ?? atUs, this.#toldUntilUs);
    if (atUs - dueUs > STALL_US) {
      this.#toldUntilUs = atUs;
      this.#stepAt({ type: 'loopStalled', stalledUs: atUs - dueUs }, atUs);
    }
    if (!this.alive) return;
    this.#stepAt(event, atUs);
    if (this.alive) this.#setAlarm();
  }

  #stepAt(event: PairEvent, atUs: number): void {
    this.#stepsHere = atUs === this.#stepsAtUs ? this.#stepsHere + 1 : 0;
    this.#stepsAtUs = atUs;
    if (this.#stepsHere > MOST_STEPS_AT_ONCE) throw new Error(`the core spins on ${event.type}`);
    const timed = Object.assign(event, { atUs });
    const effects = step(this.pair, timed);
    this.observer.stepped(this.pair, timed, effects);
    for (const effect of effects) {
      if (this.effectsToLive !== null && this.effectsToLive-- <= 0) return this.die();
      this.observer.performing(effect);
      this.perform(effect);
      if (!this.alive) return;
    }
  }

  #setAlarm(): void {
    const next = nextDeadlineUs(this.pair);
    if (next === this.#alarmUs && this.#alarmSet) return;
    this.#alarmUs = next;
    this.#ringsFromUs = next === null ? null : Math.max(next, this.schedule.nowUs);
    this.#alarmSet = next !== null;
    if (next !== null) this.#wakeAt(next);
  }

  /** Deadlines mostly move away: an alarm that is set already is kept, and looks again when it rings. */
  #wakeAt(atUs: number): void {
    if (this.#wakesAtUs <= atUs) return;
    this.#wakesAtUs = atUs;
    this.schedule.at(atUs, () => {
      if (this.#wakesAtUs !== atUs || !this.alive) return;
      this.#wakesAtUs = Number.POSITIVE_INFINITY;
      const alarmUs = this.#alarmUs;
      if (!this.#alarmSet || alarmUs === null) return;
      if (alarmUs > this.schedule.nowUs) return this.#wakeAt(alarmUs);
      this.#alarmSet = false;
      this.dispatch({ type: 'timePassed' });
    });
  }
}
