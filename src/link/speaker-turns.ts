import type { Clock } from '../clock/clock.js';
import type { ReadMessage, Speaker, Taken } from './dialect.js';

/** Calls a speaker that has something to do of its own accord: after whatever happens, and when it has asked for it. */
export class SpeakerTurns {
  #cancel: (() => void) | null = null;
  #nextUs: number | null = null;

  private constructor(
    private readonly take: (atUs: number) => Taken,
    private readonly clock: Clock,
    /** One write of its own for each. */
    private readonly write: (bytes: Uint8Array) => void,
    /** What is said at an alarm. */
    private readonly heard: (messages: readonly ReadMessage[]) => void,
  ) {}

  /** Null: this speaker never wants to be called. */
  static of(
    speaker: Speaker,
    clock: Clock,
    write: (bytes: Uint8Array) => void,
    heard: (messages: readonly ReadMessage[]) => void,
  ): SpeakerTurns | null {
    const take = speaker.take?.bind(speaker);
    return take === undefined ? null : new SpeakerTurns(take, clock, write, heard);
  }

  /** Something has happened: writes what is to be written. @returns what the speaker says */
  next(): readonly ReadMessage[] {
    const { writes, messages, nextUs } = this.take(this.clock.nowUs());
    for (const bytes of writes) this.write(bytes);
    this.#arm(nextUs);
    return messages;
  }

  /** The opening is over: no alarm rings for it. */
  cancel(): void {
    this.#arm(null);
  }

  #arm(nextUs: number | null): void {
    if (nextUs === this.#nextUs) return;
    this.#cancel?.();
    this.#cancel = null;
    this.#nextUs = nextUs;
    if (nextUs === null) return;
    this.#cancel = this.clock.alarm(nextUs, () => {
      this.#cancel = null;
      this.#nextUs = null;
      const messages = this.next();
      if (messages.length > 0) this.heard(messages);
    });
  }
}
