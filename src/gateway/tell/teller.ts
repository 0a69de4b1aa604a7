import type { Logger } from 'pino';
import type { Clock } from '../../clock/clock.js';
import type { Told } from '../../control/contract/told.js';
import type { CommandRunner } from '../../notify/command-runner.js';
import type { CommandEnd } from '../../notify/run-command.js';

/** A command that has not ended by then is ended, with its children, and has failed. */
export const COMMAND_TIMEOUT_MS = 30_000;
/** After the first failure in a row, the second … the last of them from then on. */
const TRY_AGAIN_AFTER_S = [10, 30, 60, 120, 300, 600] as const;
/** A command is called successfully so often … */
const TOLD_AT_MOST = 10;
/** … within this time; what comes beyond waits. */
const WITHIN_US = 600_000_000;

/** Something that is to be told now. */
export interface Tellable {
  /** Made when it is sent, so that it holds what has come since. */
  readonly message: () => Told;
  told(): void;
  failed(): void;
}

export interface ToldSource {
  /** What is next; a time in microseconds: nothing before; null: nothing at all until `wake`. */
  next(nowUs: number): Tellable | number | null;
  /** What waits to be told. */
  readonly waiting: number;
  /** What will never be told, since the start: there was no room for it, or it could not be told for a day. */
  readonly leftOut: number;
}

export interface TellerOptions {
  /** Its key in the configuration: `on-fault`. */
  readonly name: string;
  readonly command: readonly string[];
  readonly source: ToldSource;
  readonly runner: CommandRunner;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Tells what a source has with a person's command, one at a time: one that fails is tried again, later and later, and
 * however much comes, the command is not called more often than somebody can bear to be called.
 */
export class Teller {
  #told = 0;
  #trouble: string | null;
  #failuresInARow = 0;
  #notBeforeUs = Number.NEGATIVE_INFINITY;
  #toldAtUs: number[] = [];
  #isBusy = false;
  #isClosed = false;
  #cancel: (() => void) | null = null;

  /** `trouble`: what was found wrong with the command before it was ever called. */
  constructor(
    private readonly options: TellerOptions,
    trouble: string | null = null,
  ) {
    this.#trouble = trouble;
  }

  get name(): string {
    return this.options.name;
  }

  get status(): { readonly told: number; readonly waiting: number; readonly leftOut: number; trouble: string | null } {
    const { waiting, leftOut } = this.options.source;
    return { told: this.#told, waiting, leftOut, trouble: this.#trouble };
  }

  /** The source may have something. */
  wake(): void {
    if (this.#isBusy || this.#isClosed) return;
    this.#cancel?.();
    this.#cancel = null;
    const { source, clock } = this.options;
    const nowUs = clock.nowUs();
    const next = source.next(nowUs);
    if (next === null) return;
    const fromUs = Math.max(typeof next === 'number' ? next : nowUs, this.#notBeforeUs, this.#roomFromUs(nowUs));
    if (fromUs > nowUs || typeof next === 'number') {
      this.#cancel = clock.alarm(fromUs, () => this.wake());
      return;
    }
    void this.#tell(next);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  async #tell(next: Tellable): Promise<void> {
    const { name, command, runner, log, clock } = this.options;
    this.#isBusy = true;
    const end = await tellOnce(runner, name, command, next.message());
    this.#isBusy = false;
    if (this.#isClosed) return;
    if (end.ok) {
      if (this.#trouble !== null) log.info({ command: name }, 'telling works again');
      this.#told++;
      this.#trouble = null;
      this.#failuresInARow = 0;
      this.#toldAtUs.push(clock.nowUs());
      next.told();
    } else {
      if (this.#trouble !== end.why) log.warn({ command: name, why: end.why }, 'telling fails; it is tried again');
      this.#trouble = end.why;
      const afterS = TRY_AGAIN_AFTER_S[Math.min(this.#failuresInARow, TRY_AGAIN_AFTER_S.length - 1)] ?? 0;
      this.#failuresInARow++;
      this.#notBeforeUs = clock.nowUs() + afterS * 1_000_000;
      next.failed();
    }
    this.wake();
  }

  #roomFromUs(nowUs: number): number {
    this.#toldAtUs = this.#toldAtUs.filter((atUs) => nowUs - atUs < WITHIN_US);
    const [oldest] = this.#toldAtUs;
    return oldest === undefined || this.#toldAtUs.length < TOLD_AT_MOST ? nowUs : oldest + WITHIN_US;
  }
}

/** Calls the command with the message: JSON on its standard input, the most of it in its environment too. */
export function tellOnce(
  runner: Pick<CommandRunner, 'run'>,
  name: string,
  command: readonly string[],
  message: Told,
  timeoutMs = COMMAND_TIMEOUT_MS,
): Promise<CommandEnd> {
  return runner.run({ command, input: `${JSON.stringify(message)}\n`, environment: wordsOf(name, message), timeoutMs });
}

/** For commands that read no JSON. */
function wordsOf(name: string, { pair, title, text }: Told): Readonly<Record<string, string>> {
  return {
    COPYCAT_TELLS: name,
    COPYCAT_PAIR: pair,
    COPYCAT_TITLE: withoutZero(title),
    COPYCAT_TEXT: withoutZero(text).slice(0, MOST_TEXT_CHARACTERS),
  };
}

/** An environment has an end; the JSON has all of it. */
const MOST_TEXT_CHARACTERS = 16_384;

function withoutZero(text: string): string {
  return text.replaceAll('\0', '');
}
