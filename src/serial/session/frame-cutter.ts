import { DelimiterParser } from '@serialport/parser-delimiter';
import { Subject } from 'rxjs';
import { DelimiterGuard } from './delimiter-guard.js';

/** Cuts a board's bytes at 0x00. Of what comes without one, a frame's length is held and the rest is counted. */
export class FrameCutter {
  readonly #frames = new Subject<Uint8Array>();
  /** What stands between two delimiters, never empty. Hot: subscribe before the next turn of the event loop. */
  readonly frames = this.#frames.asObservable();
  // Object mode on the reading side: two frames of one chunk must not be merged.
  readonly #parser = new DelimiterParser({ delimiter: [0], readableObjectMode: true });
  readonly #guard: DelimiterGuard;

  constructor(maxFrameBytes: number) {
    this.#guard = new DelimiterGuard(maxFrameBytes);
    this.#parser.on('data', (frame: Buffer) => {
      if (frame.length > 0) this.#frames.next(frame);
    });
  }

  /** Bytes dropped because no delimiter came in time. */
  get overlongBytes(): number {
    return this.#guard.overlongBytes;
  }

  push(chunk: Uint8Array): void {
    this.#parser.write(this.#guard.pass(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)));
  }

  /** No frame follows. */
  end(): void {
    this.#frames.complete();
  }
}
