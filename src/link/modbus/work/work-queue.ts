import type { Seq } from '../../../pair/result/messages.js';
import type { Work } from './work.js';

/** The core gives one input at a time. One more finds room, as when a session ends while one is on its way; what is beyond is dropped, and the core's deadline decides. */
const MAX_WAITING = 4;
/** Numbers of inputs that were given in this opening: long past are those before. */
const MAX_GIVEN = 64;

/** What a slave is to do, one after the other, and which inputs it has been given. */
export class WorkQueue {
  readonly #waiting: Work[] = [];
  #current: Work | null = null;
  /** Oldest first. */
  readonly #given = new Set<Seq>();

  /** What is being done; null: nothing is. */
  get current(): Work | null {
    return this.#current;
  }

  /** The same; where nothing is done, what waits longest is begun. */
  proceed(): Work | null {
    this.#current ??= this.#waiting.shift() ?? null;
    return this.#current;
  }

  /** What was being done is over. */
  end(): void {
    this.#current = null;
  }

  /** Whatever waits goes first. */
  giveWay(): void {
    if (this.#current === null || this.#waiting.length === 0) return;
    this.#waiting.push(this.#current);
    this.#current = null;
  }

  /** False: there is no room for it. What is in hand already is asked for once more. */
  add(work: Work): boolean {
    if (this.askAgain(work.key, true)) return true;
    if (this.#waiting.length >= MAX_WAITING) return false;
    this.#waiting.push(work);
    return true;
  }

  /** True: it is in hand. */
  askAgain(key: string, mayBeRepeated: boolean): boolean {
    const inHand = [this.#current, ...this.#waiting].find((work) => work?.key === key);
    if (inHand == null) return false;
    inHand.isAskedAgain = mayBeRepeated && !inHand.isBroadcast;
    return true;
  }

  /** Nothing is to be done any more. What was given it has had. */
  clear(): void {
    this.#waiting.length = 0;
    this.#current = null;
  }

  wasGiven(seq: Seq): boolean {
    return this.#given.has(seq);
  }

  noteGiven(seq: Seq): void {
    this.#given.delete(seq);
    this.#given.add(seq);
    const [oldest] = this.#given;
    if (this.#given.size > MAX_GIVEN && oldest !== undefined) this.#given.delete(oldest);
  }

  /** It was not executed: it may come again. */
  forgetGiven(seq: Seq): void {
    this.#given.delete(seq);
  }

  /** The opening is over. */
  forgetAll(): void {
    this.clear();
    this.#given.clear();
  }
}
