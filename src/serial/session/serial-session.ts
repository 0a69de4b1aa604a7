import { type Observable, Subject } from 'rxjs';
import { type Cut, delimiterOf } from '../../values/cut.js';
import { type ByteSession, type ByteSessionOptions, openByteSession } from './byte-session.js';
import { FrameCutter } from './frame-cutter.js';

export interface SerialSessionOptions extends ByteSessionOptions {
  /** Longest frame between two delimiters; more costs no memory and is counted. Nothing where `cut` is `bytes`. */
  readonly maxFrameBytes: number;
  /** Default: at 0x00. */
  readonly cut?: Cut;
}

/** One opening of a port, from open to close. A port that is opened again is another session. */
export interface SerialSession {
  /** What stands between two delimiters, or the bytes as they come; never empty. Hot: subscribe before the next turn of the event loop. */
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

/** Opens a serial port for what `cut` makes of its bytes. Rejects with PORT_UNAVAILABLE. */
export async function openSerialSession({ maxFrameBytes, cut, ...port }: SerialSessionOptions): Promise<SerialSession> {
  return framesOf(await openByteSession(port), maxFrameBytes, cut);
}

/** The frames in a session's bytes, whatever carries them. */
export function framesOf(session: ByteSession, maxFrameBytes: number, cut: Cut = 'frames'): SerialSession {
  return new OpenSerialSession(session, maxFrameBytes, cut);
}

class OpenSerialSession implements SerialSession {
  mayHaveReset = false;
  readonly frames: Observable<Uint8Array>;
  /** Null: nothing is cut. */
  readonly #cutter: FrameCutter | null;
  #bytesIn = 0;
  #bytesOut = 0;
  #droppedWrites = 0;

  constructor(
    private readonly session: ByteSession,
    maxFrameBytes: number,
    cut: Cut,
  ) {
    const delimiter = delimiterOf(cut);
    const uncut = new Subject<Uint8Array>();
    const cutter = delimiter === null ? null : new FrameCutter(maxFrameBytes, delimiter);
    this.#cutter = cutter;
    this.frames = cutter === null ? uncut.asObservable() : cutter.frames;
    session.bytes.subscribe({
      next: (chunk) => {
        this.#bytesIn += chunk.length;
        if (cutter === null) uncut.next(chunk);
        else cutter.push(chunk);
      },
      complete: () => (cutter === null ? uncut.complete() : cutter.end()),
    });
  }

  get closed(): Promise<string> {
    return this.session.closed;
  }

  get counters(): SerialCounters {
    return {
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      overlongBytes: this.#cutter?.overlongBytes ?? 0,
      droppedWrites: this.#droppedWrites,
    };
  }

  write(bytes: Uint8Array): boolean {
    const isTaken = this.session.write(bytes);
    if (isTaken) this.#bytesOut += bytes.length;
    else this.#droppedWrites++;
    return isTaken;
  }

  close(): void {
    this.session.close();
  }
}
