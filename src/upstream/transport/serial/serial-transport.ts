import type { Clock } from '../../../clock/clock.js';
import type { Door, Transport } from '../transport.js';
import { type OpenPort, SerialStream } from './serial-stream.js';

export interface SerialTransportOptions {
  /** As a person calls it: `ttyUSB0`. */
  readonly name: string;
  /** Opens the port; rejects where it cannot, with what to do about it. */
  readonly open: () => Promise<OpenPort>;
  readonly clock: Clock;
}

/** A port that was unplugged, or given up, is tried so often. */
const RETRY_US = 1_000_000;

/** One client, for as long as the port is there: who talks at the other end of a cable cannot be told apart. */
export class SerialTransport implements Transport {
  #door: Door | null = null;
  #stream: SerialStream | null = null;
  #cancelRetry: (() => void) | null = null;

  constructor(private readonly options: SerialTransportOptions) {}

  async open(door: Door): Promise<string> {
    const port = await this.options.open();
    this.#door = door;
    this.#serve(port);
    return `serial:${this.options.name}`;
  }

  async close(): Promise<void> {
    this.#door = null;
    this.#cancelRetry?.();
    const stream = this.#stream;
    if (stream === null) return;
    await new Promise((resolve) => stream.once('close', resolve));
  }

  #serve(port: OpenPort): void {
    const stream = new SerialStream(port, this.options.clock);
    this.#stream = stream;
    stream.once('close', () => {
      this.#stream = null;
      if (this.#door !== null) this.#tryLater();
    });
    this.#door?.came(stream);
  }

  #tryLater(): void {
    const { clock } = this.options;
    this.#cancelRetry = clock.alarm(clock.nowUs() + RETRY_US, () => void this.#tryAgain());
  }

  /** Never rejects: a port that is not there is tried for ever. */
  async #tryAgain(): Promise<void> {
    let port: OpenPort;
    try {
      port = await this.options.open();
    } catch {
      // Not there yet: counted, and tried again. What `open` says of it was said when the port went.
      this.#door?.notTaken();
      if (this.#door !== null) this.#tryLater();
      return;
    }
    if (this.#door === null) port.close();
    else this.#serve(port);
  }
}
