import type { Relay } from 'johnny-five';
import type { LineProvider } from './line-provider.js';

/**
 * A line that is driven, through johnny-five's Relay. Active-low is settled here and nowhere else, the kernel's own flag
 * stays unused: so it is the same for lines of the host, of a Firmata board and of the bench, and whoever looks from outside
 * (`gpioinfo`, a register, a meter) sees the level that we speak of.
 */
export class OutputLine {
  #isOn: boolean | null = null;
  /** The last command did not reach the provider. */
  #failure: string | null = null;

  constructor(
    readonly line: string,
    private readonly relay: Relay,
    private readonly provider: LineProvider,
    private readonly activeLow: boolean,
    private readonly readLevel: () => 0 | 1 | null,
  ) {}

  /** What was commanded last; null before the first `set`. */
  get isOn(): boolean | null {
    return this.#isOn;
  }

  /** Why the last command may have led nowhere; null when it has arrived. */
  get trouble(): string | null {
    return this.provider.trouble ?? this.#failure;
  }

  /** The first one takes the line with this level. Throws what the plugin throws. */
  set(on: boolean): void {
    this.#isOn = on;
    try {
      // close() is "on" whatever the level: the Relay's type knows it.
      if (on) this.relay.close();
      else this.relay.open();
      this.#failure = null;
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  /** After the provider was away. What fails is in `trouble`: the provider is gone again, and will be back. */
  repeat(): void {
    if (this.#isOn === null) return;
    try {
      this.set(this.#isOn);
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
    }
  }

  /** Whether the pin itself is on: a line that is held by a short circuit is not. Null where the hardware cannot tell. */
  readBack(): boolean | null {
    if (this.#isOn === null || this.trouble !== null) return null;
    try {
      const level = this.readLevel();
      return level === null ? null : (level === 1) !== this.activeLow;
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
      return null;
    }
  }
}
