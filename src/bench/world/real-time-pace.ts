import { WallClock } from '../../clock/clock.js';
import type { GatewayProcess } from './gateway-channel.js';
import { Lockstep } from './lockstep.js';
import type { Pace, SteppedWorld } from './pace.js';
import { Pacer } from './pacer.js';
import type { Pty } from './pty.js';

/** At the wall clock's pace, through pseudo-terminals: what `copycat run` with emulated boards needs, and people who watch. */
export class RealTimePace implements Pace {
  readonly mustStop = false;
  onLine: (line: string, value: 0 | 1) => void = () => undefined;
  onReady: () => void = () => undefined;
  /** It never is: time is free where no gateway answers. */
  onStuck: (error: Error) => void = () => undefined;
  readonly #lockstep: Lockstep;
  readonly #pacer: Pacer;

  constructor(world: SteppedWorld, maxAheadUs: number, ptys: readonly [Pty, Pty]) {
    const lockstep = new Lockstep(maxAheadUs, {
      sent: () => [ptys[0].sentBytes, ptys[1].sentBytes],
      received: () => [ptys[0].receivedBytes, ptys[1].receivedBytes],
      arePlugged: () => [ptys[0].isPlugged, ptys[1].isPlugged],
    });
    this.#lockstep = lockstep;
    for (const pty of ptys) pty.onReceived = () => lockstep.bytesReceived();
    this.#pacer = new Pacer(
      {
        nowUs: () => world.nowUs(),
        step: (untilUs) => world.step(untilUs),
        get isBound() {
          return lockstep.isBound;
        },
        get limitUs() {
          return lockstep.limitUs;
        },
      },
      new WallClock(),
    );
    lockstep.onAck = () => this.#pacer.wake();
    lockstep.onLine = (line, value) => this.onLine(line, value);
    lockstep.onReady = () => {
      lockstep.bind(world.nowUs());
      this.onReady();
    };
  }

  get isBound(): boolean {
    return this.#lockstep.isBound;
  }

  get limitUs(): number {
    return this.#lockstep.limitUs;
  }

  get slippedUs(): number {
    return this.#pacer.slippedUs;
  }

  get waitedUs(): number {
    return this.#pacer.waitedUs;
  }

  get counters(): Pace['counters'] {
    const { ticks, acks } = this.#lockstep.counters;
    return { slices: this.#pacer.slices, ticks, acks };
  }

  start(): void {
    this.#pacer.start();
  }

  stop(): void {
    this.#pacer.stop();
  }

  attach(gateway: GatewayProcess): void {
    this.#lockstep.attach(gateway);
  }

  detach(): void {
    this.#lockstep.detach();
  }

  setInput(line: string, value: 0 | 1): void {
    this.#lockstep.setInput(line, value);
  }

  rang(): void {
    // Time goes on meanwhile, as it does for everybody.
  }

  /** The wall clock cannot be held. */
  hold(): () => void {
    return () => undefined;
  }

  wait(): void {
    // It passes by itself.
  }

  nudge(): void {
    // It is told the time every millisecond.
  }

  stepped(nowUs: number): void {
    this.#lockstep.tell(nowUs);
  }

  quiet(): Promise<void> {
    return Promise.resolve();
  }
}
