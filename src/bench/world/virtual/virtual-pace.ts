import type { GatewayProcess } from '../gateway-channel.js';
import type { Pace, SteppedWorld } from '../pace.js';
import type { ChannelEnd } from './channel-end.js';
import { GatewayDialogue } from './gateway-dialogue.js';

/** Emulated time between two looks at the machine's own events, where nothing else happens. */
const sliceUs = 10_000;
/** Turns of the event loop that are spent looking whether something has come, before the processor is left to others. */
const eagerLooks = 50;

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
  readonly #world: SteppedWorld;
  readonly #dialogue: GatewayDialogue;
  #slices = 0;
  #isRunning = false;
  /** A gateway was here and was taken away: the time is nobody's but that of who waits. */
  #isBetweenGateways = false;
  #waitedForUs = Number.NEGATIVE_INFINITY;
  #holds = 0;
  #hasRung = false;
  #cancelLook: (() => void) | null = null;
  #looks = 0;

  constructor(world: SteppedWorld, ends: readonly [ChannelEnd, ChannelEnd]) {
    this.#world = world;
    this.#dialogue = new GatewayDialogue(() => world.nowUs(), ends);
    this.#dialogue.onChange = () => this.#look();
  }

  set onLine(listener: (line: string, value: 0 | 1) => void) {
    this.#dialogue.onLine = listener;
  }

  set onReady(listener: () => void) {
    this.#dialogue.onReady = listener;
  }

  set onStuck(listener: (error: Error) => void) {
    this.#dialogue.onStuck = listener;
  }

  get isBound(): boolean {
    return this.#dialogue.isBound;
  }

  get limitUs(): number {
    const { isBound, isAsked, isStarting, nextUs } = this.#dialogue;
    if (isStarting || (isBound && isAsked)) return this.#world.nowUs();
    return isBound ? nextUs : this.#freeLimitUs;
  }

  get mustStop(): boolean {
    return this.#hasRung || (this.isBound && this.#dialogue.hasNews);
  }

  get counters() {
    return { slices: this.#slices, ...this.#dialogue.counters };
  }

  start(): void {
    this.#isRunning = true;
    this.#look();
  }

  stop(): void {
    this.#isRunning = false;
    this.#cancelLook?.();
    this.#cancelLook = null;
    this.#dialogue.end();
  }

  attach(gateway: GatewayProcess): void {
    this.#dialogue.attach(gateway);
    this.#isBetweenGateways = false;
  }

  detach(): void {
    if (this.#dialogue.detach()) this.#isBetweenGateways = true;
  }

  setInput(input: string, value: 0 | 1): void {
    this.#dialogue.tell({ input, value });
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
    this.#dialogue.nudge();
  }

  stepped(): void {
    this.#slices += 1;
  }

  quiet(): Promise<void> {
    return this.#dialogue.quiet();
  }

  get #freeLimitUs(): number {
    return this.#isBetweenGateways ? this.#waitedForUs : Number.POSITIVE_INFINITY;
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
    else if (!this.#dialogue.isStarting) this.#run(this.#freeLimitUs);
  }

  #turnWithGateway(): void {
    const dialogue = this.#dialogue;
    if (dialogue.isAsked) return;
    if (dialogue.isBetween) return this.#lookAgain();
    if (dialogue.hasNews || this.#world.nowUs() >= dialogue.nextUs) {
      this.#looks = 0;
      return dialogue.ask();
    }
    // Who holds the time may have something for the gateway all the same.
    if (this.#holds > 0) return this.#lookAgain();
    this.#looks = 0;
    this.#run(dialogue.nextUs);
  }

  #run(limitUs: number): void {
    const nowUs = this.#world.nowUs();
    if (this.#holds > 0 || nowUs >= limitUs) return;
    this.#world.step(Math.min(limitUs, nowUs + sliceUs));
    this.#look();
  }
}
