import { type Observable, ReplaySubject } from 'rxjs';
import type { Clock } from '../clock/clock.js';
import { CopycatError } from '../errors/copycat-error.js';
import { openCoil, type RelayCoil } from './relay-coil.js';
import type { RelayIo } from './relay-io.js';
import { energisedBoard, type RelayWiring, restBoard } from './relay-wiring.js';

export interface RelayOptions extends RelayWiring {
  readonly io: RelayIo;
  /** The plugin's name or number of the coil's line. */
  readonly pin: string | number;
  /** A line that is high while the coil's side of the contact is closed; null: a move cannot be proved. */
  readonly feedbackPin: string | number | null;
  /** From the command until the contact has surely stopped bouncing. */
  readonly settleUs: number;
  /** Wait after each repeat of a command that was not followed; `settleUs` when not given. */
  readonly retryEveryUs?: number;
  /** Repeats before the relay is called stuck; 2 when not given. */
  readonly maxRetries?: number;
  /** R13: the board of the lease; its level is the first that the line shows. */
  readonly first: string;
  /**
   * True while a takeover is unfinished: the line stays as the last gateway left it until `moveTo` says so, because the
   * board of the lease may not have caught up yet (R10).
   */
  readonly waitsForCommand?: boolean;
  readonly clock: Clock;
}

/** What becomes of a command. */
export type RelayReport =
  /** It stands at this board: `proved` by the feedback line, or the settle time is over where there is none. */
  | { readonly type: 'relayMoved'; readonly to: string; readonly proved: boolean }
  | { readonly type: 'relayStuck'; readonly to: string };

export interface RelayDriver {
  /** Commands the contact; a later call replaces an earlier one. */
  moveTo(board: string): void;
  /** Every command ends in one report, a first level's too. A late subscriber hears the last one. */
  readonly reports: Observable<RelayReport>;
  readonly commanded: string;
  /** The feedback line shows the commanded board. Always false without one. */
  readonly proved: boolean;
  /** Commands the relay did not follow within its time. */
  readonly retries: number;
  /** Lets go of the driver, not of the line: the contact stays where it is (R27). */
  close(): void;
}

/** Takes the line, with the level of `first` where nothing else is to be waited for. Rejects with RELAY_UNAVAILABLE. */
export async function openRelay(options: RelayOptions): Promise<RelayDriver> {
  const coil = await openCoil(options.io, options.pin, options);
  const driver = new WatchedRelay(options, coil);
  try {
    driver.begin();
  } catch (cause) {
    if (cause instanceof CopycatError) throw cause;
    throw new CopycatError('RELAY_UNAVAILABLE', `the relay's line ${options.pin} cannot be driven`, {
      value: options.pin,
      expected: 'a line that nothing else uses',
      cause,
    });
  }
  return driver;
}

class WatchedRelay implements RelayDriver {
  readonly #reports = new ReplaySubject<RelayReport>(1);
  readonly reports = this.#reports.asObservable();
  retries = 0;
  #commanded: string;
  /** What the feedback line shows now; null: not known. */
  #shown: string | null = null;
  #moving = false;
  #triesLeft = 0;
  /** The last command reached the line. */
  #written = true;
  #lastReport: RelayReport | null = null;
  #cancelAlarm: (() => void) | null = null;
  #closed = false;

  constructor(
    private readonly options: RelayOptions,
    private readonly coil: RelayCoil,
  ) {
    this.#commanded = options.first;
  }

  get commanded(): string {
    return this.#commanded;
  }

  get proved(): boolean {
    return this.#shown === this.#commanded;
  }

  begin(): void {
    const { io, feedbackPin, first, waitsForCommand = false } = this.options;
    if (!waitsForCommand) {
      this.coil.connect(first);
      this.#wait();
    }
    if (feedbackPin === null) return;
    const pin = io.normalize?.(feedbackPin) ?? feedbackPin;
    io.pinMode(pin, io.MODES.INPUT);
    io.digitalRead(pin, (level) => this.#hear(level));
  }

  moveTo(board: string): void {
    if (this.#closed) return;
    // While the armature is in flight the feedback line still shows the side it left: only time tells then.
    const trusted = !this.#moving;
    this.#commanded = board;
    this.#command();
    this.#wait();
    if (this.#written && trusted && this.proved) this.#report({ type: 'relayMoved', to: board, proved: true });
  }

  close(): void {
    this.#closed = true;
    this.#cancelAlarm?.();
    this.#reports.complete();
  }

  #wait(): void {
    this.#moving = true;
    this.#triesLeft = this.options.maxRetries ?? 2;
    this.#setAlarm(this.options.settleUs);
  }

  #command(): void {
    try {
      this.coil.connect(this.#commanded);
      this.#written = this.coil.failure === null;
    } catch {
      // To whoever waits the same as a relay that does not follow: it is commanded again, then reported as stuck.
      this.#written = false;
    }
  }

  #hear(level: number): void {
    if (this.#closed) return;
    this.#shown = level === this.options.io.HIGH ? energisedBoard(this.options) : restBoard(this.options);
    const last = this.#lastReport;
    if (this.proved) {
      // Late, but it has come: a relay that was called stuck is told to have moved after all.
      if (this.#moving || last?.type === 'relayStuck')
        this.#report({ type: 'relayMoved', to: this.#commanded, proved: true });
    } else if (!this.#moving && last?.type === 'relayMoved') {
      // It has left the commanded side by itself (a coil without supply): as if it had just been commanded.
      this.#wait();
    }
  }

  #settled(): void {
    const to = this.#commanded;
    if (this.proved) return this.#report({ type: 'relayMoved', to, proved: true });
    if (this.options.feedbackPin === null && this.#written)
      return this.#report({ type: 'relayMoved', to, proved: false });
    if (this.#triesLeft === 0) return this.#report({ type: 'relayStuck', to });
    this.#triesLeft--;
    this.retries++;
    this.#command();
    this.#setAlarm(this.options.retryEveryUs ?? this.options.settleUs);
  }

  #report(report: RelayReport): void {
    this.#moving = false;
    this.#cancelAlarm?.();
    this.#cancelAlarm = null;
    this.#lastReport = report;
    this.#reports.next(report);
  }

  #setAlarm(delayUs: number): void {
    const { clock } = this.options;
    this.#cancelAlarm?.();
    this.#cancelAlarm = clock.alarm(clock.nowUs() + delayUs, () => this.#settled());
  }
}
