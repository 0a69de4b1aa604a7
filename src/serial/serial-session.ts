import { DelimiterParser } from '@serialport/parser-delimiter';
import { type Observable, Subject } from 'rxjs';
import { SerialPort } from 'serialport';
import { DelimiterGuard } from './delimiter-guard.js';
import { type FreshPort, freshPort } from './fresh-port.js';
import { openError } from './open-error.js';
import { guardReads } from './read-guard.js';

export interface SerialSessionOptions {
  readonly path: string;
  readonly baudRate: number;
  /** Longest frame between two delimiters; more costs no memory and is counted. */
  readonly maxFrameBytes: number;
  /** Done with the open port before its first byte is read; when it rejects, the port is closed again. */
  readonly prepare?: (port: FreshPort) => Promise<void>;
}

/** One opening of a port, from open to close. A port that is opened again is another session. */
export interface SerialSession {
  /** What stands between two delimiters, never empty. Hot: subscribe before the next turn of the event loop. */
  readonly frames: Observable<Uint8Array>;
  /** False when the bytes were dropped: the session is closed, or too much is unsent. Bytes are never kept for later. */
  write(bytes: Uint8Array): boolean;
  /** The reason, once; never rejects. */
  readonly closed: Promise<string>;
  /** Drops what is unsent and closes. No frame follows. Never waits. */
  close(): void;
  readonly counters: SerialCounters;
  /** Set by whoever opened it: that may have restarted the board. */
  mayHaveReset?: boolean;
}

export interface SerialCounters {
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Bytes dropped because no delimiter came in time. */
  readonly overlongBytes: number;
  /** Calls of `write` whose bytes were dropped. */
  readonly droppedWrites: number;
}

const MAX_UNSENT_BYTES = 4096;

/**
 * Opens a serial port for frames that end with 0x00. Rejects with PORT_UNAVAILABLE.
 * A closed SerialPort parks writes and sends them after its next open, so every session has an object of its own.
 */
export async function openSerialSession(options: SerialSessionOptions): Promise<SerialSession> {
  const { path, baudRate, maxFrameBytes, prepare } = options;
  // hupcl: false only means that it is not switched on; a port is made with it on, and holdLines switches it off (R27).
  const port = new SerialPort({ path, baudRate, hupcl: false, lock: true, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(openError(path, error)) : resolve()));
  });
  let session: OpenSerialSession | null = null;
  guardReads(port, (error) => session?.gone(error));
  try {
    await prepare?.(freshPort(port, path));
  } catch (error) {
    close(port);
    throw error;
  }
  session = new OpenSerialSession(port, maxFrameBytes);
  return session;
}

/** Closing waits for unsent bytes, up to 30 s: throw them away first. What the two say no longer matters to anyone. */
function close(port: SerialPort): void {
  if (!port.isOpen) return;
  port.flush(() => {
    if (port.isOpen) port.close(() => undefined);
  });
}

class OpenSerialSession implements SerialSession {
  readonly closed: Promise<string>;
  readonly #frames = new Subject<Uint8Array>();
  readonly frames = this.#frames.asObservable();
  readonly #guard: DelimiterGuard;
  readonly #port: SerialPort;
  #resolveClosed: (reason: string) => void = () => undefined;
  #ended = false;
  #bytesIn = 0;
  #bytesOut = 0;
  #droppedWrites = 0;

  constructor(port: SerialPort, maxFrameBytes: number) {
    this.#port = port;
    this.#guard = new DelimiterGuard(maxFrameBytes);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    // Object mode on the reading side: two frames of one chunk must not be merged.
    const parser = new DelimiterParser({ delimiter: [0], readableObjectMode: true });
    parser.on('data', (frame: Buffer) => {
      if (frame.length > 0 && !this.#ended) this.#frames.next(frame);
    });
    // A listener and not a pipe: the port must flow whatever happens, or an unplug would go unnoticed.
    port.on('data', (chunk: Buffer) => {
      this.#bytesIn += chunk.length;
      if (!this.#ended) parser.write(this.#guard.pass(chunk));
    });
    port.on('error', (error: Error) => this.#fail(unplugged(error)));
    // May come twice when a write was under way; the first one has the say.
    port.on('close', (error: Error | null | undefined) => this.#end(unplugged(error)));
  }

  get counters(): SerialCounters {
    return {
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      overlongBytes: this.#guard.overlongBytes,
      droppedWrites: this.#droppedWrites,
    };
  }

  write(bytes: Uint8Array): boolean {
    const port = this.#port;
    if (this.#ended || !port.isOpen || port.writableLength + bytes.length > MAX_UNSENT_BYTES) {
      this.#droppedWrites++;
      return false;
    }
    this.#bytesOut += bytes.length;
    port.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    return true;
  }

  close(): void {
    this.#fail('closed by the gateway');
  }

  /** The device is not there any more; the port closes itself, in its time. */
  gone(error: Error): void {
    this.#end(unplugged(error));
  }

  #fail(reason: string): void {
    if (this.#ended) return;
    this.#end(reason);
    close(this.#port);
  }

  #end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#resolveClosed(reason);
    this.#frames.complete();
  }
}

/** What the system calls an unplug (`bad file descriptor`) tells a person nothing by itself. */
function unplugged(error: Error | null | undefined): string {
  return error && error.message !== 'unplugged' ? `unplugged (${error.message})` : 'unplugged';
}
