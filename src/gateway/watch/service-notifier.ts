import type { Clock } from '../../clock/clock.js';
import type { Status } from '../../control/contract/status.js';
import { type NotifySocket, openNotifySocket } from '../../hardware/host/notify-socket.js';
import { type ProgressLimits, ProgressWatch } from '../lines/progress-watch.js';

/** What systemd puts into the environment of a service (sd_notify(3), sd_watchdog_enabled(3)). */
export interface ServiceEnvironment {
  readonly NOTIFY_SOCKET?: string | undefined;
  readonly WATCHDOG_USEC?: string | undefined;
  readonly WATCHDOG_PID?: string | undefined;
}

export interface ServiceNotifierOptions {
  readonly environment: ServiceEnvironment;
  readonly clock: Clock;
  /** Of the gateway; rejects when it does not answer. */
  readonly readStatus: () => Promise<Status>;
  /** 0: idle boards are not probed. */
  readonly probeEveryUs: number;
  /** Why the watchdog is not fed, once for each reason; for the log. */
  readonly onStandstill: (why: string) => void;
  readonly open?: (path: string) => Promise<NotifySocket>;
}

export interface ServiceNotifier {
  /** The service is about to end, in good order. */
  stopping(): void;
}

const LOOK_AT_LEAST_EVERY_US = 5_000_000;
/** A flasher is given less (flash-board.ts). */
const OUT_LIMIT_US = 300_000_000;

/**
 * Tells systemd that the gateway is ready (it serves and says honestly what it lacks), what `copycat status` says, and,
 * where the unit has WatchdogSec, that it is alive: only while its event loop turns, it answers for its status and its
 * links make progress. Without `$NOTIFY_SOCKET` it does nothing.
 */
export async function startServiceNotifier(options: ServiceNotifierOptions): Promise<ServiceNotifier> {
  const { environment, open = openNotifySocket } = options;
  const path = environment.NOTIFY_SOCKET;
  if (path === undefined || path === '') return { stopping: () => undefined };
  return new Notifying(options, await open(path));
}

class Notifying implements ServiceNotifier {
  readonly #watchdogUs: number | null;
  readonly #watch: ProgressWatch;
  #cancel: (() => void) | null = null;
  #isStopping = false;
  #lastWhy: string | null = null;

  constructor(
    private readonly options: ServiceNotifierOptions,
    private readonly socket: NotifySocket,
  ) {
    this.#watchdogUs = watchdogUs(options.environment);
    this.#watch = new ProgressWatch(limitsFor(this.#watchdogUs, options.probeEveryUs));
    socket.send('READY=1\nSTATUS=the gateway runs; its boards are looked for');
    void this.#poll();
  }

  stopping(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#cancel?.();
    this.socket.send('STOPPING=1\nSTATUS=ending: what is in work is finished, new inputs are not taken');
    this.socket.close();
  }

  async #poll(): Promise<void> {
    const { clock, readStatus, onStandstill } = this.options;
    let why: string | null;
    let text: string;
    try {
      const status = await readStatus();
      why = this.#watch.look(status, clock.nowUs());
      text = statusLine(status);
    } catch (error) {
      // A gateway that cannot say how it is counts as one that hangs.
      why = `the gateway gives no status: ${error instanceof Error ? error.message : String(error)}`;
      text = why;
    }
    if (this.#isStopping) return;
    const isFed = why === null && this.#watchdogUs !== null;
    this.socket.send(`STATUS=${oneLine(why === null ? text : `STANDS STILL · ${why}`)}${isFed ? '\nWATCHDOG=1' : ''}`);
    if (why !== null && kind(why) !== kind(this.#lastWhy)) onStandstill(why);
    this.#lastWhy = why;
    // systemd asks for half of its limit at most; a quarter bears a look that is late.
    const everyUs = Math.min(LOOK_AT_LEAST_EVERY_US, (this.#watchdogUs ?? LOOK_AT_LEAST_EVERY_US * 4) / 4);
    this.#cancel = clock.alarm(clock.nowUs() + everyUs, () => void this.#poll());
  }
}

/** Null: no watchdog, or one that is meant for another process. */
export function watchdogUs({ WATCHDOG_USEC, WATCHDOG_PID }: ServiceEnvironment, pid = process.pid): number | null {
  const us = Number(WATCHDOG_USEC);
  if (WATCHDOG_USEC === undefined || !Number.isSafeInteger(us) || us <= 0) return null;
  return WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === pid ? us : null;
}

/** A probe may be further apart than the watchdog's limit: two of them are waited for. */
function limitsFor(us: number | null, probeEveryUs: number): ProgressLimits {
  return {
    linkUs: (us ?? LOOK_AT_LEAST_EVERY_US) + 2 * probeEveryUs,
    outUs: OUT_LIMIT_US,
    isProbing: probeEveryUs > 0,
  };
}

/** `PROTECTED · both boards agree; board a drives`, as systemctl status shows it. */
function statusLine({ protected: isProtected, why, primary }: Status): string {
  return `${isProtected ? 'PROTECTED' : 'NOT PROTECTED'} · ${why}; board ${primary} drives`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** Without its figures, which grow. */
function kind(why: string | null): string | null {
  return why === null ? null : why.replace(/\d+/g, '#');
}
