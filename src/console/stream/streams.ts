import type { Pair } from '../pairs/pair.js';
import { type Reply, refusal, type Streamed } from '../reply.js';
import { SAFE_HEADERS } from '../safe-headers.js';
import { PairStream } from './pair-stream.js';

/** Of more, a new one is sent away until another has gone. */
const MOST_STREAMS = 128;

/** All that look on. */
export class Streams {
  readonly #open = new Set<PairStream>();

  /** `after`: the number of the last fault or event that the client has; null: only what comes from now on. */
  open(pair: Pair, after: number | null): Reply | Streamed {
    if (this.#open.size >= MOST_STREAMS) {
      return refusal(503, `${MOST_STREAMS} clients look on already`, 'fewer of them', { 'retry-after': '5' });
    }
    return {
      stream: (response) => {
        response.writeHead(200, {
          ...SAFE_HEADERS,
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          // A proxy in front must not gather what is meant for now.
          'x-accel-buffering': 'no',
        });
        const stream = new PairStream(pair, response, after);
        this.#open.add(stream);
        response.once('close', () => {
          stream.close();
          this.#open.delete(stream);
        });
        stream.begin();
      },
    };
  }

  close(): void {
    for (const stream of this.#open) stream.end();
  }
}
