/** What we use of johnny-five 2.1, which brings no types. */
declare module 'johnny-five' {
  import type { EventEmitter } from 'node:events';

  export interface BoardOptions {
    /** Always given: without it the package looks for serial ports by itself. */
    readonly io: unknown;
    readonly repl: false;
    readonly debug: false;
    readonly sigint: false;
  }

  export class Board extends EventEmitter {
    constructor(options: BoardOptions);
  }

  export interface RelayOptions {
    readonly board: Board;
    readonly pin: string | number;
    /** `NO`: close() drives the pin high; `NC`: close() drives it low. */
    readonly type: 'NO' | 'NC';
  }

  export class Relay {
    constructor(options: RelayOptions);
    open(): this;
    close(): this;
  }

  export interface PartOptions {
    readonly board: Board;
    readonly pin: string | number;
  }

  /** Emits `down` and `up`, 7 ms after the last edge. */
  export class Button extends EventEmitter {
    constructor(options: PartOptions);
  }

  /** Emits `data` every `freq` milliseconds with the median of what has come since, or what there was before. */
  export class Sensor extends EventEmitter {
    constructor(options: PartOptions & { readonly freq: number });
    disable(): this;
  }

  /** Emits `data` every `freq` milliseconds, once there was a value. */
  export class Thermometer extends EventEmitter {
    constructor(options: PartOptions & { readonly freq: number; readonly controller: string });
    disable(): this;
  }

  const fiveModule: {
    readonly Board: typeof Board;
    readonly Relay: typeof Relay;
    readonly Button: typeof Button;
    readonly Sensor: typeof Sensor;
    readonly Thermometer: typeof Thermometer;
  };
  export default fiveModule;
}
