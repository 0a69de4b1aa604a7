import type { Observable } from 'rxjs';
import type { Clock } from '../clock/clock.js';
import type { RefusalReason } from '../pair/state/effects.js';
import type { ClientCounts } from './client-counts.js';
import type { Arrival, Upstream } from './upstream.js';

export interface PersistentUpstreamOptions {
  /** What a person calls it: `tcp://127.0.0.1:7400`, `sensor A0`. */
  readonly name: string;
  readonly clock: Clock;
  /** Told with every change of what keeps it from beginning; null: it has begun after all. */
  readonly onTrouble: (name: string, trouble: string | null) => void;
}

/** From one try to the next, for ever. A try costs nothing that anybody would notice. */
const RETRY_US = 1_000_000;
/** Nobody waits longer for its first try: a board that a line is on may take long to come up. */
const FIRST_TRY_US = 1_000_000;

/**
 * An upstream that cannot begin yet (a port in use, an address that this host does not have before its Wi-Fi is there, a
 * line that another program holds) and is tried again for ever. Its `start` never rejects: the other inputs are served
 * meanwhile, and the boards are looked after.
 */
export class PersistentUpstream implements Upstream {
  readonly source: string;
  readonly arrivals: Observable<Arrival>;
  #trouble: string | null = null;
  #cancelRetry: (() => void) | null = null;
  #isClosed = false;

  constructor(
    private readonly upstream: Upstream,
    private readonly options: PersistentUpstreamOptions,
  ) {
    this.source = upstream.source;
    this.arrivals = upstream.arrivals;
  }

  /** Why nothing comes in here, in a sentence; null: it has begun. */
  get trouble(): string | null {
    return this.#trouble;
  }

  get clients(): ClientCounts | undefined {
    return this.upstream.clients;
  }

  async start(): Promise<readonly string[]> {
    const { name, clock } = this.options;
    const cancels: (() => void)[] = [];
    const late = new Promise<null>((resolve) => {
      cancels.push(clock.alarm(clock.nowUs() + FIRST_TRY_US, () => resolve(null)));
    });
    const places = await Promise.race([this.#try(), late]);
    for (const cancel of cancels) cancel();
    return places ?? [`${name}: nothing comes in yet: ${this.#trouble ?? 'it is not there yet'}; tried again for ever`];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelRetry?.();
    await this.upstream.close();
  }

  accepted(ref: string): void {
    this.upstream.accepted(ref);
  }

  isOwn(ref: string): boolean {
    return this.upstream.isOwn?.(ref) === true;
  }

  answer(ref: string, bodies: readonly Uint8Array[], repeat: boolean, rejected: boolean): boolean {
    return this.upstream.answer(ref, bodies, repeat, rejected);
  }

  refuse(ref: string, reason: RefusalReason): void {
    this.upstream.refuse(ref, reason);
  }

  passOn(body: Uint8Array): void {
    this.upstream.passOn?.(body);
  }

  pauseIntake(): void {
    this.upstream.pauseIntake();
  }

  resumeIntake(): void {
    this.upstream.resumeIntake();
  }

  /** Null: it could not begin. */
  async #try(): Promise<readonly string[] | null> {
    let places: readonly string[] | null = null;
    let trouble: string | null = null;
    try {
      places = await this.upstream.start();
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
    }
    if (this.#isClosed) {
      // It has begun after the end.
      if (places !== null) await this.upstream.close();
      return null;
    }
    const { clock } = this.options;
    if (trouble !== null) this.#cancelRetry = clock.alarm(clock.nowUs() + RETRY_US, () => void this.#try());
    this.#say(trouble);
    return places;
  }

  #say(trouble: string | null): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.options.onTrouble(this.options.name, trouble);
  }
}
