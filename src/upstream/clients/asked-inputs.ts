import { type Observable, Subject } from 'rxjs';
import type { IntakeTurns } from '../intake-turns.js';
import type { Arrival } from '../upstream.js';
import type { ClientConnection } from './client-connection.js';

/** An input that has not been answered. */
export interface Asked<Request, Detail> {
  /** Null when it is gone, and nobody can be told any more. */
  connection: ClientConnection<Request> | null;
  /** What its framing has to know for the answer. */
  readonly detail: Detail;
}

/**
 * Inputs of framings in which a request has no name: each is named here, for this run alone, and its answer goes to where it was
 * asked, or nowhere. Bounded by the places that `turns` gives.
 */
export class AskedInputs<Request, Detail> {
  readonly #arrivals = new Subject<Arrival>();
  readonly arrivals: Observable<Arrival> = this.#arrivals.asObservable();
  readonly #asked = new Map<string, Asked<Request, Detail>>();
  #count = 0;

  /** @param runId never the same twice: refs are named once for ever (R23) */
  constructor(
    private readonly source: string,
    private readonly runId: string,
    private readonly turns: IntakeTurns,
  ) {}

  ask(connection: ClientConnection<Request>, payload: Uint8Array, detail: Detail): void {
    this.#count++;
    const ref = `${this.source}:${this.runId}:${this.#count}`;
    this.#asked.set(ref, { connection, detail });
    connection.unanswered.add(ref);
    connection.hasWorked = true;
    this.turns.begun();
    this.#arrivals.next({ ref, kind: 'input', payload });
  }

  /** What this client waits for, the oldest first. */
  *of(connection: ClientConnection<Request>): Iterable<Asked<Request, Detail>> {
    for (const ref of connection.unanswered) {
      const asked = this.#asked.get(ref);
      if (asked !== undefined) yield asked;
    }
  }

  /** The last word on an input: `tell` says it to whoever asked, if they are there still. */
  settle(ref: string, tell: (connection: ClientConnection<Request>, detail: Detail) => void): void {
    const asked = this.#asked.get(ref);
    // Of an earlier run: whoever asked it is gone.
    if (asked === undefined) return;
    this.#asked.delete(ref);
    this.turns.ended();
    const { connection, detail } = asked;
    if (connection === null) return;
    connection.unanswered.delete(ref);
    tell(connection, detail);
    connection.proceed();
  }

  /** What it has asked goes on without it. */
  gone(connection: ClientConnection<Request>): void {
    for (const asked of this.of(connection)) asked.connection = null;
  }

  close(): void {
    this.#arrivals.complete();
  }
}
