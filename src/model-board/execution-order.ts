/** An input that waits to be executed. */
export interface WaitingInput {
  readonly seq: number;
  readonly probe: boolean;
  readonly arrivedUs: number;
}

/** Decides which waiting input (in order of arrival, at least one) is executed next; null: none yet. */
export interface ExecutionOrder {
  next(waiting: readonly WaitingInput[], nowUs: number): number | null;
}

/** As the firmware does it. */
export const arrivalOrder: ExecutionOrder = { next: ([first]) => first?.seq ?? null };

/**
 * Collects as many inputs as `places` has numbers, then runs them in that order: [3, 1, 2] runs the third first. Without
 * enough of them after `patienceUs` since the first came, the rest runs as it arrived. Probes never wait.
 */
export class ScriptedOrder implements ExecutionOrder {
  /** How often a whole group was run out of order, and how often patience ended first. */
  readonly counters = { groups: 0, fallbacks: 0 };
  readonly #places: readonly number[];
  readonly #patienceUs: number;
  #planned: number[] = [];

  constructor(places: readonly number[] = [3, 1, 2], patienceUs = 30_000) {
    this.#places = places;
    this.#patienceUs = patienceUs;
  }

  next(waiting: readonly WaitingInput[], nowUs: number): number | null {
    const probe = waiting.find((input) => input.probe);
    if (probe !== undefined) return probe.seq;
    this.#planned = this.#planned.filter((seq) => waiting.some((input) => input.seq === seq));
    const planned = this.#planned.shift();
    if (planned !== undefined) return planned;
    const [first] = waiting;
    if (first === undefined) return null;
    if (waiting.length >= this.#places.length) {
      this.counters.groups += 1;
      this.#planned = this.#places.flatMap((place) => waiting[place - 1]?.seq ?? []);
      return this.#planned.shift() ?? null;
    }
    if (nowUs - first.arrivedUs < this.#patienceUs) return null;
    this.counters.fallbacks += 1;
    this.#planned = waiting.map(({ seq }) => seq);
    return this.#planned.shift() ?? null;
  }
}
