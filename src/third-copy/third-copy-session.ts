import { Worker } from 'node:worker_threads';
import type { Observable } from 'rxjs';
import { CopycatError } from '../errors/copycat-error.js';
import type { FrameSession } from '../link/frame-session.js';
import { HARNESS } from '../link/harness/harness-dialect.js';
import { FrameCutter } from '../serial/session/frame-cutter.js';
import type { FromThirdCopy, RanReport, ThirdCopyStart } from './third-copy-messages.js';

/** What has not been taken by the board's thread yet; beyond it, writes are dropped as a full port drops them. */
const MAX_UNTAKEN_BYTES = 4096;

export type ThirdCopyOptions = ThirdCopyStart;

/** One life of a third copy, from its power-on to the end of its thread: a byte stream like a board's port. */
export interface ThirdCopySession extends FrameSession {
  /** It has answered what it was given, as far as it will, and stands still. */
  readonly isAtRest: boolean;
  readonly counters: ThirdCopyCounters;
  /** Takes effect at once; a close by somebody who does not know that there is a thread. */
  close(): void;
}

export interface ThirdCopyCounters {
  readonly overlongBytes: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly droppedWrites: number;
  /** How much of its own time has passed, in microseconds: it stands still between two inputs. */
  readonly boardUs: number;
  /** How often it has started: 1, and one more for each restart of its own. */
  readonly starts: number;
}

/**
 * Starts a third copy: the image on an emulated board in a thread of its own, so that the gateway's event loop never
 * waits for it. Rejects with EMULATOR_FAILED for an image that is none.
 */
export async function openThirdCopy(options: ThirdCopyOptions): Promise<ThirdCopySession> {
  const worker = new Worker(new URL('./third-copy-worker.js', import.meta.url), { workerData: options });
  const first = await new Promise<FromThirdCopy>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () =>
      reject(new CopycatError('EMULATOR_FAILED', 'the third copy ended before it had started')),
    );
  });
  if (first.type === 'started') return new OpenThirdCopy(worker);
  await worker.terminate();
  throw new CopycatError('EMULATOR_FAILED', 'message' in first ? first.message : 'the third copy did not start');
}

class OpenThirdCopy implements ThirdCopySession {
  readonly closed: Promise<string>;
  readonly #worker: Worker;
  readonly #cutter = new FrameCutter(HARNESS.maxFrameBytes);
  #resolveClosed: (reason: string) => void = () => undefined;
  #hasEnded = false;
  #givenBytes = 0;
  #sentBytes = 0;
  #droppedWrites = 0;
  #last: RanReport | null = null;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    worker.on('message', (message: FromThirdCopy) => this.#hear(message));
    worker.on('error', (error) => this.#end(`the third copy failed: ${error.message}`));
    worker.on('exit', () => this.#end('the third copy ended'));
  }

  get frames(): Observable<Uint8Array> {
    return this.#cutter.frames;
  }

  get isAtRest(): boolean {
    if (this.#hasEnded) return true;
    return this.#last?.isAtRest === true && this.#last.takenBytes === this.#givenBytes;
  }

  get counters(): ThirdCopyCounters {
    return {
      overlongBytes: this.#cutter.overlongBytes,
      bytesIn: this.#sentBytes,
      bytesOut: this.#givenBytes,
      droppedWrites: this.#droppedWrites,
      boardUs: this.#last?.boardUs ?? 0,
      starts: this.#last?.starts ?? 0,
    };
  }

  write(bytes: Uint8Array): boolean {
    const untakenBytes = this.#givenBytes - (this.#last?.takenBytes ?? 0);
    if (this.#hasEnded || untakenBytes + bytes.length > MAX_UNTAKEN_BYTES) {
      this.#droppedWrites++;
      return false;
    }
    this.#givenBytes += bytes.length;
    this.#worker.postMessage(bytes);
    return true;
  }

  close(): void {
    this.#end('closed by the gateway');
  }

  #hear(message: FromThirdCopy): void {
    if (this.#hasEnded) return;
    if (message.type === 'ran') {
      this.#last = message;
      this.#sentBytes += message.sent.length;
      this.#cutter.push(message.sent);
    } else if (message.type === 'gaveUp') {
      this.#end(message.message);
    }
  }

  #end(reason: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#resolveClosed(reason);
    this.#cutter.end();
    // A thread that is over already has nothing to say about it; one that cannot be ended is our own mistake.
    void this.#worker.terminate();
  }
}
