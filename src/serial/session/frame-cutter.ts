import { DelimiterParser } from '@serialport/parser-delimiter';
import { Subject } from 'rxjs';
import { FRAME_DELIMITER } from '../../values/cut.js';
import { DelimiterGuard } from './delimiter-guard.js';

/** Cuts a board's bytes at their delimiter. Of what comes without one, a frame's length is held and the rest is counted. */
export class FrameCutter {
  readonly #frames = new Subject<Uint8Array>();
  /** What stands between two delimiters, never empty. Hot: subscribe before the next turn of the event loop. */
  readonly frames = this.#frames.asObservable();
  readonly #parser: DelimiterParser;
  readonly #guard: DelimiterGuard;

  /** @param delimiter at least one byte */
  constructor(maxFrameBytes: number, delimiter: Uint8Array = FRAME_DELIMITER) {
    // Object mode on the reading side: two frames of one chunk must not be merged.
    this.#parser = new DelimiterParser({ delimiter: [...delimiter], readableObjectMode: true });
    this.#guard = new DelimiterGuard(maxFrameBytes, delimiter);
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
