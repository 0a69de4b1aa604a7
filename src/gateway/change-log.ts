import type { Clock } from '../clock/clock.js';

/** Within this time one line for each subject, and what has become of it in the end. */
const QUIET_US = 10_000_000;

type Say = (changes: number) => void;

interface Subject {
  /** What is known of it. */
  key: string;
  /** What was not said yet, and how many changes it stands for. */
  unsaid: Say | null;
  changes: number;
  cancel: (() => void) | null;
}

/**
 * Lets changes through to the log: each once, and of a subject that goes to and fro no more than one line in ten seconds,
 * which tells how it stands in the end and how many changes it stands for.
 */
export class ChangeLog {
  readonly #subjects = new Map<string, Subject>();

  constructor(private readonly clock: Clock) {}

  /** `say` is called with the number of changes that its line stands for. */
  changed(name: string, key: string, say: Say): void {
    let subject = this.#subjects.get(name);
    if (subject === undefined) {
      subject = { key: '', unsaid: null, changes: 0, cancel: null };
      this.#subjects.set(name, subject);
    }
    if (subject.key === key) return;
    subject.key = key;
    subject.unsaid = say;
    subject.changes++;
    if (subject.cancel === null) this.#say(subject);
  }

  /** Says no more. */
  close(): void {
    for (const subject of this.#subjects.values()) subject.cancel?.();
  }

  #say(subject: Subject): void {
    const { unsaid, changes } = subject;
    subject.cancel = null;
    if (unsaid === null) return;
    subject.unsaid = null;
    subject.changes = 0;
    subject.cancel = this.clock.alarm(this.clock.nowUs() + QUIET_US, () => this.#say(subject));
    unsaid(changes);
  }
}
