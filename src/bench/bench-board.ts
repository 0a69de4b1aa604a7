import type { OutputListener, TransmitListener } from '../emulator/board-listeners.js';
import type { CharacterFormat } from '../emulator/character-format.js';

/** Both boards' names; roles are the gateway's business. */
export type BoardName = 'a' | 'b';

/** Anything that can stand behind a link on the bench: an emulated Uno, a scripted board. All times are emulated microseconds. */
export interface BenchBoard {
  /** Runs to `untilUs`; may overshoot by one instruction. */
  runUntilUs(untilUs: number): void;
  /** A byte whose start bit begins at `startUs` comes in at `baudRate`, 8N1 when not said. Called in order of time, possibly ahead of it. */
  receive(byte: number, startUs: number, baudRate: number, format?: CharacterFormat): void;
  /** The receive line goes dead: bytes under way never arrive. */
  dropReceiving(): void;
  /** What the pin (Arduino's number) drives now, 0 to 255. */
  duty(pin: number): number;
  onTransmit: TransmitListener;
  onOutput: OutputListener;
  /** Pulls RESET (what DTR does on an Uno); the program starts `startDelayUs` later, and is deaf until then. */
  resetExternal(startDelayUs?: number): void;
  /** Takes the supply away for `offUs`; Infinity: until it is called again. */
  powerCycle(offUs?: number): void;
  /** Stops the CPU, interrupts off, pins held. */
  halt(options?: { readonly watchdogWorks?: boolean }): void;
  /** Stops the main program for a while. */
  pauseForUs(
    durationUs: number,
    options?: { readonly interrupts?: 'run' | 'stop'; readonly watchdogWorks?: boolean },
  ): void;
}
