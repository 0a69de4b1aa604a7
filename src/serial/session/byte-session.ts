import { type Observable, Subject } from 'rxjs';
import { SerialPort } from 'serialport';
import type { LineSettings } from '../../values/line-settings.js';
import { openError } from '../ports/open-error.js';
import { DirectPort } from './direct-port.js';
import { type FreshPort, freshPort } from './fresh-port.js';

/** 8N1 where it says no more than the rate. */
export interface ByteSessionOptions extends Pick<LineSettings, 'baudRate'>, Partial<Omit<LineSettings, 'baudRate'>> {
  readonly path: string;
  /** Done with the open port before its first byte is read; when it rejects, the port is closed again. */
  readonly prepare?: (port: FreshPort) => Promise<void>;
}

/** One opening of a port for a protocol that cuts its own messages, from open to close. */
export interface ByteSession {
  /** As they come, in whatever pieces. Hot: subscribe before the next turn of the event loop. */
  readonly bytes: Observable<Uint8Array>;
  /** False when the bytes were dropped: the session is closed, or too much is unsent. Bytes are never kept for later. */
  write(bytes: Uint8Array): boolean;
  /** The reason, once; never rejects. */
  readonly closed: Promise<string>;
  /** Drops what is unsent and closes. Nothing follows. Never waits. */
  close(): void;
}

const MAX_UNSENT_BYTES = 4096;

/**
 * Opens a serial port for plain bytes. Rejects with PORT_UNAVAILABLE.
 * A closed SerialPort parks writes and sends them after its next open, so every session has an object of its own.
 */
export async function openByteSession(options: ByteSessionOptions): Promise<ByteSession> {
  const { path, baudRate, dataBits = 8, parity = 'none', stopBits = 1, prepare } = options;
  const line = { baudRate, dataBits, parity, stopBits };
  // hupcl: false only means that it is not switched on; a port is made with it on, and holdLines switches it off (R27).
  const port = new SerialPort({ path, ...line, hupcl: false, lock: true, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(openError(path, error)) : resolve()));
  });
  try {
    await prepare?.(freshPort(port, path));
  } catch (error) {
    close(port);
    throw error;
  }
  return new OpenByteSession(port);
}

/** Closing waits for unsent bytes, up to 30 s: throw them away first. What the two say no longer matters to anyone. */
function close(port: SerialPort): void {
  if (!port.isOpen) return;
  port.flush(() => {
    if (port.isOpen) port.close(() => undefined);
  });
}

class OpenByteSession implements ByteSession {
  readonly closed: Promise<string>;
  readonly #bytes = new Subject<Uint8Array>();
  readonly bytes = this.#bytes.asObservable();
  #resolveClosed: (reason: string) => void = () => undefined;
  #ended = false;
  /** Null where the system's binding has no descriptor: then the port's own stream reads and writes. */
  readonly #direct: DirectPort | null;

  constructor(private readonly port: SerialPort) {
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    const heard = (bytes: Uint8Array): void => {
      if (!this.#ended) this.#bytes.next(bytes);
    };
    this.#direct = DirectPort.of(port, MAX_UNSENT_BYTES, { heard, gone: (error) => this.#fail(unplugged(error)) });
    // A listener and not a pipe: the port must flow whatever happens, or an unplug would go unnoticed.
    if (this.#direct === null) port.on('data', heard);
    port.on('error', (error: Error) => this.#fail(unplugged(error)));
    // May come twice when a write was under way; the first one has the say.
    port.on('close', (error: Error | null | undefined) => this.#end(unplugged(error)));
  }

  write(bytes: Uint8Array): boolean {
    const { port } = this;
    if (this.#ended) return false;
    if (this.#direct !== null) return this.#direct.write(bytes);
    if (!port.isOpen || port.writableLength + bytes.length > MAX_UNSENT_BYTES) return false;
    port.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    return true;
  }

  close(): void {
    this.#fail('closed by the gateway');
  }

  #fail(reason: string): void {
    if (this.#ended) return;
    this.#end(reason);
    close(this.port);
  }

  #end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#direct?.end();
    this.#resolveClosed(reason);
    this.#bytes.complete();
  }
}

/** What the system calls an unplug (`bad file descriptor`) tells a person nothing by itself. */
function unplugged(error: Error | null | undefined): string {
  return error && error.message !== 'unplugged' ? `unplugged (${error.message})` : 'unplugged';
}
