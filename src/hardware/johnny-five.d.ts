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

  const fiveModule: { readonly Board: typeof Board; readonly Relay: typeof Relay };
  export default fiveModule;
}
