import type { RegisterRange } from '../../protocol/modbus/function-codes.js';
import { type AskedRegisters, presenceReads } from '../../protocol/modbus/presence-reads.js';
import { parseRequest, type Request, readingRequest } from '../../protocol/modbus/request.js';

export interface Question {
  readonly pdu: Uint8Array;
  readonly request: Request;
}

/**
 * Harmless reads by which a slave shows that it is there. Any answer will do, an exception as well; what counts is that it cannot be
 * taken for the answer to something else.
 */
export class Questions {
  /** Of each way to ask, the best first. */
  readonly #reads: readonly RegisterRange[];
  /** Function codes to which this slave has given values, and no exception. */
  readonly #given = new Set<number>();

  /** @throws RangeError where whatever could be asked is cleared by it: `copycat check` has refused that */
  constructor(asked: AskedRegisters) {
    this.#reads = presenceReads(asked);
    if (this.#reads.length === 0) throw new RangeError('whatever could be asked is cleared by that');
  }

  /** The request of the best. */
  get first(): Uint8Array {
    const [read] = this.#reads;
    if (read === undefined) throw new RangeError('there is no question');
    return readingRequest(read);
  }

  /** Values have been given to a request with this function code. */
  noteGiven(code: number): void {
    this.#given.add(code);
  }

  /**
   * The next thing to ask; null: whatever is asked, its answer could be another's.
   * @param couldBeTaken whether an answer to it could be, all the more so if it may be an exception
   */
  next(couldBeTaken: (request: Request, isExceptionLikely: boolean) => boolean): Question | null {
    const asked = this.#reads.map((read): Question => {
      const pdu = readingRequest(read);
      const request = parseRequest(pdu);
      if ('exception' in request) throw new RangeError(`${read.space} ${read.first} cannot be read`);
      return { pdu, request };
    });
    const free = asked.filter(({ request }) => !couldBeTaken(request, !this.#given.has(request.code)));
    return free.find(({ request }) => this.#given.has(request.code)) ?? free[0] ?? null;
  }
}
