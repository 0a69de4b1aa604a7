import type { Logger } from 'pino';
import type { Clock } from '../../clock/clock.js';
import type { Heartbeat } from '../../control/contract/told.js';
import type { CommandRunner } from '../../notify/command-runner.js';
import { COMMAND_TIMEOUT_MS, tellOnce } from './teller.js';

export interface HeartbeatsOptions {
  readonly everyUs: number;
  readonly command: readonly string[];
  readonly runner: CommandRunner;
  readonly clock: Clock;
  readonly log: Logger;
  /** Why the core does not do its work at this moment; null: it does. */
  readonly standsBecause: () => string | null;
  readonly message: () => Heartbeat;
}

/**
 * Calls a person's command again and again while the core does its work, for a dead-man outside that raises the alarm when
 * the calls stop. One that fails is not tried again: the next comes soon. One that is not over is not joined by another.
 */
export class Heartbeats {
  #told = 0;
  #trouble: string | null;
  #still: string | null = null;
  #isBusy = false;
  #isClosed = false;
  #dueUs: number;
  #cancel: (() => void) | null = null;

  constructor(
    private readonly options: HeartbeatsOptions,
    trouble: string | null = null,
  ) {
    this.#trouble = trouble;
    this.#dueUs = options.clock.nowUs();
    this.#wait();
  }

  readonly name = 'heartbeat';

  get status(): { readonly told: number; readonly waiting: number; readonly leftOut: number; trouble: string | null } {
    const still = this.#still === null ? null : `none is sent: ${this.#still}`;
    return { told: this.#told, waiting: 0, leftOut: 0, trouble: still ?? this.#trouble };
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  #wait(): void {
    this.#cancel = this.options.clock.alarm(this.#dueUs, () => {
      // After a standstill of the host there is nothing to make up for.
      this.#dueUs = Math.max(this.#dueUs + this.options.everyUs, this.options.clock.nowUs());
      this.#wait();
      void this.#beat();
    });
  }

  async #beat(): Promise<void> {
    const { log, runner, command, everyUs, standsBecause, message } = this.options;
    const still = standsBecause();
    if (still !== this.#still) {
      if (still !== null) log.error({ why: still }, 'no heartbeat is sent: the core does not do its work');
      else log.info('heartbeats are sent again');
    }
    this.#still = still;
    if (still !== null || this.#isBusy) return;
    this.#isBusy = true;
    const timeoutMs = Math.min(COMMAND_TIMEOUT_MS, everyUs / 1000);
    const end = await tellOnce(runner, this.name, command, message(), timeoutMs);
    this.#isBusy = false;
    if (this.#isClosed) return;
    if (end.ok) this.#told++;
    const trouble = end.ok ? null : end.why;
    if (trouble !== null && this.#trouble === null)
      log.warn({ command: this.name, why: trouble }, 'a heartbeat failed');
    this.#trouble = trouble;
  }
}
