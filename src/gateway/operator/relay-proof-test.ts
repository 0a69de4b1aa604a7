import type { Clock } from '../../clock/clock.js';
import type { Command, CommandOutcome } from '../../control/contract/command.js';
import type { RelayDriver } from '../../hardware/relay/relay-driver.js';
import type { PairState } from '../../pair/state/pair-state.js';
import { isProtected } from '../../pair/state/roles.js';

export interface RelayTestOptions {
  readonly state: PairState;
  readonly relay: RelayDriver;
  /** False: there is none that could be tested. */
  readonly hasRelay: boolean;
  readonly hasFeedback: boolean;
  /** 0: only when a person asks. */
  readonly everyUs: number;
  readonly clock: Clock;
  /** The planned switchover (R26). */
  readonly ask: (command: Extract<Command, { command: 'switch' }>) => Promise<CommandOutcome>;
  /** Since a move was last proved, in an earlier life too; null: never. */
  readonly provedForMs: () => number | null;
  readonly tell: (outcome: CommandOutcome) => void;
  /** Whether a fault of the primary would find a backup; as the core sees it when not given. */
  readonly isReady?: (state: PairState) => boolean;
}

/** The pair is protected again so soon after a planned switchover, or the way back is not taken. */
const BACK_WITHIN_US = 5_000_000;
const POLL_EVERY_US = 20_000;
/** After a start the pair is left in peace so long. */
const FIRST_US = 60_000_000;
/** The longest a timer of the host can be asked to wait. */
const LONGEST_ALARM_US = 3_600_000_000;

/**
 * The proof test: a planned switchover and the way back, each read back from the feedback line. A relay or a backup that
 * would fail at the next fault is found while the other still serves.
 */
export class RelayProofTest {
  /** Tests that were due while the pair was not protected or had something else to do. */
  skipped = 0;
  #isRunning = false;
  #isClosed = false;
  #cancel: () => void = () => undefined;

  constructor(private readonly options: RelayTestOptions) {
    const { everyUs, provedForMs } = options;
    if (everyUs > 0) this.#waitUs(Math.max(FIRST_US, everyUs - (provedForMs() ?? 0) * 1000));
  }

  /** `back`: the board that drives now is to drive again afterwards. In bounded time; never rejects. */
  async test(back: boolean): Promise<CommandOutcome> {
    if (this.#isRunning) return { refused: 'a test of the relay is under way: wait for its end' };
    const why = this.#whyNot();
    if (why !== null) return { refused: why };
    this.#isRunning = true;
    try {
      return await this.#test(back);
    } finally {
      this.#isRunning = false;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }

  #whyNot(): string | null {
    const { state, hasRelay, isReady = isProtected } = this.options;
    if (!hasRelay) return 'There is no relay (relay: none): copycat switch shows that the other board can drive.';
    if (!isReady(state)) return 'The pair is not protected: no board could take the actuator over.';
    if (state.phase !== 'serving' || state.update !== null)
      return 'The pair has something else to do: see copycat status.';
    return null;
  }

  async #test(back: boolean): Promise<CommandOutcome> {
    const { state, hasFeedback } = this.options;
    const first = state.lease.owner;
    const there = await this.#move();
    if (there !== null) return there;
    const second = state.lease.owner;
    if (back) {
      if (!(await this.#isReadyAgain())) {
        return {
          refused: `the relay moved to board ${second}; the way back was not taken: ${this.#whyNot() ?? 'the gateway ends'}`,
        };
      }
      const home = await this.#move();
      if (home !== null) return home;
    }
    const way = back ? `to board ${second} and back to board ${first}` : `to board ${second}`;
    if (!hasFeedback) return { refused: `the relay was sent ${way}, but no feedback line is wired: nothing is proved` };
    return { done: `The relay moved ${way}; its feedback showed ${back ? 'both moves' : 'it'}.` };
  }

  /** One planned switchover; null: done, and proved where there is a feedback. */
  async #move(): Promise<CommandOutcome | null> {
    const { ask, relay, hasFeedback, state } = this.options;
    const outcome = await ask({ command: 'switch' });
    if (!('done' in outcome)) return outcome;
    if (!hasFeedback || (relay.proved && relay.commanded === state.lease.owner)) return null;
    return { refused: `the feedback does not show the relay at board ${relay.commanded}` };
  }

  /** What was the primary compares clean again at once: it has lost nothing (R26). */
  async #isReadyAgain(): Promise<boolean> {
    const { clock } = this.options;
    const untilUs = clock.nowUs() + BACK_WITHIN_US;
    while (this.#whyNot() !== null && !this.#isClosed && clock.nowUs() < untilUs) {
      await new Promise<void>((resolve) => {
        clock.alarm(clock.nowUs() + POLL_EVERY_US, resolve);
      });
    }
    return this.#whyNot() === null && !this.#isClosed;
  }

  #waitUs(us: number): void {
    const { clock } = this.options;
    if (this.#isClosed) return;
    const stepUs = Math.min(us, LONGEST_ALARM_US);
    this.#cancel = clock.alarm(clock.nowUs() + stepUs, () => {
      if (us > stepUs) this.#waitUs(us - stepUs);
      else void this.#due();
    });
  }

  async #due(): Promise<void> {
    const { everyUs, provedForMs, tell } = this.options;
    // A takeover meanwhile, or a person's test, has proved it just as well.
    const leftUs = everyUs - (provedForMs() ?? Number.POSITIVE_INFINITY) * 1000;
    if (leftUs > 0) return this.#waitUs(leftUs);
    if (this.#isRunning || this.#whyNot() !== null) this.skipped++;
    else tell(await this.test(true));
    this.#waitUs(everyUs);
  }
}
