import type { Clock } from '../../clock/clock.js';
import { PortError } from '../ports/port-error.js';
import type { SerialSession } from './serial-session.js';

/** A healthy port opens within milliseconds; the kernel may keep one that is being closed for 30 s. */
const LIMIT_US = 10_000_000;

interface Opening {
  readonly session: Promise<SerialSession>;
  /** Who still waits for it: 0 or 1, or 2 for a moment. */
  waiting: number;
}

/**
 * Opens ports in bounded time. An opening that the kernel holds up keeps a thread of the process for itself: there is never
 * a second one for the same port, and who asks again waits for the first.
 */
export class BoundedOpener {
  readonly #underWay = new Map<string, Opening>();

  constructor(private readonly clock: Clock) {}

  /** Rejects with what `start` rejects with, and with `does-not-open` when it takes too long. */
  async open(path: string, start: () => Promise<SerialSession>): Promise<SerialSession> {
    const opening = this.#underWay.get(path) ?? this.#begin(path, start);
    opening.waiting++;
    let cancel: () => void = () => undefined;
    const tooLate = new Promise<never>((_, reject) => {
      cancel = this.clock.alarm(this.clock.nowUs() + LIMIT_US, () => {
        // At once, or a session that comes now would be nobody's.
        opening.waiting--;
        reject(
          new PortError('does-not-open', `${path} does not open: the system has not answered for 10 s`, {
            value: path,
            expected: 'pull the plug of the board, wait a second, plug it in again',
          }),
        );
      });
    });
    try {
      return await Promise.race([opening.session, tooLate]);
    } finally {
      cancel();
    }
  }

  #begin(path: string, start: () => Promise<SerialSession>): Opening {
    const opening: Opening = { session: start(), waiting: 0 };
    this.#underWay.set(path, opening);
    opening.session.then(
      (session) => {
        this.#underWay.delete(path);
        if (opening.waiting === 0) session.close(); // nobody waits for it any more
      },
      () => this.#underWay.delete(path), // whoever waits for it hears it
    );
    return opening;
  }
}
