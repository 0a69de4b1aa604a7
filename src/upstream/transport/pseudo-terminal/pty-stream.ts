import { writeSync } from 'node:fs';
import { Duplex } from 'node:stream';
import { ReadStream } from 'node:tty';
import type { Clock } from '../../../clock/clock.js';
import type { PtyCalls } from '../../../pseudo-terminal/pty-calls.js';
import { isErrno, type PtyPair } from './pty-pair.js';

/** Nothing tells when a pseudo-terminal that was full takes more: it is tried again so long after. */
const FULL_FOR_US = 10_000;

export interface PtyStreamEvents {
  /** The first byte of a client is there. */
  heard(): void;
  /** Nothing is read or written any more: nobody has the device open, or (`isHangUp` false) the stream was given up here. */
  ended(isHangUp: boolean): void;
  /** A client had switched the echo on; it is off again. */
  echoTakenOff(): void;
}

/**
 * What is said at a device between its first opening and the hang-up, as a stream: the kernel holds some kilobytes of what is not read,
 * and then whoever writes there waits. What a client does not read is held back here, and the kernel drops none of it.
 */
export class PtyStream extends Duplex {
  readonly #reader: ReadStream;
  #cancelRetry: (() => void) | null = null;
  #wasHeard = false;
  #hasEnded = false;

  constructor(
    private readonly pair: PtyPair,
    private readonly calls: PtyCalls,
    private readonly clock: Clock,
    private readonly events: PtyStreamEvents,
  ) {
    super({ allowHalfOpen: true });
    // Of a descriptor of its own: Node closes it with a hang-up, and the pair may be opened again by then.
    this.#reader = new ReadStream(calls.duplicate(pair.masterFd));
    this.#reader.on('data', (bytes: Buffer) => this.hear(bytes));
    this.#reader.on('end', () => this.#end(true));
    // A hang-up, as some versions of Node say it; whatever it is, nothing more can be read.
    this.#reader.on('error', () => this.#end(true));
  }

  /** `bytes` were said: those that were taken from the device before there was this stream. */
  hear(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (!this.push(bytes)) this.#reader.pause();
    if (this.#wasHeard) return;
    this.#wasHeard = true;
    this.events.heard();
  }

  override _read(): void {
    this.#reader.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    // What nobody can read any more must not wait for the next client.
    if (this.#hasEnded) return done();
    try {
      if (this.calls.takeEchoOff(this.pair.masterFd)) this.events.echoTakenOff();
      const written = writeSync(this.pair.masterFd, chunk);
      if (written < chunk.length) this.#writeLater(chunk.subarray(written), done);
      else done();
    } catch (error) {
      if (isErrno(error, 'EAGAIN')) this.#writeLater(chunk, done);
      else done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#cancelRetry?.();
    this.#reader.destroy();
    this.#end(false);
    done(error);
  }

  #writeLater(rest: Buffer, done: (error?: Error | null) => void): void {
    this.#cancelRetry = this.clock.alarm(this.clock.nowUs() + FULL_FOR_US, () => this._write(rest, 'utf8', done));
  }

  /** Once: what was said before is taken all the same. */
  #end(isHangUp: boolean): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (isHangUp) this.push(null);
    this.events.ended(isHangUp);
  }
}
