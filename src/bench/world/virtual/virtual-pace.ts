import { CopycatError } from '../../../errors/copycat-error.js';
import type { GatewayProcess } from '../gateway-channel.js';
import type { Pace, SteppedWorld } from '../pace.js';
import type { ChannelEnd } from './channel-end.js';
import { ClientSockets } from './client-sockets.js';
import {
  type FromVirtualGateway,
  readFromVirtualGateway,
  type SocketCount,
  type ToVirtualGateway,
  type WorldEvent,
} from './lockstep-channel.js';

/** Emulated time between two looks at the machine's own events, where nothing else happens. */
const sliceUs = 10_000;
/** Turns of the event loop that are spent looking whether something has come, before the processor is left to others. */
const eagerLooks = 50;
/** Wall time to wait for bytes that were counted, before they count as lost: no machine is that slow. */
const lostAfterMs = 5_000;
/** Wall time for an answer of the gateway; only a machine that is far too slow comes near it. */
const stuckAfterMs = 60_000;

type Answer = Extract<FromVirtualGateway, { done: number }>;

/**
 * Moves the time of world and gateway from one moment at which anything can happen to the next, as fast as both can think:
 *
 *   world runs ─▶ a byte, a line or a socket has something for the gateway, or its next alarm is due ─▶ world stops
 *   world: tick{now, what happened} ─▶ gateway does all there is to do ─▶ done{next alarm, what it wrote} ─▶ world runs
 *
 * Everything that is under way is counted: messages by their answers, bytes in sockets on both sides, threads by what they
 * owe (at the gateway's side). So the wall clock decides nothing, and a busy machine only makes it take longer. While no
 * gateway runs, time stands still, but for what somebody waits for by name (`wait`).
 */
export class VirtualPace implements Pace {
  readonly slippedUs = 0;
  readonly waitedUs = 0;
  readonly counters = { slices: 0, ticks: 0, acks: 0, untold: 0 };
  onLine: (line: string, value: 0 | 1) => void = () => undefined;
  onReady: () => void = () => undefined;
  onStuck: (error: Error) => void = () => undefined;
  readonly #world: SteppedWorld;
  readonly #ends: readonly [ChannelEnd, ChannelEnd];
  readonly #sockets = new ClientSockets();
  readonly #hear = (message: unknown) => this.#receive(message);
  readonly #left = () => {
    this.#answered();
    this.#look();
  };
  #isRunning = false;
  #gateway: GatewayProcess | null = null;
  #isReady = false;
  /** A gateway was here and was taken away: the time is nobody's but that of who waits. */
  #isBetweenGateways = false;
  #waitedForUs = Number.NEGATIVE_INFINITY;
  #holds = 0;
  #hasRung = false;
  #events: WorldEvent[] = [];
  #isNudged = false;
  /** When the gateway has something to do by itself. */
  #nextUs = Number.POSITIVE_INFINITY;
  /** What the gateway has said that it wrote to its sockets. */
  #toCome: readonly SocketCount[] = [];
  /** The gateway owes an answer. */
  #isAsked = false;
  #whenQuiet: (() => void)[] = [];
  #cancelLook: (() => void) | null = null;
  #looks = 0;
  #missingSinceMs = 0;
  #stuckTimer: NodeJS.Timeout | null = null;

  constructor(world: SteppedWorld, ends: readonly [ChannelEnd, ChannelEnd]) {
    this.#world = world;
    this.#ends = ends;
    for (const end of ends) end.tell = (event) => this.#tell(event);
    this.#sockets.onChange = () => this.#look();
  }

  get isBound(): boolean {
    return this.#isReady && this.#gateway?.connected === true;
  }

  get limitUs(): number {
    if (this.isBound) return this.#isAsked ? this.#world.nowUs() : this.#nextUs;
    if (this.#isStarting) return this.#world.nowUs();
    return this.#isBetweenGateways ? this.#waitedForUs : Number.POSITIVE_INFINITY;
  }

  get mustStop(): boolean {
    return this.#hasRung || (this.isBound && this.#hasNews);
  }

  start(): void {
    this.#isRunning = true;
    this.#look();
  }

  stop(): void {
    this.#isRunning = false;
    this.#cancelLook?.();
    this.#cancelLook = null;
    this.#sockets.end();
    this.#answered();
  }

  attach(gateway: GatewayProcess): void {
    this.detach();
    this.#gateway = gateway;
    this.#isBetweenGateways = false;
    gateway.on('message', this.#hear);
    gateway.on('disconnect', this.#left);
    this.#sockets.begin();
  }

  detach(): void {
    if (this.#gateway === null) return;
    this.#gateway.off('message', this.#hear);
    this.#gateway.off('disconnect', this.#left);
    this.#gateway = null;
    this.#isReady = false;
    this.#isBetweenGateways = true;
    this.#sockets.end();
    this.#answered();
  }

  setInput(input: string, value: 0 | 1): void {
    this.#tell({ input, value });
  }

  rang(): void {
    this.#hasRung = true;
  }

  hold(): () => void {
    this.#holds++;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#holds--;
      this.#look();
    };
  }

  wait(untilUs: number): void {
    this.#waitedForUs = Math.max(this.#waitedForUs, untilUs);
    this.#look();
  }

  nudge(): void {
    this.#isNudged = true;
    this.#look();
  }

  stepped(): void {
    this.counters.slices += 1;
  }

  quiet(): Promise<void> {
    if (!this.#isAsked) return Promise.resolve();
    return new Promise((resolve) => this.#whenQuiet.push(resolve));
  }

  get #isStarting(): boolean {
    return this.#gateway?.connected === true && !this.#isReady;
  }

  get #hasNews(): boolean {
    return this.#isNudged || this.#events.length > 0 || this.#sockets.hasNews;
  }

  /** False: no gateway is there to hear it. */
  #tell(event: WorldEvent): boolean {
    if (!this.isBound) return false;
    this.#events.push(event);
    return true;
  }

  /** Looks soon what there is to do; what has just been said runs to its end before. */
  #look(): void {
    if (!this.#isRunning || this.#cancelLook !== null) return;
    const immediate = setImmediate(() => this.#turn());
    this.#cancelLook = () => clearImmediate(immediate);
  }

  /** Looks again for something of the machine's, which does not say when it is there. */
  #lookAgain(): void {
    this.#looks++;
    if (this.#looks < eagerLooks) return this.#look();
    const timer = setTimeout(() => this.#turn(), 1);
    this.#cancelLook = () => clearTimeout(timer);
  }

  #turn(): void {
    this.#cancelLook = null;
    this.#hasRung = false;
    if (this.isBound) this.#turnWithGateway();
    else if (this.#isStarting) return;
    else this.#run(this.#isBetweenGateways ? this.#waitedForUs : Number.POSITIVE_INFINITY);
  }

  #turnWithGateway(): void {
    if (this.#isAsked) return;
    if (this.#sockets.isConnecting) return this.#lookAgain();
    if (!this.#sockets.hasReceived(this.#toCome)) return this.#missBytes();
    this.#missingSinceMs = 0;
    if (this.#hasNews || this.#world.nowUs() >= this.#nextUs) return this.#ask();
    // Who holds the time may have something for the gateway all the same.
    if (this.#holds > 0) return this.#lookAgain();
    this.#looks = 0;
    this.#run(this.#nextUs);
  }

  /** They are in the kernel; if they never come they went nowhere, and the world must not stand still for ever. */
  #missBytes(): void {
    const nowMs = performance.now();
    if (this.#missingSinceMs === 0) this.#missingSinceMs = nowMs;
    if (nowMs - this.#missingSinceMs > lostAfterMs) this.#toCome = [];
    this.#lookAgain();
  }

  #run(limitUs: number): void {
    const nowUs = this.#world.nowUs();
    if (this.#holds > 0 || nowUs >= limitUs) return;
    this.#world.step(Math.min(limitUs, nowUs + sliceUs));
    this.#look();
  }

  #ask(): void {
    this.#looks = 0;
    // What was held back may go only when the gateway's clock stands where ours does.
    if (this.#sockets.hasNews) this.#send({ moveTo: this.#world.nowUs() });
    else this.#tick();
  }

  #tick(): void {
    this.counters.ticks += 1;
    const events = this.#events;
    this.#events = [];
    this.#isNudged = false;
    this.#send({ tick: this.#world.nowUs(), events, sockets: this.#sockets.sent() });
  }

  #send(message: ToVirtualGateway): void {
    if (this.#gateway?.connected !== true) return;
    this.#isAsked = true;
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
    this.#ask();
  }

  #done({ nextUs, written, sockets }: Answer): void {
    this.counters.acks += 1;
    this.#nextUs = nextUs ?? Number.POSITIVE_INFINITY;
    this.#toCome = sockets;
    this.#answered();
    for (const { port, bytes } of written)
      if (this.#ends[port].isPlugged) this.#ends[port].onData(Buffer.from(bytes, 'base64'));
    this.#look();
  }

  #answered(): void {
    this.#isAsked = false;
    if (this.#stuckTimer !== null) clearTimeout(this.#stuckTimer);
    this.#stuckTimer = null;
    for (const resolve of this.#whenQuiet.splice(0)) resolve();
  }
}
