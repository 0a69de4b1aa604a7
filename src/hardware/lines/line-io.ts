import type { EventEmitter } from 'node:events';

/**
 * What we use of a johnny-five IO plugin. It emits `connect`, then `ready`; `isReady` is true from then on. It stays the
 * same object while its hardware comes and goes.
 * The first `digitalWrite` to a pin makes it an output with that very level, so that the line never shows another (R13).
 */
export interface LineIo extends EventEmitter {
  readonly isReady: boolean;
  readonly MODES: { readonly INPUT: number; readonly OUTPUT: number };
  readonly HIGH: number;
  readonly LOW: number;
  readonly pins: readonly unknown[];
  /** The plugin's own number for a pin that has a name. */
  normalize?(pin: string | number): string | number;
  pinMode(pin: string | number, mode: number): void;
  digitalWrite(pin: string | number, value: number): void;
  /** Calls `listener` with the present level soon and with every later one. */
  digitalRead(pin: string | number, listener: (value: number) => void): void;
  /** A resistor inside; before `pinMode`. Absent where there is none to be had. */
  setPull?(pin: string | number, pull: 'none' | 'up' | 'down'): void;
  /** Inputs are about to change (a relay was commanded): worth looking at more often for a while. */
  expectChange?(): void;
  /** The level that the pin really shows, an output's too. Absent where the hardware cannot tell. */
  readLevel?(pin: string | number): 0 | 1;
  /** For johnny-five's Sensor and the like; absent where there are no analog pins. */
  analogRead?(pin: string | number, listener: (value: number) => void): void;
  /** When an analog pin last gave a value, on the gateway's clock; null: never. */
  lastAnalogUs?(pin: string | number): number | null;
}
