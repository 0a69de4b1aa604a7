import { constants, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { loadPtyCalls } from '../../src/pseudo-terminal/pty-calls.js';
import { holdTerminal } from './held-terminals.js';

const calls = await loadPtyCalls();

/** Both ends of a pseudo-terminal: a gateway opens `path`, the test is the board. */
export class PseudoTerminal {
  readonly path: string;
  readonly received: number[] = [];
  /** Told of what comes, besides `received`. */
  onData: (bytes: Uint8Array) => void = () => undefined;
  readonly #master: number;
  readonly #stream: ReadStream;
  #unplugged = false;

  constructor() {
    // Not blocking: a full terminal must not stop the test, which is also the reader.
    this.#master = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    this.path = calls.unlock(this.#master);
    // Kept open, or the terminal is gone as soon as nobody has it open; and then, or its number is soon somebody else's.
    calls.makeRaw(holdTerminal(this.path));
    this.#stream = new ReadStream(this.#master);
    this.#stream.on('error', () => undefined); // EIO when the other end goes is what unplugging looks like
    this.#stream.on('data', (chunk: Buffer) => {
      this.received.push(...chunk);
      this.onData(chunk);
    });
  }

  /** How many of the bytes the terminal took; the rest are not sent. */
  send(bytes: Uint8Array): number {
    try {
      return writeSync(this.#master, bytes);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0;
      throw error;
    }
  }

  /** The board stops reading, as a UART whose interrupt hangs. */
  stopReading(): void {
    this.#stream.pause();
  }

  startReading(): void {
    this.#stream.resume();
  }

  unplug(): void {
    if (this.#unplugged) return;
    this.#unplugged = true;
    this.#stream.destroy();
  }
}
