import type { Clock } from '../../../clock/clock.js';
import { CopycatError } from '../../../errors/copycat-error.js';
import {
  readToVirtualGateway,
  type SocketCount,
  type ToVirtualGateway,
  type WorldEvent,
} from '../../world/virtual/lockstep-channel.js';
import { VirtualClock } from '../../world/virtual-clock.js';
import type { ThreadWork } from '../thread-work.js';
import type { WorldChannel } from '../world-channel.js';
import type { AcceptedSockets } from './accepted-sockets.js';

/** Turns of the event loop spent looking, before the processor is left to the threads that are waited for. */
const eagerLooks = 20;
/** Wall time to wait for bytes that were counted, before they count as lost: no machine is that slow. */
const lostAfterMs = 5_000;
/** Wall time for which a start or an end is waited for that only waits itself: for an alarm, which needs the time to go on. */
const phaseMs = 200;

/** So often alarms are rung at one moment: what sets them anew for the past each time waits, as it does on the wall's clock, … */
const mostRounds = 10;
/** … whose shortest alarm takes about so long. */
const shortestAlarmUs = 1_000;

/** Node's names for work of this process that ends by itself, soon. */
const underWay: ReadonlySet<string> = new Set([
  ...['FSReqPromise', 'FSReqCallback', 'FileHandleCloseReq', 'CloseReq', 'Immediate', 'ProcessWrap'],
  ...['ConnectWrap', 'PipeConnectWrap', 'TCPConnectWrap', 'GetAddrInfoReqWrap'],
]);

/** What the clock has to do with the rest of the gateway on the bench. */
export interface LockstepParts {
  readonly sockets: AcceptedSockets;
  /** What the ledger's threads owe. */
  readonly threads: ThreadWork;
  /** What else is under way and cannot be seen from here: the third copy. */
  readonly isAtRest: () => boolean;
  /** The gateway is being started or closed: that takes no emulated time, unless it waits for some. */
  readonly isInPhase: () => boolean;
  readonly onEvent: (event: WorldEvent) => void;
  /** What was written to the ports since it was asked last. */
  readonly takeWritten: () => readonly { readonly port: 0 | 1; readonly bytes: string }[];
}

/**
 * The gateway's clock at the pace of the virtual bench. Told a moment and what has happened by then, it lets everything be
 * done that there is to do at that moment, in the event loop and in every thread, and only then answers, with the moment of
 * its next alarm. So nothing of what the gateway does takes emulated time, however busy the machine is.
 */
export class LockstepClock implements Clock {
  readonly #clock = new VirtualClock();
  readonly #channel: WorldChannel;
  readonly #parts: LockstepParts;
  #sent: readonly SocketCount[] = [];
  #looks = 0;
  /** How often alarms were rung at this moment. */
  #rounds = 0;
  #beganMs = 0;
  #onFirstTick: (() => void) | null = null;
  #isClosed = false;
  readonly #hear = (message: unknown): void => {
    const told = readToVirtualGateway(message);
    if (told !== null) this.#receive(told);
  };

  private constructor(channel: WorldChannel, parts: LockstepParts) {
    this.#channel = channel;
    this.#parts = parts;
    channel.on('message', this.#hear);
  }

  /**
   * Tells the world that the gateway is there and waits for the first tick.
   * @throws CopycatError INTERNAL when this process was not started by a bench
   */
  static async connect(channel: WorldChannel, parts: LockstepParts): Promise<LockstepClock> {
    if (channel.send === undefined) throw new CopycatError('INTERNAL', 'no bench at the other end of the channel');
    const clock = new LockstepClock(channel, parts);
    await new Promise<void>((resolve) => {
      clock.#onFirstTick = resolve;
      channel.send?.({ ready: true });
    });
    return clock;
  }

  /** Hears and answers no more. */
  close(): void {
    this.#isClosed = true;
    this.#channel.off?.('message', this.#hear);
  }

  nowUs(): number {
    return this.#clock.nowUs();
  }

  alarm(atUs: number, ring: () => void): () => void {
    return this.#clock.alarm(atUs, ring);
  }

  #receive(told: ToVirtualGateway): void {
    if ('moveTo' in told) {
      this.#clock.moveTo(told.moveTo);
      this.#channel.send?.({ moved: told.moveTo });
      return;
    }
    this.#clock.moveTo(told.tick);
    this.#sent = told.sockets;
    this.#rounds = 0;
    for (const event of told.events) this.#parts.onEvent(event);
    this.#onFirstTick?.();
    this.#onFirstTick = null;
    this.#settle();
  }

  #settle(): void {
    this.#looks = 0;
    this.#beganMs = performance.now();
    this.#turn();
  }

  /** Two turns of the event loop, one to see that something is there, one to have it read. */
  #turn(): void {
    setImmediate(() => setImmediate(() => this.#look()));
  }

  #look(): void {
    if (this.#isClosed) return;
    const { threads } = this.#parts;
    if (threads.count > 0) {
      // Woken by its last answer: a loop that never rests would take the processor from it.
      threads.whenNone(() => this.#turn());
      return;
    }
    if (!this.#isQuiet()) {
      this.#looks++;
      if (this.#looks < eagerLooks) this.#turn();
      else setTimeout(() => this.#look(), 1);
      return;
    }
    const nowUs = this.#clock.nowUs();
    if (this.#clock.nextAlarmUs() <= nowUs && this.#rounds < mostRounds) {
      this.#rounds++;
      this.#clock.advanceTo(nowUs);
      return this.#settle();
    }
    this.#answer(nowUs);
  }

  #isQuiet(): boolean {
    const { sockets, isAtRest, isInPhase } = this.#parts;
    if (!isAtRest() || process.getActiveResourcesInfo().some((name) => underWay.has(name))) return false;
    const waitedMs = performance.now() - this.#beganMs;
    if (isInPhase() && waitedMs < phaseMs) return false;
    return sockets.hasRead(this.#sent) || waitedMs > lostAfterMs;
  }

  #answer(done: number): void {
    const alarmUs = this.#clock.nextAlarmUs();
    const nextUs = alarmUs <= done ? done + shortestAlarmUs : alarmUs;
    this.#channel.send?.({
      done,
      nextUs: nextUs === Number.POSITIVE_INFINITY ? null : nextUs,
      written: this.#parts.takeWritten(),
      sockets: this.#parts.sockets.written(),
    });
  }
}
