import type { Clock } from '../../clock/clock.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { readToGateway } from '../gateway-channel.js';
import { VirtualClock } from '../virtual-clock.js';
import type { WorldChannel } from './world-channel.js';

/**
 * The gateway's clock on the bench: emulated time, moved on by the world's ticks. What a board sent before a tick is read
 * before the tick's alarms ring, and only then is the tick acknowledged, so a slow host is never a late board.
 */
export class BenchClock implements Clock {
  readonly #channel: WorldChannel;
  readonly #clock = new VirtualClock();
  #toldUs = 0;
  #isDraining = false;
  #onFirstTick: (() => void) | null = null;

  private constructor(channel: WorldChannel) {
    this.#channel = channel;
    channel.on('message', (message) => {
      const told = readToGateway(message);
      if (told !== null && 't' in told) this.#receive(told.t);
    });
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

  #receive(toldUs: number): void {
    this.#toldUs = Math.max(this.#toldUs, toldUs);
    if (this.#isDraining) return;
    this.#isDraining = true;
    // Two turns of the event loop: one to see that bytes are there, one to have them read.
    setImmediate(() => setImmediate(() => this.#advance()));
  }

  #advance(): void {
    this.#isDraining = false;
    const reachedUs = this.#toldUs;
    this.#clock.advanceTo(reachedUs);
    this.#onFirstTick?.();
    this.#onFirstTick = null;
    this.#channel.send?.({ ack: reachedUs });
  }
}
