import type { LedgerRequest } from '../../pair/state/effects.js';

/** A fact of the ledger: the bytes in hexadecimal digits. */
const FACT = 'banner';

/**
 * What a board said when it started, as it was heard last, for clients that wait for it. The ledger keeps it: a gateway that starts beside
 * boards that run has heard none.
 */
export class KeptBanner {
  #text: string;

  constructor(
    facts: Readonly<Record<string, string>>,
    private readonly keep: (request: LedgerRequest) => void,
  ) {
    this.#text = facts[FACT] ?? '';
  }

  heard(bytes: Uint8Array): void {
    const text = Buffer.from(bytes).toString('hex');
    if (text === this.#text) return;
    this.#text = text;
    this.keep({ type: 'keepFact', name: FACT, value: text });
  }

  /** Null: none has been heard yet. */
  get bytes(): Uint8Array | null {
    return this.#text === '' ? null : Uint8Array.from(Buffer.from(this.#text, 'hex'));
  }
}
