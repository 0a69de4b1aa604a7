import { Duplex } from 'node:stream';
import type { Observable } from 'rxjs';
import type { Clock } from '../../../clock/clock.js';

/** One opening of a serial port, from open to close. */
export interface OpenPort {
  /** As they come, in whatever pieces. Hot: subscribe before the next turn of the event loop. */
  readonly bytes: Observable<Uint8Array>;
  /** False when the bytes were dropped: it is closed, or too much is unsent. Each call is one write. */
  write(bytes: Uint8Array): boolean;
  /** The reason, once; never rejects. */
  readonly closed: Promise<string>;
  close(): void;
}

/** Nobody can be held back over three wires: of what is not taken in time so much is kept, and the rest is dropped and counted. */
const MAX_UNREAD_BYTES = 65_536;
/** A port sends some kilobytes a second at least; a longer message goes in pieces, a Modbus frame never does. */
const PIECE_BYTES = 1024;
const FULL_FOR_US = 10_000;

/** What is said over a serial port while it is open. */
export class SerialStream extends Duplex {
  droppedBytes = 0;
  #cancelRetry: (() => void) | null = null;
  #isClosed = false;

  constructor(
    private readonly port: OpenPort,
    private readonly clock: Clock,
  ) {
    super();
    port.bytes.subscribe((bytes) => {
      if (this.readableLength + bytes.length > MAX_UNREAD_BYTES) this.droppedBytes += bytes.length;
      else this.push(bytes);
    });
    // Unplugged: whatever is owed, there is nobody to take it.
    void port.closed.then(() => {
      this.#isClosed = true;
      this.destroy();
    });
  }

  override _read(): void {
    // What comes is pushed.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const piece = chunk.subarray(0, PIECE_BYTES);
    if (this.#isClosed) return done();
    const rest = this.port.write(piece) ? chunk.subarray(piece.length) : chunk;
    if (rest.length === 0) return done();
    const again = (): void => this._write(rest, 'utf8', done);
    if (rest.length < chunk.length) return again();
    this.#cancelRetry = this.clock.alarm(this.clock.nowUs() + FULL_FOR_US, again);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#cancelRetry?.();
    this.port.close();
    done(error);
  }
}
