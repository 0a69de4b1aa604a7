import type { Clock } from '../../clock/clock.js';

/** In this time so many lines for each subject: who pulls a plug and puts it back wants to read all of it at once. */
const WINDOW_US = 10_000_000;
const LINES = 3;

type Say = (changes: number) => void;

interface Subject {
  /** What is known of it. */
  key: string;
  /** What was not said yet, and how many changes it stands for. */
  unsaid: Say | null;
  changes: number;
  /** Lines of the window that is open; its end; null: none is open. */
  lines: number;
  cancelEnd: (() => void) | null;
}

/**
 * Lets changes through to the log: each once, and of a subject that goes to and fro no more than three lines in ten
 * seconds; after them one tells how it stands in the end and how many changes that stands for.
 */
export class ChangeLog {
  readonly #subjects = new Map<string, Subject>();

  constructor(private readonly clock: Clock) {}

  /** `say` is called with the number of changes that its line stands for. */
  changed(name: string, key: string, say: Say): void {
    let subject = this.#subjects.get(name);
    if (subject === undefined) {
      subject = { key: '', unsaid: null, changes: 0, lines: 0, cancelEnd: null };
      this.#subjects.set(name, subject);
    }
    if (subject.key === key) return;
    subject.key = key;
    subject.unsaid = say;
    subject.changes++;
    if (subject.lines < LINES) this.#say(subject);
  }

  /** Says no more. */
  close(): void {
    for (const subject of this.#subjects.values()) subject.cancelEnd?.();
  }

  #say(subject: Subject): void {
    const { unsaid, changes } = subject;
    if (unsaid === null) return;
    subject.unsaid = null;
    subject.changes = 0;
    subject.lines++;
    subject.cancelEnd ??= this.clock.alarm(this.clock.nowUs() + WINDOW_US, () => {
      subject.cancelEnd = null;
      // What goes to and fro goes on doing so: one line a window, until it keeps still for one.
      subject.lines = subject.unsaid === null ? 0 : LINES - 1;
      this.#say(subject);
    });
    unsaid(changes);
  }
}
