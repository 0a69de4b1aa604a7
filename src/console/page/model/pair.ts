import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { getJson } from '../net/api.js';
import type { Fault, PageStatus } from '../net/shapes.js';
import { PairStream, type StreamKind } from '../net/stream.js';
import { FaultList } from './fault-list.js';
import { History } from './history.js';
import { nowMs, onWake } from './now.js';
import { Rate } from './rate.js';
import { ageMsOf, type Heard, type Standing, standingOf } from './standing.js';
import { isOld, valueRowsOf } from './values.js';

/** One pair as this page knows it, kept up to date by its stream until it is closed. */
export class Pair {
  readonly heard: Signal<Heard | null> = signal(null);
  /** Counts what came in: whoever draws from `history` or `rate`, which are no signals, looks at it. */
  readonly beat = signal(0);
  readonly standing: ReadonlySignal<Standing> = computed(() => standingOf(this.heard.value, nowMs.value));
  readonly faults: FaultList;
  readonly rate = new Rate();
  history: History | null = null;
  /** The core's last step, by this browser's clock: what is stale is so since then. */
  readonly lastStepAtMs: ReadonlySignal<number | null> = computed(() => {
    const heard = this.heard.value;
    return heard === null ? null : heard.receivedAtMs - heard.status.coreAgeMs;
  });
  readonly #stream: PairStream;
  readonly #leave: () => void;

  constructor(readonly id: string) {
    this.faults = new FaultList(this.path('faults'));
    this.#stream = new PairStream(this.path('stream'), {
      opened: () => void this.#catchUp(),
      said: (kind, data) => this.#hear(kind, data),
    });
    this.#leave = onWake(() => this.#stream.look());
  }

  path(of: string): string {
    return `./api/pairs/${encodeURIComponent(this.id)}/${of}`;
  }

  get status(): PageStatus | null {
    return this.heard.value?.status ?? null;
  }

  /** Since the core's last step. */
  get ageMs(): number | null {
    return this.heard.value === null ? null : ageMsOf(this.heard.value, nowMs.value);
  }

  close(): void {
    this.#stream.close();
    this.#leave();
  }

  async #catchUp(): Promise<void> {
    const [status] = await Promise.all([getJson<PageStatus>(this.path('status')), this.faults.catchUp()]);
    if (status.ok) this.#hearStatus(status.value);
  }

  #hear(kind: StreamKind, data: unknown): void {
    if (kind === 'status') this.#hearStatus(data as PageStatus);
    else if (kind === 'restarted') this.faults.forget();
    else this.faults.merge([data as Fault]);
  }

  #hearStatus(status: PageStatus): void {
    const atMs = Date.now();
    batch(() => {
      nowMs.value = atMs;
      this.heard.value = { status, receivedAtMs: atMs };
      this.#draw(status, (atMs - status.coreAgeMs) / 1000);
      this.beat.value += 1;
    });
  }

  /** What is old is no point of a plot. */
  #draw(status: PageStatus, atS: number): void {
    if (status.isStale) return;
    this.rate.add(status);
    this.history ??= new History(status.boards.map(({ board }) => board));
    const old = new Set(status.boards.filter(isOld).map(({ board }) => board));
    for (const { key, of } of valueRowsOf(status))
      this.history.add(atS, key, (board) => (old.has(board) ? undefined : of.get(board)));
  }
}
