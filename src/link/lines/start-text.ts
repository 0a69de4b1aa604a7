import { joined } from './byte-text.js';

/** What a board says when it starts, from its banner on: for clients that wait for it. Bounded: what is beyond is left out. */
export class StartText {
  /** Null: it is not listened to. */
  #text: Uint8Array | null = null;

  constructor(private readonly maxBytes: number) {}

  begin(banner: Uint8Array): void {
    this.#text = banner;
  }

  add(bytes: Uint8Array): void {
    if (this.#text === null || this.#text.length + bytes.length > this.maxBytes) return;
    this.#text = joined(this.#text, bytes);
  }

  /** All of it; null: there is none. */
  take(): Uint8Array | null {
    const text = this.#text;
    this.#text = null;
    return text;
  }
}
