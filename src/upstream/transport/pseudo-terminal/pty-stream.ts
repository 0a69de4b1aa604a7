import { writeSync } from 'node:fs';
import type { OnReadOpts } from 'node:net';
import { Duplex } from 'node:stream';
import { ReadStream } from 'node:tty';
import type { Clock } from '../../../clock/clock.js';
import type { PtyCalls } from '../../../pseudo-terminal/pty-calls.js';
import { isErrno, type PtyPair } from './pty-pair.js';

/** Nothing tells when a pseudo-terminal that was full takes more: it is tried again so long after. */
const FULL_FOR_US = 10_000;
/** While nothing is read nothing tells of a hang-up: it is looked for so often. */
const LOOK_EVERY_US = 10_000;
/** The longest frame of Modbus RTU: read at once, and held ahead of whoever takes it. The rest waits in the kernel. */
const AHEAD_BYTES = 256;

export interface PtyStreamOptions {
  readonly pair: PtyPair;
  readonly calls: PtyCalls;
  readonly clock: Clock;
  /** What a client has said before its hang-up is still to be heard; or else what was not heard by then never is. */
  readonly keepsLastWords: boolean;
  readonly events: PtyStreamEvents;
}

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
  #cancelLook: (() => void) | null = null;
  #wasHeard = false;
  #hasEnded = false;

  constructor(private readonly options: PtyStreamOptions) {
    super({ allowHalfOpen: true, readableHighWaterMark: AHEAD_BYTES });
    const { calls, pair } = options;
    // Of a descriptor of its own: Node closes it with a hang-up, and the pair may be opened again by then.
    const onread: OnReadOpts = {
      buffer: new Uint8Array(AHEAD_BYTES),
      callback: (count, buffer) => this.#hear(buffer.slice(0, count)),
    };
    // As any socket takes it; its types leave it out for terminals.
    const reading = { onread, allowHalfOpen: false };
    this.#reader = new ReadStream(calls.duplicate(pair.masterFd), reading);
    this.#reader.on('end', () => this.#hungUp());
    // A hang-up, as some versions of Node say it; whatever it is, nothing more can be read.
    this.#reader.on('error', () => this.#hungUp());
    this.#reader.resume();
  }

  override _read(): void {
    this.#cancelLook?.();
    this.#cancelLook = null;
    this.#reader.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const { calls, pair, events } = this.options;
    // What nobody can read any more must not wait for the next client.
    if (this.#hasEnded) return done();
    try {
      if (calls.takeEchoOff(pair.masterFd)) events.echoTakenOff();
      const written = writeSync(pair.masterFd, chunk);
      if (written < chunk.length) this.#writeLater(chunk.subarray(written), done);
      else done();
    } catch (error) {
      if (isErrno(error, 'EAGAIN')) this.#writeLater(chunk, done);
      else done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#cancelRetry?.();
    this.#end(false);
    done(error);
  }

  /** False: nothing more is to be read for now. */
  #hear(bytes: Uint8Array): boolean {
    const isWanted = this.push(bytes);
    if (!isWanted) this.#lookLater();
    if (!this.#wasHeard) {
      this.#wasHeard = true;
      this.options.events.heard();
    }
    return isWanted;
  }

  #lookLater(): void {
    const { clock } = this.options;
    this.#cancelLook ??= clock.alarm(clock.nowUs() + LOOK_EVERY_US, () => {
      this.#cancelLook = null;
      this.#look();
    });
  }

  /** R6: a client that is not read must not be served on when it has gone, nor the next one taken for it. */
  #look(): void {
    const { calls, pair, keepsLastWords } = this.options;
    if (this.#hasEnded) return;
    if (!calls.look(pair.masterFd).isHungUp) return this.#lookLater();
    const { said, isOpenAgain } = pair.takeUnread();
    if (keepsLastWords && said.length > 0) this.push(said);
    // Two at once are one, as at a port: who has come just now cannot be told from who was there.
    if (keepsLastWords && isOpenAgain) this.#lookLater();
    else this.#hungUp();
  }

  #hungUp(): void {
    if (this.#hasEnded) return;
    if (this.options.keepsLastWords) this.push(null);
    // What was read is on its way to whoever takes it; what they do not take now is left out.
    else setImmediate(() => this.destroy());
    this.#end(true);
  }

  #writeLater(rest: Buffer, done: (error?: Error | null) => void): void {
    const { clock } = this.options;
    this.#cancelRetry = clock.alarm(clock.nowUs() + FULL_FOR_US, () => this._write(rest, 'utf8', done));
  }

  /** Once. */
  #end(isHangUp: boolean): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#cancelLook?.();
    this.#reader.destroy();
    this.options.events.ended(isHangUp);
  }
}
