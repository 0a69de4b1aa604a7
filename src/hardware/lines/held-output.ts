import type { Clock } from '../../clock/clock.js';
import type { Lines } from './lines.js';
import type { OutputLine } from './output-line.js';

/** A line that is not as it is wanted is written again so often, until it is. */
const retryUs = 100_000;

export interface HeldOutputOptions {
  readonly lines: Lines;
  readonly line: string;
  readonly activeLow: boolean;
  /** What hangs on it, for people: `the RESET line of board a`. */
  readonly name: string;
  readonly clock: Clock;
  /** It cannot be had as wanted, and why; null: it can again. */
  readonly onTrouble: (name: string, trouble: string | null) => void;
}

/** An output that is to stand at one level until it is told another, whatever becomes of its provider meanwhile. */
export class HeldOutput {
  #wanted: boolean | null = null;
  #trouble: string | null = null;
  #isProved = false;
  #cancelRetry: (() => void) | null = null;

  private constructor(
    private readonly options: HeldOutputOptions,
    private readonly output: OutputLine,
  ) {}

  /** Takes nothing yet: the first `set` does, with its level (R13). Rejects with RELAY_UNAVAILABLE. */
  static async open(options: HeldOutputOptions): Promise<HeldOutput> {
    let held: HeldOutput | null = null;
    const output = await options.lines.openOutput(options.line, {
      activeLow: options.activeLow,
      onReturn: () => held?.again(),
    });
    held = new HeldOutput(options, output);
    return held;
  }

  get trouble(): string | null {
    return this.#trouble;
  }

  /** Whether it stands at this level as far as can be known, and whether the pin itself shows it. */
  standsAt(on: boolean): { readonly stands: boolean; readonly proved: boolean } {
    const stands = this.#wanted === on && this.#trouble === null;
    return { stands, proved: stands && this.#isProved };
  }

  set(on: boolean): void {
    if (on === this.#wanted && this.#trouble === null) return;
    this.#wanted = on;
    this.again();
  }

  /** Writes once more what is wanted. */
  again(): void {
    if (this.#wanted === null) return;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    const why = this.#write(this.#wanted);
    if (why !== null) {
      const { clock } = this.options;
      this.#cancelRetry = clock.alarm(clock.nowUs() + retryUs, () => this.again());
    }
    if (why === this.#trouble) return;
    this.#trouble = why;
    this.options.onTrouble(this.options.name, why);
  }

  /** Stops trying; the line stays as it is (R27). */
  close(): void {
    this.#wanted = null;
    this.#cancelRetry?.();
  }

  #write(on: boolean): string | null {
    const { name, line } = this.options;
    try {
      this.output.set(on);
    } catch (error) {
      return `${name} (${line}) cannot be driven: ${error instanceof Error ? error.message : String(error)}`;
    }
    const shown = this.output.readBack();
    if (this.output.trouble !== null) return `${name} (${line}) cannot be driven: ${this.output.trouble}`;
    this.#isProved = shown === on;
    if (shown === null || shown === on) return null;
    return `${name} (${line}) is held ${on ? 'off' : 'on'} from outside`;
  }
}
