import {
  defer,
  finalize,
  from,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  repeat,
  Subject,
  type Subscription,
  switchMap,
  takeWhile,
} from 'rxjs';
import type { Clock } from '../clock/clock.js';
import type { BoardId, ToBoard } from '../pair/result/messages.js';
import type { PairEvent } from '../pair/state/events.js';
import { alarmAfter } from './alarm-after.js';
import { Backoff, type RetryTimes } from './backoff.js';
import type { Dialect, ReadMessage, Speaker } from './dialect.js';
import type { FrameSession } from './frame-session.js';
import { type LinkCounters, noCounts } from './link-counters.js';
import type { LinkNote } from './link-notes.js';
import { SpeakerTurns } from './speaker-turns.js';

export interface BoardLinkOptions {
  readonly board: BoardId;
  readonly dialect: Dialect;
  /** Opens the byte stream to the board; rejects when it cannot. Asked again and again, for ever. */
  readonly openSession: () => Promise<FrameSession>;
  readonly clock: Clock;
  readonly retry: RetryTimes;
}

export type LinkEvent = Extract<PairEvent, { type: 'linkOpened' | 'linkLost' | 'messageReceived' }>;

/** The way to one board: opens, reopens, translates. Decides nothing. */
export interface BoardLink {
  readonly board: BoardId;
  /** For the core. `session` of a message is what its frame says: the core drops those of an old one. */
  readonly events: Observable<LinkEvent>;
  /** For the log and for state transfer. */
  readonly others: Observable<LinkNote>;
  readonly counters: LinkCounters;
  /** Goes out with the next `flush`, in order. Throws RangeError when the message does not fit. */
  send(session: number, message: ToBoard): void;
  /** Everything sent since the last one, in one write; dropped and counted while the link is down or its port full. */
  flush(): void;
  /** Drops this opening and begins another. */
  reopen(): void;
  /** Opens, and opens again whenever it was lost, until it is released or closed. */
  start(): void;
  /** Leaves the port to somebody else until the next `start`. What had been open is told as lost. */
  release(): void;
  /** Ends for good. */
  close(): void;
}

export function createBoardLink(options: BoardLinkOptions): BoardLink {
  return new ReopeningLink(options);
}

class ReopeningLink implements BoardLink {
  readonly board: BoardId;
  readonly #events = new Subject<LinkEvent>();
  readonly events = this.#events.asObservable();
  readonly #others = new Subject<LinkNote>();
  readonly others = this.#others.asObservable();
  readonly #counts = noCounts();
  readonly #speaker: Speaker;
  /** Null: its speaker says nothing of its own accord. */
  readonly #turns: SpeakerTurns | null;
  readonly #backoff: Backoff;
  readonly #reopen = new Subject<string>();
  /** Frames since the last flush: those of a few steps of the core, which gives a board no more than its window. */
  readonly #unsent: Uint8Array[] = [];
  #session: FrameSession | null = null;
  #subscription: Subscription | null = null;
  #closed = false;
  /** Grows with every release: an opening that was under way then is not for us any more. */
  #releases = 0;
  #lastOpenFailure: string | null = null;

  constructor(private readonly options: BoardLinkOptions) {
    this.board = options.board;
    const { board, dialect, clock } = options;
    this.#speaker = dialect.speakWith({ board, counts: this.#counts, note: (note) => this.#others.next(note) });
    this.#turns = SpeakerTurns.of(
      this.#speaker,
      clock,
      (bytes) => this.#write(bytes, 1),
      (messages) => this.#say(messages),
    );
    this.#backoff = new Backoff(options.retry);
  }

  get counters(): LinkCounters {
    const overlongBytes = this.#counts.overlongBytes + (this.#session?.counters.overlongBytes ?? 0);
    return { ...this.#counts, overlongBytes };
  }

  start(): void {
    if (this.#subscription !== null || this.#closed) return;
    this.#subscription = defer(() => this.#open())
      .pipe(
        switchMap((session) => (session === null ? [] : this.#live(session))),
        repeat({ delay: () => alarmAfter(this.options.clock, this.#backoff.nextUs()) }),
      )
      .subscribe({
        next: (event) => this.#events.next(event),
        // Nothing in the pipe throws for the world's faults: what comes here is our own mistake, and the gateway's to report.
        error: (error: unknown) => this.#events.error(error),
      });
  }

  send(session: number, message: ToBoard): void {
    if (this.#turns === null) {
      this.#unsent.push(this.#speaker.encode(session, message, 0));
      return;
    }
    // What it keeps for later would go into another opening.
    if (this.#session === null) {
      this.#counts.droppedWrites++;
      return;
    }
    const bytes = this.#speaker.encode(session, message, this.options.clock.nowUs());
    if (bytes.length > 0) this.#unsent.push(bytes);
  }

  flush(): void {
    const frames = this.#unsent.splice(0);
    if (frames.length > 0) this.#write(joined(frames), frames.length);
    if (this.#turns !== null && this.#session !== null) this.#say(this.#turns.next());
  }

  #write(bytes: Uint8Array, frames: number): void {
    if (this.#session?.write(bytes) === true) this.#counts.framesOut += frames;
    else this.#counts.droppedWrites += frames;
  }

  #say(messages: readonly ReadMessage[]): void {
    if (messages.length > 0) this.#backoff.reset();
    for (const message of messages) this.#events.next({ type: 'messageReceived', board: this.board, ...message });
  }

  reopen(): void {
    this.flush(); // what was sent before belongs to this opening
    this.#backoff.reset();
    this.#reopen.next('reopened by the gateway');
  }

  release(): void {
    const { board } = this;
    const wasOpen = this.#session !== null;
    this.flush();
    this.#releases++;
    this.#subscription?.unsubscribe();
    this.#subscription = null;
    this.#backoff.reset();
    if (wasOpen) this.#events.next({ type: 'linkLost', board, reason: 'released by the gateway' });
  }

  close(): void {
    this.#closed = true;
    this.#subscription?.unsubscribe();
    this.#events.complete();
    this.#others.complete();
  }

  async #open(): Promise<FrameSession | null> {
    const releases = this.#releases;
    this.#counts.openAttempts++;
    try {
      const session = await this.options.openSession();
      this.#lastOpenFailure = null;
      if (!this.#closed && releases === this.#releases) return session;
      session.close();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== this.#lastOpenFailure && !this.#closed) {
        this.#others.next({ board: this.board, kind: 'openFailed', reason });
      }
      this.#lastOpenFailure = reason;
    }
    return null;
  }

  /** One opening, from `linkOpened` to `linkLost`. Its bytes count only while it is subscribed to. */
  #live(session: FrameSession): Observable<LinkEvent> {
    const { board } = this;
    this.#counts.opens++;
    this.#session = session;
    const received = session.frames.pipe(
      mergeMap((bytes): LinkEvent[] => {
        const pushed = this.#speaker.push(bytes, this.options.clock.nowUs());
        const read = this.#turns === null ? pushed : [...pushed, ...this.#turns.next()];
        if (read.length > 0) this.#backoff.reset();
        return read.map((message) => ({ type: 'messageReceived', board, ...message }));
      }),
    );
    const end = (): void => {
      if (this.#session !== session) return;
      this.#turns?.cancel();
      this.#speaker.ended();
      this.#counts.overlongBytes += session.counters.overlongBytes;
      this.#session = null;
      session.close();
    };
    const lost = merge(from(session.closed), this.#reopen).pipe(
      map((reason): LinkEvent => {
        end(); // before it is said: nothing that is sent in answer may go into this opening
        return { type: 'linkLost', board, reason };
      }),
    );
    // `linkOpened` last: whoever hears it may send at once and must find everything else in place.
    return merge(
      received,
      lost,
      of<LinkEvent>({ type: 'linkOpened', board, ...(session.mayHaveReset === true ? { resets: true } : {}) }),
    ).pipe(
      takeWhile((event) => event.type !== 'linkLost', true),
      finalize(end),
    );
  }
}

function joined(frames: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, 0));
  let end = 0;
  for (const frame of frames) {
    bytes.set(frame, end);
    end += frame.length;
  }
  return bytes;
}
