import type { EventEmitter } from 'node:events';

/**
 * What a relay needs of a johnny-five IO plugin. It emits `connect`, then `ready`; `isReady` is true from then on.
 * The first `digitalWrite` to a pin makes it an output with that very level, so that the line never shows another.
 */
export interface RelayIo extends EventEmitter {
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
}
