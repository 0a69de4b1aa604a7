import { BehaviorSubject, type Observable, skip } from 'rxjs';
import type { Clock } from '../../clock/clock.js';
import { CopycatError } from '../../errors/copycat-error.js';
import type { LineProvider } from '../lines/line-provider.js';
import { FirmataConnection } from './firmata-connection.js';
import { FirmataIo } from './firmata-io.js';
import type { FirmataStream } from './firmata-stream.js';

export interface FirmataProviderOptions {
  /** For people: `usb-1.4`. */
  readonly port: string;
  /** Opens its port; called again for every new try, so that a board that came back under another name is found. */
  readonly openStream: () => Promise<FirmataStream>;
  readonly clock: Clock;
}

/** After a failed opening; doubled up to `maxUs`, and never given up. */
const RETRY = { firstUs: 250_000, maxUs: 2_000_000 };
/** Who opens the first line waits so long for the board to come up; it is looked for on and on, until it is closed. */
const FIRST_US = 15_000_000;

/** The lines of a board that runs StandardFirmata: `D2` and up, `A0` and up. Opens its port when the first line is opened. */
export function createFirmataProvider(options: FirmataProviderOptions): LineProvider {
  return new FirmataProvider(options);
}

class FirmataProvider implements LineProvider {
  readonly name: string;
  readonly #io = new FirmataIo();
  readonly #changes: BehaviorSubject<string | null>;
  readonly changes: Observable<string | null>;
  #connection: FirmataConnection | null = null;
  #cancelRetry: (() => void) | null = null;
  #isBegun = false;
  #cancelFirst: (() => void) | null = null;
  #isClosed = false;
  #retryUs = RETRY.firstUs;

  constructor(private readonly options: FirmataProviderOptions) {
    this.name = `the Firmata board at ${options.port}`;
    this.#changes = new BehaviorSubject<string | null>('not opened yet');
    this.changes = this.#changes.pipe(skip(1));
  }

  get trouble(): string | null {
    return this.#changes.value;
  }

  has(line: string): boolean {
    return /^[DA]\d+$/.test(line);
  }

  pinOf(line: string): string | number {
    return line.startsWith('D') ? Number(line.slice(1)) : line;
  }

  /** May be called again after it was rejected. */
  async open(): Promise<FirmataIo> {
    if (!this.#isBegun) {
      this.#isBegun = true;
      this.#connect();
    }
    if (!this.#io.isReady) await this.#firstReady();
    return this.#io;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelRetry?.();
    this.#cancelFirst?.();
    this.#connection?.end('closed by the gateway');
    this.#changes.complete();
  }

  #firstReady(): Promise<void> {
    const { clock } = this.options;
    return new Promise<void>((resolve, reject) => {
      const ready = (): void => {
        cancel();
        resolve();
      };
      const cancel = clock.alarm(clock.nowUs() + FIRST_US, () => {
        this.#io.off('ready', ready);
        reject(
          new CopycatError('RELAY_UNAVAILABLE', `${this.name} cannot be used: ${this.trouble ?? 'it is not ready'}`, {
            value: this.options.port,
            expected: 'a board with StandardFirmata on it (docs/relay-board.md)',
          }),
        );
      });
      this.#cancelFirst = cancel;
      this.#io.once('ready', ready);
    });
  }

  #connect(): void {
    this.#open().catch((error: unknown) => {
      this.#lost(error instanceof Error ? error.message : String(error));
    });
  }

  async #open(): Promise<void> {
    // Loaded when it is wanted: few have such a board.
    const { default: firmata } = await import('firmata-io');
    const stream = await this.options.openStream();
    if (this.#isClosed) return stream.close();
    const { clock } = this.options;
    const io = this.#io;
    const connection = new FirmataConnection({
      stream,
      clock,
      memory: io.memory,
      createFirmata: (transport, reportVersionTimeout) => new firmata.Firmata(transport, { reportVersionTimeout }),
      events: {
        condition: (trouble) => this.#condition(connection, trouble),
        digital: (pin, level) => io.heardDigital(pin, level),
        analog: (channel, counts) => io.heardAnalog(channel, counts, clock.nowUs()),
      },
    });
    this.#connection = connection;
    const reason = await connection.ended;
    this.#connection = null;
    io.use(null);
    this.#lost(reason);
  }

  #condition(connection: FirmataConnection, trouble: string | null): void {
    if (trouble === null) {
      this.#retryUs = RETRY.firstUs;
      this.#io.use(connection);
    }
    this.#say(trouble);
  }

  #lost(reason: string): void {
    if (this.#isClosed) return;
    this.#say(`not there: ${reason}`);
    const { clock } = this.options;
    this.#cancelRetry = clock.alarm(clock.nowUs() + this.#retryUs, () => this.#connect());
    this.#retryUs = Math.min(2 * this.#retryUs, RETRY.maxUs);
  }

  #say(trouble: string | null): void {
    if (!this.#isClosed && trouble !== this.#changes.value) this.#changes.next(trouble);
  }
}
