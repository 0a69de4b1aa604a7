import { type Observable, Subject } from 'rxjs';
import type { Clock } from '../clock/clock.js';
import type { Hello } from '../pair/result/messages.js';
import type { Dialect, ReadMessage, Speaker } from './dialect.js';
import type { FrameSession } from './frame-session.js';
import { noCounts, strayFrames } from './link-counters.js';
import { SpeakerTurns } from './speaker-turns.js';

/** Who a board is, and the session it stands in. */
export interface SelfDescription extends Hello {
  readonly session: number;
}

/** What came of asking a board who it is. */
export type Introduction =
  | { readonly outcome: 'described'; readonly board: SelfDescription }
  /** Its protocol has no such question: it was not asked, and nothing is known of it. */
  | { readonly outcome: 'not-asked' }
  /** It speaks another version of the protocol. */
  | { readonly outcome: 'other-version'; readonly spoken: number; readonly expected: number }
  /** Something came that is no message of the protocol: another program, or another baud rate. */
  | { readonly outcome: 'other-program' }
  | { readonly outcome: 'silent' };

/** Asks a board who it is, in its own protocol, over one opening and outside of any pair. Opens and closes nothing. */
export class Inquiry {
  readonly #heard = new Subject<Introduction>();
  /** Whenever something is learnt; never fails. */
  readonly heard: Observable<Introduction> = this.#heard.asObservable();
  readonly #counts = noCounts();
  readonly #speaker: Speaker;
  /** Null: its speaker says nothing of its own accord. */
  readonly #turns: SpeakerTurns | null;
  #introduction: Introduction = { outcome: 'silent' };

  /** @param clock by which the protocol cuts what has come and waits between its frames, where it does */
  constructor(
    private readonly session: FrameSession,
    private readonly dialect: Dialect,
    private readonly clock: Clock,
  ) {
    this.#speaker = dialect.speakWith({
      board: 'the board that is asked',
      counts: this.#counts,
      note: (note) => {
        if (note.kind === 'wrongProtocol') {
          this.#learn({ outcome: 'other-version', spoken: note.spoken, expected: note.expected });
        }
      },
    });
    if (!this.canAsk) this.#introduction = { outcome: 'not-asked' };
    this.#turns = SpeakerTurns.of(
      this.#speaker,
      clock,
      (bytes) => session.write(bytes),
      (messages) => this.#read(messages),
    );
    session.frames.subscribe({
      next: (bytes) => this.#read([...this.#speaker.push(bytes, clock.nowUs()), ...this.#turnMessages()]),
      complete: () => this.#turns?.cancel(),
    });
  }

  /** What is known so far. */
  get introduction(): Introduction {
    return this.#introduction;
  }

  /** False: `ask` sends nothing, as a question that the protocol has not would be anything to the board. */
  get canAsk(): boolean {
    return this.dialect.wire.abilities.identity;
  }

  ask(): void {
    if (!this.canAsk) return;
    const bytes = this.#speaker.encode(0, { kind: 'helloRequest' }, this.clock.nowUs());
    if (bytes.length > 0) this.session.write(bytes);
    this.#read(this.#turnMessages());
  }

  #turnMessages(): readonly ReadMessage[] {
    return this.#turns?.next() ?? [];
  }

  #read(read: readonly ReadMessage[]): void {
    for (const { session, message } of read) {
      if (message.kind === 'hello') this.#learn({ outcome: 'described', board: { ...message, session } });
    }
    if (this.#introduction.outcome === 'silent' && strayFrames(this.#counts) > 0) {
      this.#learn({ outcome: 'other-program' });
    }
  }

  /** What a board says of itself is not forgotten for noise that comes later. */
  #learn(introduction: Introduction): void {
    if (this.#introduction.outcome === 'described' && introduction.outcome !== 'described') return;
    this.#introduction = introduction;
    this.#heard.next(introduction);
  }
}
