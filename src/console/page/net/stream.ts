import { urlOf } from './api.js';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 10_000;
/** A connection that a sleeping computer left behind says nothing, not even that it is gone. */
const SILENT_AFTER_MS = 12_000;

export interface StreamHandlers {
  /** It is there, for the first time or again: whatever was said meanwhile has to be asked for. */
  opened(): void;
  said(kind: StreamKind, data: unknown): void;
}

/** `restarted`: another ledger, whose numbers begin anew. */
const KINDS = ['status', 'fault', 'event', 'restarted'] as const;
export type StreamKind = (typeof KINDS)[number];

/** The server-sent events of one pair. The browser comes back by itself after most losses; this does after all of them. */
export class PairStream {
  #source: EventSource | null = null;
  #heardAtMs = Date.now();
  #waitMs = FIRST_WAIT_MS;
  #retry: ReturnType<typeof setTimeout> | null = null;
  readonly #watch: ReturnType<typeof setInterval>;

  constructor(
    private readonly path: string,
    private readonly handlers: StreamHandlers,
  ) {
    this.#open();
    this.#watch = setInterval(() => this.look(), SILENT_AFTER_MS / 4);
  }

  /** To be called as well when a tab wakes up. */
  look(): void {
    if (Date.now() - this.#heardAtMs > SILENT_AFTER_MS) this.#open();
  }

  close(): void {
    clearInterval(this.#watch);
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#source?.close();
  }

  #open(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#source?.close();
    const source = new EventSource(urlOf(this.path));
    this.#source = source;
    this.#heardAtMs = Date.now();
    source.addEventListener('open', () => {
      this.#waitMs = FIRST_WAIT_MS;
      this.#heardAtMs = Date.now();
      this.handlers.opened();
    });
    source.addEventListener('error', () => this.#lost(source));
    for (const kind of KINDS) {
      source.addEventListener(kind, (message: MessageEvent<string>) => {
        this.#heardAtMs = Date.now();
        this.handlers.said(kind, JSON.parse(message.data));
      });
    }
  }

  /** The browser itself gives up on an answer that is no stream: a server that is starting, or a proxy in between. */
  #lost(source: EventSource): void {
    if (source !== this.#source || source.readyState !== EventSource.CLOSED || this.#retry !== null) return;
    this.#retry = setTimeout(() => this.#open(), this.#waitMs);
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
  }
}
