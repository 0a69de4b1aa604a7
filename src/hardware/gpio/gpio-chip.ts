/** The host's GPIO chips as the rest needs them: Linux's own in operation, two wires of a test in a unit test. */
export interface GpioHost {
  /** Paths of all chips, such as `/dev/gpiochip0`; empty when the host has none. */
  paths(): readonly string[];
  /** Throws GpioError. */
  open(path: string): GpioChip;
}

export interface GpioChip {
  readonly path: string;
  /** The driver's word for it, such as `pinctrl-rp1`: unlike the number, the same after every boot. */
  readonly label: string;
  readonly lineCount: number;
  /** Throws GpioError. */
  info(offset: number): LineInfo;
  /** Takes a line until it is released or the process ends. Throws GpioError. */
  request(offset: number, request: LineRequest): HeldLine;
  /** Lets go of the chip; lines that were taken stay. */
  close(): void;
}

export interface LineInfo {
  readonly name: string;
  /** Who holds the line, in its own words; empty when nobody said. */
  readonly consumer: string;
  readonly isUsed: boolean;
  readonly isOutput: boolean;
}

export type Pull = 'none' | 'up' | 'down';

export type LineRequest =
  /** R13: the level goes in with the request, so that the line never shows another. */
  | { readonly direction: 'output'; readonly consumer: string; readonly level: Level }
  | { readonly direction: 'input'; readonly consumer: string; readonly pull: Pull };

export type Level = 0 | 1;

/**
 * A line that this process holds. Levels are those of the pin: what "active low" means is settled above, in one place for
 * the host's lines, a Firmata board's and the bench's (output-line.ts), and a person with a meter reads the same level.
 */
export interface HeldLine {
  /** The level that the pin shows, an output's too: a short circuit is seen. Throws GpioError. */
  get(): Level;
  /** Throws GpioError. */
  set(level: Level): void;
  /** Gives the line back to the kernel; what the pin does then is the chip driver's choice. */
  release(): void;
}

/** The kernel's refusal. */
export class GpioError extends Error {
  override readonly name = 'GpioError';

  constructor(
    /** Its name: EBUSY, EACCES, EINVAL, … */
    readonly code: string,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}
