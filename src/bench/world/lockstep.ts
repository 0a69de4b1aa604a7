import { type ByteCounts, type GatewayProcess, readFromGateway, type ToGateway } from './gateway-channel.js';

/** How often the gateway is told the time, in emulated microseconds. */
const tickEveryUs = 1000;

/** Wall time to wait for bytes that an acknowledgement speaks of, before they count as lost: no machine is that slow. */
const lostAfterMs = 5000;

/** The bytes that have gone through the ports, for both sides to agree on what has arrived. */
export interface PortBytes {
  sent(): ByteCounts;
  received(): ByteCounts;
  /** What is written to a port that is unplugged goes nowhere, and is not waited for. */
  arePlugged(): readonly [boolean, boolean];
}

/**
 * Keeps emulated time and a gateway in another process together: the world tells the time, the gateway acknowledges when
 * it has dealt with everything before it, and the world stays within `maxAheadUs` of the last acknowledgement. Bytes are
 * counted on both sides, because they pass through threads and a kernel that may be slower than the messages: the gateway
 * acknowledges when it has read what was sent, and the world goes on when it has read what the gateway wrote. So neither a
 * starved emulator nor a starved gateway can look like a slow board.
 */
export class Lockstep {
  /** The gateway drives an output line. */
  onLine: (line: string, value: 0 | 1) => void = () => undefined;
  /** The gateway has caught up; a world that waits may go on. */
  onAck: () => void = () => undefined;
  /** The gateway's side of the bench runs; time is bound from now on. */
  onReady: () => void = () => undefined;
  readonly counters = { ticks: 0, acks: 0, untold: 0, lostBytes: 0 };
  readonly #maxAheadUs: number;
  #process: GatewayProcess | null = null;
  #isReady = false;
  #ackedUs = 0;
  #toldUs = 0;
  readonly #listener = (message: unknown) => this.#receive(message);
  readonly #bytes: PortBytes;
  /** What the gateway's own counts began at. */
  #base: ByteCounts = [0, 0];
  #waiting: { readonly ackUs: number; readonly written: ByteCounts; readonly timer: NodeJS.Timeout } | null = null;

  constructor(maxAheadUs: number, bytes: PortBytes) {
    this.#maxAheadUs = maxAheadUs;
    this.#bytes = bytes;
  }

  /** Bytes of the gateway have come in. */
  bytesReceived(): void {
    const waiting = this.#waiting;
    if (waiting === null || !this.#hasArrived(waiting.written)) return;
    this.#acknowledge(waiting.ackUs);
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
    this.#stopWaiting();
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
    this.#base = this.#bytes.received();
    this.#tick(nowUs);
  }

  /** Tells the gateway the level of an input line. */
  setInput(input: string, value: 0 | 1): void {
    if (this.#isReady) this.#send({ input, value });
  }

  #tick(nowUs: number): void {
    this.#toldUs = nowUs;
    this.counters.ticks += 1;
    this.#send({ t: nowUs, sent: this.#bytes.sent() });
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
    else if (this.#hasArrived(received.written)) this.#acknowledge(received.ack);
    else this.#wait(received.ack, received.written);
  }

  #hasArrived(written: ByteCounts): boolean {
    for (const port of [0, 1] as const) {
      if (this.#bytes.arePlugged()[port]) continue;
      this.#forgive(port, written);
    }
    return this.#missing(0, written) === 0 && this.#missing(1, written) === 0;
  }

  #missing(port: 0 | 1, written: ByteCounts): number {
    return Math.max(0, written[port] - (this.#bytes.received()[port] - this.#base[port]));
  }

  #forgive(port: 0 | 1, written: ByteCounts): void {
    const missing = this.#missing(port, written);
    this.counters.lostBytes += missing;
    this.#base = port === 0 ? [this.#base[0] - missing, this.#base[1]] : [this.#base[0], this.#base[1] - missing];
  }

  #wait(ackUs: number, written: ByteCounts): void {
    this.#stopWaiting();
    const timer = setTimeout(() => {
      // They went nowhere: counted, and taken as read, or the world would stand still for ever.
      this.#forgive(0, written);
      this.#forgive(1, written);
      this.#acknowledge(ackUs);
    }, lostAfterMs);
    this.#waiting = { ackUs, written, timer };
  }

  #acknowledge(ackUs: number): void {
    this.#stopWaiting();
    this.#ackedUs = Math.max(this.#ackedUs, ackUs);
    this.counters.acks += 1;
    this.onAck();
  }

  #stopWaiting(): void {
    clearTimeout(this.#waiting?.timer);
    this.#waiting = null;
  }
}
