/** What we use of firmata-io 2.3, which brings no types. */
declare module 'firmata-io' {
  import { EventEmitter } from 'node:events';

  export interface FirmataPin {
    readonly supportedModes: readonly number[];
    /** Undefined until it was set or asked for. */
    mode: number | undefined;
    /** What a pin state query has brought: the level last written, or whether the pull-up is on. */
    state?: number;
    value: number;
  }

  /** Emits reportversion, queryfirmware, ready, digital-read, analog-read and pin-state-N. */
  export class Firmata extends EventEmitter {
    constructor(transport: EventEmitter, options: { readonly reportVersionTimeout: number });
    readonly isReady: boolean;
    readonly pins: FirmataPin[];
    /** The pin of each analog channel. */
    readonly analogPins: readonly number[];
    readonly firmware: {
      readonly name?: string;
      readonly version?: { readonly major: number; readonly minor: number };
    };
    /** The timer of the constructor. */
    readonly reportVersionTimeoutId: NodeJS.Timeout;
    readonly MODES: { readonly INPUT: number; readonly OUTPUT: number; readonly ANALOG: number };
  }

  const firmataModule: { readonly Firmata: typeof Firmata };
  export default firmataModule;
}
