import { signal } from '@preact/signals';
import { getJson } from '../net/api.js';
import type { Fault } from '../net/shapes.js';

const PAGE = 200;

/** The fault log as far as it has been asked for, newest first. */
export class FaultList {
  readonly all = signal<readonly Fault[]>([]);
  /** Null: not asked yet, or it went well. */
  readonly trouble = signal<string | null>(null);
  readonly isLoaded = signal(false);

  constructor(private readonly path: string) {}

  /** After the stream was away: what came meanwhile, and what has changed of what was known. */
  async catchUp(): Promise<void> {
    const newest = this.all.value[0]?.id;
    const known = await this.#ask(`limit=${PAGE}`);
    if (known === null) return;
    this.merge(known);
    this.isLoaded.value = true;
    if (newest === undefined) return;
    // More than one answer holds may have come: numbers without a gap are asked for until there are no more.
    for (let after = newest; ; ) {
      const more = await this.#ask(`after=${after}&limit=${PAGE}`);
      if (more === null || more.length === 0) return;
      this.merge(more);
      const last = Math.max(...more.map(({ id }) => id));
      if (more.length < PAGE || last <= after) return;
      after = last;
    }
  }

  /** What was known is of a ledger that is there no more. */
  forget(): void {
    this.all.value = [];
    void this.catchUp();
  }

  merge(faults: readonly Fault[]): void {
    if (faults.length === 0) return;
    const byId = new Map(this.all.value.map((fault) => [fault.id, fault]));
    for (const fault of faults) byId.set(fault.id, { ...byId.get(fault.id), ...fault });
    this.all.value = [...byId.values()].sort((one, other) => other.id - one.id);
  }

  /** One with its story. */
  async load(id: number): Promise<Fault | null> {
    const answer = await getJson<Fault>(`${this.path}/${id}`);
    this.trouble.value = answer.ok ? null : answer.reason;
    if (!answer.ok) return null;
    this.merge([answer.value]);
    return answer.value;
  }

  async #ask(query: string): Promise<readonly Fault[] | null> {
    const answer = await getJson<readonly Fault[] | { readonly faults: readonly Fault[] }>(`${this.path}?${query}`);
    this.trouble.value = answer.ok ? null : answer.reason;
    if (!answer.ok) return null;
    return 'faults' in answer.value ? answer.value.faults : answer.value;
  }
}
