import { type Observable, ReplaySubject } from 'rxjs';
import type { Clock } from '../../clock/clock.js';
import { CopycatError } from '../../errors/copycat-error.js';
import type { Lines } from '../lines/lines.js';
import { Feedback } from './feedback.js';
import { openCoils } from './open-coils.js';
import type { RelayCoils } from './relay-coils.js';
import type { RelayWiring } from './relay-wiring.js';

export interface RelayOptions extends RelayWiring {
  readonly lines: Lines;
  /** From the last change of a line until the contact has surely stopped bouncing. */
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
  /** Times it was sent from one board to the other, since it was opened: what wears it. */
  readonly operations: number;
  /** Lets go of the driver, not of the line: the contact stays where it is (R27). */
  close(): void;
}

/** Takes the lines, with the level of `first` where nothing else is to be waited for. Rejects with RELAY_UNAVAILABLE. */
export async function openRelay(options: RelayOptions): Promise<RelayDriver> {
  let driver: WatchedRelay | null = null;
  const coils = await openCoils(options.lines, options, options.clock, () => driver?.commandAgain());
  driver = new WatchedRelay(options, coils);
  try {
    driver.begin();
  } catch (cause) {
    driver.close();
    if (cause instanceof CopycatError) throw cause;
    const names = [...options.pins, ...Object.values(options.pinsOf).flat()].join(', ');
    throw new CopycatError('RELAY_UNAVAILABLE', `the relay's line ${names} cannot be driven`, {
      value: names,
      expected: 'a line that nothing else uses',
      cause,
    });
  }
  try {
    driver.listen(await Feedback.open(options.lines, options));
    return driver;
  } catch (error) {
    // It would go on commanding the line.
    driver.close();
    throw error;
  }
}

class WatchedRelay implements RelayDriver {
  readonly #reports = new ReplaySubject<RelayReport>(1);
  readonly reports = this.#reports.asObservable();
  retries = 0;
  operations = 0;
  #commanded: string;
  #feedback: Feedback | null = null;
  #moving = false;
  /** The lines had no command yet: they are as the last gateway left them. */
  #untouched = true;
  /** No feedback proves the move sooner. */
  #provesFromUs = 0;
  #triesLeft = 0;
  /** The last command did not fail at the line. */
  #written = true;
  #lastReport: RelayReport | null = null;
  #cancelAlarm: (() => void) | null = null;
  #cancelProof: (() => void) | null = null;
  #closed = false;

  constructor(
    private readonly options: RelayOptions,
    private readonly coils: RelayCoils,
  ) {
    this.#commanded = options.first;
  }

  get commanded(): string {
    return this.#commanded;
  }

  get proved(): boolean {
    return this.#feedback !== null && this.#feedback.shown === this.#commanded;
  }

  begin(): void {
    const { first, waitsForCommand = false, feedbacks } = this.options;
    // R27: a relay that stays by itself and shows where it is need not be driven there again. Without feedback nobody knows
    // whether the last gateway's pulse was a whole one.
    const mayStay = waitsForCommand || feedbacks.length > 0;
    if (mayStay && this.coils.takeWithoutMoving()) {
      if (!waitsForCommand) this.#wait(1);
    } else if (!waitsForCommand) {
      this.#untouched = false;
      this.coils.connect(first);
      this.#wait();
    }
  }

  listen(feedback: Feedback): void {
    if (!feedback.isWired) return;
    this.#feedback = feedback;
    feedback.onChange = () => this.#hear();
    feedback.expectChange();
    this.#hear();
  }

  moveTo(board: string): void {
    if (this.#closed) return;
    // While the armature is in flight the feedback line still shows the side it left: only time tells then.
    const trusted = !this.#moving && !this.#untouched;
    if (board !== this.#commanded) this.operations++;
    this.#commanded = board;
    this.#untouched = false;
    this.#command();
    this.#wait();
    if (this.#written && trusted && this.proved && this.coils.isObeyed)
      this.#report({ type: 'relayMoved', to: board, proved: true });
  }

  /** A provider of its lines was away and is back: nobody knows what became of the lines meanwhile. */
  commandAgain(): void {
    if (this.#closed || this.#untouched) return;
    this.#command();
    this.#wait();
  }

  close(): void {
    this.#closed = true;
    this.#cancelAlarm?.();
    this.#cancelProof?.();
    this.coils.close();
    this.#reports.complete();
  }

  #wait(moreTries = 0): void {
    this.#moving = true;
    this.#triesLeft = (this.options.maxRetries ?? 2) + moreTries;
    this.#setAlarm(this.coils.sequenceUs + this.options.settleUs);
  }

  #command(): void {
    const { clock } = this.options;
    this.#untouched = false;
    try {
      this.coils.connect(this.#commanded);
      this.#written = true;
    } catch {
      // To whoever waits the same as a relay that does not follow: it is commanded again, then reported as stuck.
      this.#written = false;
    }
    this.#cancelProof?.();
    this.#cancelProof = null;
    const { earliestProofUs } = this.coils;
    this.#provesFromUs = clock.nowUs() + earliestProofUs;
    if (earliestProofUs > 0) this.#cancelProof = clock.alarm(this.#provesFromUs, () => this.#hear());
    this.#feedback?.expectChange();
  }

  #hear(): void {
    if (this.#closed) return;
    const last = this.#lastReport;
    if (this.proved) {
      if (this.options.clock.nowUs() < this.#provesFromUs) return;
      // Late, but it has come: a relay that was called stuck is told to have moved after all.
      if (this.#moving || last?.type === 'relayStuck')
        this.#report({ type: 'relayMoved', to: this.#commanded, proved: true });
    } else if (!this.#moving && last?.type === 'relayMoved' && this.#feedback?.isKnown === true) {
      // It has left the commanded side by itself (a coil without supply): as if it had just been commanded.
      this.#wait();
    }
  }

  #settled(): void {
    const to = this.#commanded;
    if (this.proved) return this.#report({ type: 'relayMoved', to, proved: true });
    if (this.#feedback === null && this.#written && this.coils.isObeyed)
      return this.#report({ type: 'relayMoved', to, proved: false });
    if (this.#triesLeft === 0) return this.#report({ type: 'relayStuck', to });
    this.#triesLeft--;
    this.retries++;
    this.#command();
    this.#setAlarm(this.coils.sequenceUs + (this.options.retryEveryUs ?? this.options.settleUs));
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
