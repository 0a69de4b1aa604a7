import { type Observable, Subject, type Subscription } from 'rxjs';
import type { Clock } from '../clock/clock.js';
import type { RefusalReason } from '../pair/state/effects.js';
import type { Arrival, Upstream } from './upstream.js';

/** Values of something that is read, however that is done. */
export interface ReadValues {
  /** i32. Hot. */
  readonly values: Observable<number>;
  /** Null: values come as they should; otherwise why not. The present one first. */
  readonly troubles: Observable<string | null>;
  close(): void;
}

export interface ReadingUpstreamOptions {
  /** `sensor A0`: for people. */
  readonly name: string;
  /** The first byte of every payload: which of the configured inputs this is, from 0. */
  readonly channel: number;
  /**
   * What becomes of a value that finds the pair busy. `latest`: only the newest is given when there is room. `every`: each
   * waits for its turn, up to a bound.
   */
  readonly keeps: 'latest' | 'every';
  /** Begins to read; rejects when it cannot. */
  readonly open: () => Promise<ReadValues>;
  /** Told with every change of what is wrong. */
  readonly onTrouble: (name: string, trouble: string | null) => void;
  readonly clock: Clock;
  /** Never the same twice: refs are named once for ever (R23). */
  readonly runId: string;
}

const SOURCE = 'reading';
/** Values that wait for their turn; with more of them, what changed back and forth is left out and counted. */
const MAX_WAITING = 32;
/** A full pair is asked again so long after it had no room. */
const RETRY_US = 50_000;

export function createReadingUpstream(options: ReadingUpstreamOptions): ReadingUpstream {
  return new ReadingUpstream(options);
}

/**
 * A button, sensor or thermometer: each new value is an input of five bytes, u8 channel and i32 value (little-endian). One
 * at a time: the next is given when the last was answered. Answers go nowhere; the ledger has them.
 */
export class ReadingUpstream implements Upstream {
  readonly source = SOURCE;
  readonly #arrivals = new Subject<Arrival>();
  readonly arrivals = this.#arrivals.asObservable();
  /** R6: values that were never given, because newer ones came first or there was no room. */
  skipped = 0;
  readonly #prefix: string;
  #read: ReadValues | null = null;
  readonly #subscriptions: Subscription[] = [];
  #waiting: number[] = [];
  /** The value given last, whatever became of it. */
  #given: number | null = null;
  #underWay: string | null = null;
  #count = 0;
  #paused = false;
  #cancelRetry: (() => void) | null = null;

  constructor(private readonly options: ReadingUpstreamOptions) {
    this.#prefix = `${SOURCE}:${options.channel}:${options.runId}:`;
  }

  async start(): Promise<readonly string[]> {
    const { name, open, onTrouble } = this.options;
    const read = await open();
    this.#read = read;
    let isFirst = true;
    this.#subscriptions.push(
      read.values.subscribe((value) => this.#take(value)),
      read.troubles.subscribe((trouble) => {
        // That all is well at the start is no news.
        if (!isFirst || trouble !== null) onTrouble(name, trouble);
        isFirst = false;
      }),
    );
    return [name];
  }

  async close(): Promise<void> {
    this.#cancelRetry?.();
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#read?.close();
    this.#arrivals.complete();
  }

  accepted(): void {
    // Nobody asked.
  }

  answer(ref: string): boolean {
    if (ref === this.#underWay) this.#next();
    // One of a gateway before this one was given up with it.
    return ref.startsWith(`${SOURCE}:${this.options.channel}:`);
  }

  refuse(ref: string, reason: RefusalReason): void {
    if (ref !== this.#underWay) return;
    if (reason === 'full') return this.#giveAgainLater();
    // Said and counted. A stopped pair must not act on old values when it is started again.
    this.skipped += 1;
    this.#given = null;
    if (reason === 'stopped') this.#forgetWaiting();
    this.#next();
  }

  pauseIntake(): void {
    this.#paused = true;
  }

  resumeIntake(): void {
    this.#paused = false;
    this.#give();
  }

  #take(value: number): void {
    const newest = this.#waiting.at(-1) ?? this.#given;
    if (value === newest) return;
    if (this.options.keeps === 'latest') {
      this.skipped += this.#waiting.length;
      // What was given is still true: there is nothing new to say.
      this.#waiting = value === this.#given ? [] : [value];
    } else if (this.#waiting.length >= MAX_WAITING) {
      // The last edge and the one that undoes it: what remains ends in the state that is true now.
      this.#waiting.pop();
      this.skipped += 2;
    } else {
      this.#waiting.push(value);
    }
    this.#give();
  }

  #next(): void {
    this.#underWay = null;
    this.#give();
  }

  /** R6: a full pair takes nothing; the value keeps its turn, or makes room for a newer one. */
  #giveAgainLater(): void {
    const { clock, keeps } = this.options;
    const refused = this.#given;
    this.#given = null;
    if (refused !== null && (keeps === 'every' || this.#waiting.length === 0)) this.#waiting.unshift(refused);
    else this.skipped += 1;
    this.#cancelRetry = clock.alarm(clock.nowUs() + RETRY_US, () => this.#next());
  }

  #forgetWaiting(): void {
    this.skipped += this.#waiting.length;
    this.#waiting = [];
  }

  #give(): void {
    if (this.#paused || this.#underWay !== null) return;
    const value = this.#waiting.shift();
    if (value === undefined) return;
    this.#count += 1;
    this.#given = value;
    this.#underWay = `${this.#prefix}${this.#count}`;
    this.#arrivals.next({ ref: this.#underWay, kind: 'input', payload: payloadOf(this.options.channel, value) });
  }
}

/** u8 channel, i32 value, little-endian. */
export function payloadOf(channel: number, value: number): Uint8Array {
  const payload = new Uint8Array(5);
  const view = new DataView(payload.buffer);
  view.setUint8(0, channel);
  view.setInt32(1, Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.round(value))), true);
  return payload;
}
