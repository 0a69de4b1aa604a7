import type { Clock } from '../../clock/clock.js';
import type { StoredFault } from '../../faults/stored-fault.js';
import type { LedgerRequest } from '../../pair/state/effects.js';
import { MOST_WAITING, type UntoldFault } from './untold-fault.js';

/** A story that grows is kept anew so often at most. */
const KEEP_EVERY_US = 1_000_000;

export interface KeptFaultsOptions {
  /** What the ledger has kept of earlier lives. */
  readonly facts: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly perform: (request: LedgerRequest) => void;
}

/**
 * What is not told yet, for the gateway that comes after this one: a fault in each of a few places of the ledger. It is
 * taken away when it was told, so that one that is killed in between tells it again rather than never.
 */
export class KeptFaults {
  readonly restored: readonly StoredFault[];
  readonly #places: (number | null)[] = Array.from({ length: MOST_WAITING }, () => null);
  readonly #written: string[];
  #waiting: readonly UntoldFault[] = [];
  #keptAtUs = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | null = null;

  constructor(private readonly options: KeptFaultsOptions) {
    this.#written = this.#places.map((_, place) => options.facts[nameOf(place)] ?? '');
    const restored = this.#written.flatMap((text, place) => {
      const fault = faultFrom(text);
      if (fault === null) return [];
      this.#places[place] = fault.id;
      return [fault];
    });
    this.restored = restored.sort((one, other) => one.id - other.id);
  }

  changed(waiting: readonly UntoldFault[]): void {
    this.#waiting = waiting;
    const { clock } = this.options;
    // In a turn of its own: what came with one step is kept together, and the step does not wait for it.
    this.#cancel ??= clock.alarm(Math.max(clock.nowUs(), this.#keptAtUs + KEEP_EVERY_US), () => this.#keep());
  }

  /** What is still to be kept is kept now. */
  close(): void {
    if (this.#cancel === null) return;
    this.#cancel();
    this.#keep();
  }

  #keep(): void {
    this.#cancel = null;
    this.#keptAtUs = this.options.clock.nowUs();
    const ids = new Set(this.#waiting.map(({ fault }) => fault.id));
    for (const [place, id] of this.#places.entries()) if (id !== null && !ids.has(id)) this.#places[place] = null;
    for (const { fault } of this.#waiting) {
      if (this.#places.includes(fault.id)) continue;
      // There are as many places as may wait.
      const free = this.#places.indexOf(null);
      if (free !== -1) this.#places[free] = fault.id;
    }
    for (const [place, id] of this.#places.entries()) {
      const untold = this.#waiting.find(({ fault }) => fault.id === id);
      this.#write(place, untold === undefined ? '' : JSON.stringify(untold.fault));
    }
  }

  #write(place: number, value: string): void {
    if (this.#written[place] === value) return;
    this.#written[place] = value;
    this.options.perform({ type: 'keepFact', name: nameOf(place), value });
  }
}

function nameOf(place: number): string {
  return `untold-fault-${place}`;
}

function faultFrom(text: string): StoredFault | null {
  if (text === '') return null;
  try {
    const read = JSON.parse(text) as StoredFault; // as an earlier life wrote it
    return typeof read.id === 'number' && typeof read.code === 'string' && Array.isArray(read.timeline) ? read : null;
  } catch {
    return null; // of another version, or half of one: the ledger has its story
  }
}
