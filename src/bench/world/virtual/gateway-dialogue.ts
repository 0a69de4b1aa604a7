import { CopycatError } from '../../../errors/copycat-error.js';
import type { GatewayProcess } from '../gateway-channel.js';
import type { ChannelEnd } from './channel-end.js';
import { ClientSockets } from './client-sockets.js';
import {
  type FromVirtualGateway,
  readFromVirtualGateway,
  type SocketCount,
  type ToVirtualGateway,
  type WorldEvent,
} from './lockstep-channel.js';

/** Wall time to wait for bytes that were counted, before they count as lost: no machine is that slow. */
const lostAfterMs = 5_000;
/** Wall time for an answer of the gateway; only a machine that is far too slow comes near it. */
const stuckAfterMs = 180_000;

type Answer = Extract<FromVirtualGateway, { done: number }>;

/** What the world and its gateway say to each other: it is this late, and this has happened; all is done, until then. */
export class GatewayDialogue {
  readonly counters = { ticks: 0, acks: 0, untold: 0, lostBytes: 0 };
  onLine: (line: string, value: 0 | 1) => void = () => undefined;
  onReady: () => void = () => undefined;
  onStuck: (error: Error) => void = () => undefined;
  /** Something is different: it has answered, it has gone, a client has come. */
  onChange: () => void = () => undefined;
  /** When the gateway has something to do by itself. */
  nextUs = Number.POSITIVE_INFINITY;
  /** The gateway owes an answer. */
  isAsked = false;
  readonly #nowUs: () => number;
  readonly #ends: readonly [ChannelEnd, ChannelEnd];
  readonly #sockets = new ClientSockets();
  readonly #hear = (message: unknown) => this.#receive(message);
  readonly #left = () => {
    this.#answered();
    this.onChange();
  };
  #gateway: GatewayProcess | null = null;
  #isReady = false;
  #events: WorldEvent[] = [];
  #isNudged = false;
  /** What the gateway has said that it wrote to its sockets. */
  #toCome: readonly SocketCount[] = [];
  #missingSinceMs = 0;
  #whenQuiet: (() => void)[] = [];
  #stuckTimer: NodeJS.Timeout | null = null;

  constructor(nowUs: () => number, ends: readonly [ChannelEnd, ChannelEnd]) {
    this.#nowUs = nowUs;
    this.#ends = ends;
    for (const end of ends) end.tell = (event) => this.tell(event);
    this.#sockets.onChange = () => this.onChange();
  }

  get isBound(): boolean {
    return this.#isReady && this.#gateway?.connected === true;
  }

  /** Its process is there, and has not said yet that it is ready. */
  get isStarting(): boolean {
    return this.#gateway?.connected === true && !this.#isReady;
  }

  /** It is to be asked before time goes on. */
  get hasNews(): boolean {
    return this.#isNudged || this.#events.length > 0 || this.#sockets.hasNews;
  }

  /** Bytes are in the kernel, or a connection is being made: that is over in no time, and nobody says when. */
  get isBetween(): boolean {
    if (this.#sockets.isConnecting) return true;
    if (this.#sockets.hasReceived(this.#toCome)) {
      this.#missingSinceMs = 0;
      return false;
    }
    const nowMs = performance.now();
    if (this.#missingSinceMs === 0) this.#missingSinceMs = nowMs;
    if (nowMs - this.#missingSinceMs <= lostAfterMs) return true;
    // They went nowhere: counted, and no longer waited for, or the world would stand still for ever.
    this.counters.lostBytes += 1;
    this.#toCome = [];
    return false;
  }

  attach(gateway: GatewayProcess): void {
    this.detach();
    this.#gateway = gateway;
    gateway.on('message', this.#hear);
    gateway.on('disconnect', this.#left);
    this.#sockets.begin();
  }

  /** False: there was none. */
  detach(): boolean {
    this.end();
    if (this.#gateway === null) return false;
    this.#gateway.off('message', this.#hear);
    this.#gateway.off('disconnect', this.#left);
    this.#gateway = null;
    this.#isReady = false;
    return true;
  }

  /** Nobody waits for an answer any more. */
  end(): void {
    this.#sockets.end();
    this.#answered();
  }

  /** False: no gateway is there to hear it. */
  tell(event: WorldEvent): boolean {
    if (!this.isBound) return false;
    this.#events.push(event);
    return true;
  }

  nudge(): void {
    this.#isNudged = true;
    this.onChange();
  }

  /** Resolves when it owes no answer. */
  quiet(): Promise<void> {
    if (!this.isAsked) return Promise.resolve();
    return new Promise((resolve) => this.#whenQuiet.push(resolve));
  }

  /** Tells it the time and what has happened; it answers when all is done. */
  ask(): void {
    // What clients' sockets hold back may go only when the gateway's clock stands where ours does.
    if (this.#sockets.hasNews) this.#send({ moveTo: this.#nowUs() });
    else this.#tick();
  }

  #tick(): void {
    this.counters.ticks += 1;
    const events = this.#events;
    this.#events = [];
    this.#isNudged = false;
    this.#send({ tick: this.#nowUs(), events, sockets: this.#sockets.sent() });
  }

  #send(message: ToVirtualGateway): void {
    if (this.#gateway?.connected !== true) return;
    this.isAsked = true;
    this.#stuckTimer ??= setTimeout(() => {
      const expected = 'a machine with two free cores';
      this.onStuck(new CopycatError('EMULATOR_FAILED', 'the gateway of the bench does not answer', { expected }));
    }, stuckAfterMs);
    this.#gateway.send(message, (error) => {
      // A killed gateway stays connected until its end is noticed; what is told meanwhile is told to nobody.
      if (error !== null) this.counters.untold += 1;
    });
  }

  #receive(message: unknown): void {
    const received = readFromVirtualGateway(message);
    if (received === null) return;
    if ('ready' in received) this.#begin();
    else if ('line' in received) this.onLine(received.line, received.value);
    else if ('moved' in received) {
      this.#sockets.flush();
      this.#tick();
    } else this.#done(received);
  }

  #begin(): void {
    this.#isReady = true;
    this.#toCome = [];
    this.#events = this.#ends.map(({ port, isPlugged }) => ({ port, plugged: isPlugged }));
    this.onReady();
    this.ask();
  }

  #done({ nextUs, written, sockets }: Answer): void {
    this.counters.acks += 1;
    this.nextUs = nextUs ?? Number.POSITIVE_INFINITY;
    this.#toCome = sockets;
    this.#answered();
    for (const { port, bytes } of written) {
      if (this.#ends[port].isPlugged) this.#ends[port].onData(Buffer.from(bytes, 'base64'));
    }
    this.onChange();
  }

  #answered(): void {
    this.isAsked = false;
    if (this.#stuckTimer !== null) clearTimeout(this.#stuckTimer);
    this.#stuckTimer = null;
    for (const resolve of this.#whenQuiet.splice(0)) resolve();
  }
}
