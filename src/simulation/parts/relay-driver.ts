import type { Schedule } from '../schedule.js';
import type { RelayContact } from './relay-contact.js';

export type RelayReport =
  | { readonly type: 'relayMoved'; readonly to: string; readonly proved: boolean }
  | { readonly type: 'relayStuck'; readonly to: string };

export interface DriverOptions {
  readonly feedback: boolean;
  readonly settleUs: number;
  readonly retries: number;
}

/** The gateway's side of the relay, one for each life of the gateway: commands, waits, retries, reports (R13). */
export class SimulatedRelayDriver {
  #commanded: string;
  #commands = 0;
  #moving = false;
  #last: RelayReport | null = null;
  #closed = false;

  constructor(
    first: string,
    private readonly options: DriverOptions,
    private readonly contact: RelayContact,
    private readonly schedule: Schedule,
    private readonly report: (report: RelayReport) => void,
  ) {
    this.#commanded = first;
  }

  moveTo(board: string): void {
    const wasMoving = this.#moving;
    this.#commanded = board;
    const isThere = this.options.feedback && !wasMoving && this.contact.at === board;
    this.contact.command(board);
    this.#moving = true;
    const command = ++this.#commands;
    if (isThere) return this.#say({ type: 'relayMoved', to: board, proved: true });
    this.#watch(command, this.options.retries);
  }

  /** The feedback line has changed. */
  contactChanged(): void {
    if (this.#closed || !this.options.feedback || this.contact.at !== this.#commanded) return;
    if (!this.#moving && this.#last?.type !== 'relayStuck') return;
    this.#say({ type: 'relayMoved', to: this.#commanded, proved: true });
  }

  close(): void {
    this.#closed = true;
  }

  #watch(command: number, retriesLeft: number): void {
    this.schedule.after(this.options.settleUs, () => {
      if (this.#closed || command !== this.#commands || !this.#moving) return;
      const to = this.#commanded;
      if (!this.options.feedback) return this.#say({ type: 'relayMoved', to, proved: false });
      if (retriesLeft === 0) return this.#say({ type: 'relayStuck', to });
      this.contact.command(to);
      this.#watch(command, retriesLeft - 1);
    });
  }

  #say(report: RelayReport): void {
    if (this.#closed) return;
    this.#moving = false;
    this.#last = report;
    this.report(report);
  }
}
