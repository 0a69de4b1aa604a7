import type { ServerResponse } from 'node:http';
import type { Face } from '../../control/contract/face.js';
import type { FaultView } from '../../control/contract/fault.js';
import { CopycatError } from '../../errors/copycat-error.js';
import type { Pair, PairWatcher } from '../pairs/pair.js';
import { eventText } from './event-text.js';

/** What waits in this process for one client that does not read: nothing is added beyond, and it is read from the ledger later. */
const MOST_WAITING_BYTES = 0x40000;
/** So many looks in a row (four a second) without room for anything: the client is dropped, and comes back where it was. */
const MOST_LOOKS_WITHOUT_ROOM = 120;

/**
 * What one client is told of a pair. Nothing queues here but the number up to which it has been told: faults and events are read from
 * the ledger when there is room, of statuses it is given the newest one that fits.
 */
export class PairStream implements PairWatcher {
  #after: number | null;
  #looksWithoutRoom = 0;
  #recording = '';
  #leave: () => void = () => undefined;

  constructor(
    private readonly pair: Pair,
    private readonly response: ServerResponse,
    after: number | null,
  ) {
    this.#after = after;
  }

  begin(): void {
    // A browser waits so long before it comes back.
    this.response.write('retry: 1000\n\n');
    const { face, found } = this.pair;
    this.hear(face, typeof found === 'string' ? null : found.news.newest, []);
    this.#leave = this.pair.watch(this);
  }

  close(): void {
    this.#leave();
  }

  end(): void {
    this.response.end();
  }

  hear(face: Face, newest: number | null, changed: readonly FaultView[]): void {
    if (this.response.writableLength > MOST_WAITING_BYTES) {
      this.#looksWithoutRoom += 1;
      if (this.#looksWithoutRoom >= MOST_LOOKS_WITHOUT_ROOM) this.response.destroy();
      return;
    }
    this.#looksWithoutRoom = 0;
    this.#tellRecording(face);
    if (newest !== null) this.#tellFaults(newest, changed);
    this.#write(eventText('status', face));
  }

  #tellFaults(newest: number, changed: readonly FaultView[]): void {
    if (this.#after === null) {
      this.#after = newest;
      this.#write(`id: ${newest}\n\n`);
    }
    // Another ledger, whose numbers begin anew.
    if (this.#after > newest) {
      this.#write(eventText('restarted', { newest, was: this.#after }));
      this.#after = 0;
    }
    // Without a number: it is none of those that a client may have missed.
    for (const fault of changed) {
      if (fault.id <= this.#after) this.#write(eventText(fault.event ? 'event' : 'fault', fault));
    }
    const { found } = this.pair;
    if (typeof found === 'string') return;
    try {
      while (this.#after < newest && this.response.writableLength <= MOST_WAITING_BYTES) {
        const faults = found.news.after(this.#after);
        for (const fault of faults) this.#write(eventText(fault.event ? 'event' : 'fault', fault, fault.id));
        this.#after = faults.at(-1)?.id ?? newest;
      }
    } catch (error) {
      // It could be read a moment ago: the next look tells.
      if (!(error instanceof CopycatError)) throw error;
    }
  }

  /** What is not recorded to disk may not be here after the gateway has ended, and is not told while it is in memory alone. */
  #tellRecording({ ledger: { recordedToDisk, why } }: Face): void {
    const text = eventText('recording', { recordedToDisk, why });
    if (text === this.#recording) return;
    if (this.#recording !== '' || !recordedToDisk) this.#write(text);
    this.#recording = text;
  }

  #write(text: string): void {
    this.response.write(text);
  }
}
