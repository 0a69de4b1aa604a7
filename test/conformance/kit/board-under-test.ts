import type { Message } from '../../../src/protocol/messages.generated.js';

/** What the heater drives: duty 0 to 255 on pin 9, trip 0 or 1 on pin 8. */
export interface Levels {
  readonly duty: number;
  readonly trip: number;
}

/** One of the boards that must behave the same: the heater with a window of 2, just switched on. */
export interface BoardUnderTest {
  /** Everything it has said so far. */
  readonly heard: readonly Message[];
  /** Bytes for its receive buffer, in one piece. */
  give(bytes: Uint8Array): void;
  /** Lets so much of its time pass. */
  run(durationMs: number): Promise<void>;
  levels(): Levels;
  /** What its A0 reads from now on, in ADC counts. */
  setSource(counts: number): Promise<void>;
  /** A fault: flips a bit of the registered state. */
  flipState(bit: number): Promise<void>;
  /** A fault: flips bits of what pin 9 shows. */
  flipDuty(bits: number): Promise<void>;
  /** A defect: a bit of RAM keeps this value; `at` counts from the begin of RAM and must not be in use. */
  stickRam(at: number, bit: number, value: 0 | 1): Promise<void>;
  /** A defect: its registers are not what they should be when the self-test looks at them. */
  breakRegisters(): Promise<void>;
  /** Its RESET pin. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** One kind of them. */
export interface BoardKind {
  readonly name: string;
  /** What its self-test has to go through. */
  readonly ramBytes: number;
  start(): Promise<BoardUnderTest>;
}
