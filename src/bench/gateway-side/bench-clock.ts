import type { Clock } from '../../clock/clock.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { type ByteCounts, readToGateway } from '../world/gateway-channel.js';
import { VirtualClock } from '../world/virtual-clock.js';
import type { IoAccount } from './io-account.js';
import type { WorldChannel } from './world-channel.js';

/** Wall time to wait for bytes that a tick speaks of, before they count as lost: no machine is that slow. */
const lostAfterMs = 5000;
/** Wall time to look for them without a rest. */
const restAfterMs = 0.5;

/**
 * The gateway's clock on the bench: emulated time, moved on by the world's ticks. What a board sent before a tick is read
 * before the tick's alarms ring, and only then is the tick acknowledged, so a slow host is never a late board.
 */
export class BenchClock implements Clock {
  readonly #channel: WorldChannel;
  readonly #clock = new VirtualClock();
  #toldUs = 0;
  #sent: ByteCounts = [0, 0];
  #isDraining = false;
  #account: IoAccount | null = null;
  #areThreadsIdle: () => boolean = () => true;
  #onFirstTick: (() => void) | null = null;

  private constructor(channel: WorldChannel) {
    this.#channel = channel;
    channel.on('message', (message) => {
      const told = readToGateway(message);
      if (told !== null && 't' in told) this.#receive(told.t, told.sent);
    });
  }

  /**
   * Whose bytes are counted, and what says that the ledger and the third copy owe nothing: they are in threads of their
   * own, whose turn on a busy machine is not part of what the bench shows. Before it is set, only messages keep the two sides together.
   */
  watch(account: IoAccount, areThreadsIdle: () => boolean): void {
    this.#account = account;
    this.#areThreadsIdle = areThreadsIdle;
  }

  /**
   * Tells the world that the gateway is there and waits for the first tick.
   * @throws CopycatError INTERNAL when this process was not started by a bench
   */
  static async connect(channel: WorldChannel): Promise<BenchClock> {
    if (channel.send === undefined) throw new CopycatError('INTERNAL', 'no bench at the other end of the channel');
    const clock = new BenchClock(channel);
    await new Promise<void>((resolve) => {
      clock.#onFirstTick = resolve;
      channel.send?.({ ready: true });
    });
    return clock;
  }

  nowUs(): number {
    return this.#clock.nowUs();
  }

  alarm(atUs: number, ring: () => void): () => void {
    return this.#clock.alarm(atUs, ring);
  }

  #receive(toldUs: number, sent: ByteCounts): void {
    this.#toldUs = Math.max(this.#toldUs, toldUs);
    this.#sent = sent;
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#drain(performance.now());
  }

  /** Two turns of the event loop, one to see that bytes are there, one to have them read; then until they are. */
  #drain(sinceMs: number): void {
    setImmediate(() => setImmediate(() => this.#look(sinceMs)));
  }

  #look(sinceMs: number): void {
    const waitedMs = performance.now() - sinceMs;
    const hasRead = this.#account === null || this.#account.hasRead(this.#sent);
    if ((!hasRead || !this.#areThreadsIdle()) && waitedMs < lostAfterMs) {
      // Threads do that work: a loop that never rests would take the processor from them.
      if (waitedMs < restAfterMs) this.#drain(sinceMs);
      else setTimeout(() => this.#look(sinceMs), 1);
      return;
    }
    if (!hasRead) this.#account?.forgive(this.#sent);
    this.#advance();
  }

  #advance(): void {
    this.#isDraining = false;
    const reachedUs = this.#toldUs;
    this.#clock.advanceTo(reachedUs);
    this.#onFirstTick?.();
    this.#onFirstTick = null;
    this.#channel.send?.({ ack: reachedUs, written: this.#account?.written() ?? [0, 0] });
  }
}
