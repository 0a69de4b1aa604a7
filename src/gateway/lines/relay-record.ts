import type { RelayDriver } from '../../hardware/relay/relay-driver.js';
import type { LedgerRequest } from '../../pair/state/effects.js';

const OPERATIONS = 'relay-operations';
const PROVED_AT = 'relay-proved-at-ms';

export interface RelayRecordOptions {
  /** What the ledger has kept of earlier lives. */
  readonly facts: Readonly<Record<string, string>>;
  readonly relay: RelayDriver;
  readonly perform: (request: LedgerRequest) => void;
  /** Time of day, for what outlives the process. */
  readonly wallNowMs?: () => number;
}

/** How often the relay has moved in all its life, and when a move was last proved; kept in the ledger. */
export class RelayRecord {
  #before: number;
  #keptOperations = 0;
  #provedOperations = 0;
  #provedAtMs: number | null;

  constructor(private readonly options: RelayRecordOptions) {
    this.#before = numberFrom(options.facts[OPERATIONS]) ?? 0;
    this.#provedAtMs = numberFrom(options.facts[PROVED_AT]);
  }

  get operations(): number {
    return this.#before + this.options.relay.operations;
  }

  /** Since its feedback last showed a move from one board to the other; null: never. */
  get provedForMs(): number | null {
    // A clock that was set back makes no future of it.
    return this.#provedAtMs === null ? null : Math.max(0, this.#now() - this.#provedAtMs);
  }

  /** A report of the relay has come. */
  see(report: { readonly type: string; readonly proved?: boolean }): void {
    const { relay, perform } = this.options;
    if (relay.operations !== this.#keptOperations) {
      this.#keptOperations = relay.operations;
      perform({ type: 'keepFact', name: OPERATIONS, value: String(this.operations) });
    }
    // A contact that was where it was wanted all along proves no move.
    if (report.type !== 'relayMoved' || report.proved !== true || relay.operations === this.#provedOperations) return;
    this.#provedOperations = relay.operations;
    this.#provedAtMs = this.#now();
    perform({ type: 'keepFact', name: PROVED_AT, value: String(this.#provedAtMs) });
  }

  #now(): number {
    return (this.options.wallNowMs ?? Date.now)();
  }
}

function numberFrom(text: string | undefined): number | null {
  const number = Number(text);
  return text === undefined || !Number.isSafeInteger(number) || number < 0 ? null : number;
}
