import { type GatewayProcess, readFromGateway, type ToGateway } from './gateway-channel.js';

/** How often the gateway is told the time, in emulated microseconds. */
const tickEveryUs = 1000;

/**
 * Keeps emulated time and a gateway in another process together: the world tells the time, the gateway acknowledges when
 * it has dealt with everything before it, and the world stays within `maxAheadUs` of the last acknowledgement. So neither
 * a starved emulator nor a starved gateway can look like a slow board.
 */
export class Lockstep {
  /** The gateway drives an output line. */
  onLine: (line: string, value: 0 | 1) => void = () => undefined;
  /** The gateway has caught up; a world that waits may go on. */
  onAck: () => void = () => undefined;
  /** The gateway's side of the bench runs; time is bound from now on. */
  onReady: () => void = () => undefined;
  readonly counters = { ticks: 0, acks: 0, untold: 0 };
  readonly #maxAheadUs: number;
  #process: GatewayProcess | null = null;
  #isReady = false;
  #ackedUs = 0;
  #toldUs = 0;
  readonly #listener = (message: unknown) => this.#receive(message);

  constructor(maxAheadUs: number) {
    this.#maxAheadUs = maxAheadUs;
  }

  /** True while a gateway runs whose acknowledgements bind the time. */
  get isBound(): boolean {
    return this.#isReady && this.#process?.connected === true;
  }

  /** The time the world may reach at most. */
  get limitUs(): number {
    return this.isBound ? this.#ackedUs + this.#maxAheadUs : Number.POSITIVE_INFINITY;
  }

  /** A gateway's process is there; time is not bound before it says that it is ready. */
  attach(process: GatewayProcess): void {
    this.detach();
    this.#process = process;
    process.on('message', this.#listener);
  }

  /** The gateway is gone (or is to be ignored): time is free. */
  detach(): void {
    this.#process?.off('message', this.#listener);
    this.#process = null;
    this.#isReady = false;
  }

  /** Tells the gateway the time, when enough has passed since it was last told. */
  tell(nowUs: number): void {
    if (!this.isBound || nowUs - this.#toldUs < tickEveryUs) return;
    this.#tick(nowUs);
  }

  /** Time begins to be bound at `nowUs`; called by the world in answer to `onReady`. */
  bind(nowUs: number): void {
    this.#isReady = true;
    this.#ackedUs = nowUs;
    this.#tick(nowUs);
  }

  /** Tells the gateway the level of an input line. */
  setInput(input: string, value: 0 | 1): void {
    if (this.#isReady) this.#send({ input, value });
  }

  #tick(nowUs: number): void {
    this.#toldUs = nowUs;
    this.counters.ticks += 1;
    this.#send({ t: nowUs });
  }

  #send(message: ToGateway): void {
    if (this.#process?.connected !== true) return;
    this.#process.send(message, (error) => {
      // A killed gateway stays connected until its end is noticed; what is told meanwhile is told to nobody.
      if (error !== null) this.counters.untold += 1;
    });
  }

  #receive(message: unknown): void {
    const received = readFromGateway(message);
    if (received === null) return;
    if ('ready' in received) this.onReady();
    else if ('line' in received) this.onLine(received.line, received.value);
    else {
      this.#ackedUs = Math.max(this.#ackedUs, received.ack);
      this.counters.acks += 1;
      this.onAck();
    }
  }
}
