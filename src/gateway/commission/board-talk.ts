import { filter, firstValueFrom, map, merge, type Observable, race } from 'rxjs';
import type { Clock } from '../../clock/clock.js';
import { alarmAfter } from '../../link/alarm-after.js';
import { type BoardLink, createBoardLink } from '../../link/board-link.js';
import type { Dialect } from '../../link/dialect.js';
import type { FrameSession } from '../../link/frame-session.js';
import type { Abilities } from '../../pair/result/board-wire.js';
import type { FromBoard, Hello, ToBoard } from '../../pair/result/messages.js';

const RETRY = { firstUs: 100_000, maxUs: 1_000_000 };
/** HELLO_REQ is sent again so often while nobody answers: a bootloader may be listening instead. */
const ASK_EVERY_US = 250_000;

interface Heard {
  readonly session: number;
  readonly message: FromBoard;
}

/** A conversation with one board outside any pair: for trying out and measuring, never for work. */
export class BoardTalk {
  readonly #link: BoardLink;
  readonly #heard: Observable<Heard>;
  #session = 0;

  constructor(
    readonly board: string,
    private readonly dialect: Dialect,
    openSession: () => Promise<FrameSession>,
    private readonly clock: Clock,
  ) {
    this.#link = createBoardLink({ dialect, board, openSession, clock, retry: RETRY });
    this.#heard = this.#link.events.pipe(
      filter((event) => event.type === 'messageReceived'),
      map(({ session, message }) => ({ session, message })),
    );
    this.#link.start();
  }

  get abilities(): Abilities {
    return this.dialect.wire.abilities;
  }

  get counters(): BoardLink['counters'] {
    return this.#link.counters;
  }

  /** Who it is; null: nobody answered within the time. Asked again and again meanwhile. */
  async hello(
    withinUs: number,
    accepts: (hello: Hello, session: number) => boolean = () => true,
  ): Promise<Hello | null> {
    const untilUs = this.clock.nowUs() + withinUs;
    while (this.clock.nowUs() < untilUs) {
      const asked = this.ask(
        { kind: 'helloRequest' },
        0,
        Math.min(ASK_EVERY_US, untilUs - this.clock.nowUs()),
        (one) => (one.message.kind === 'hello' && accepts(one.message, one.session) ? one.message : null),
      );
      const hello = await asked;
      if (hello !== null) return hello;
    }
    return null;
  }

  /** Begins a session in which nothing of before is kept. False: the board has not confirmed it. */
  async open(hello: Hello, withinUs: number): Promise<boolean> {
    // The session that the board is in stands in the header of its HELLO.
    let was = 0;
    await this.hello(withinUs, (_hello, session) => {
      was = session;
      return true;
    });
    const newSession = (was % this.dialect.wire.sessions) + 1;
    const message: ToBoard = {
      ...{ kind: 'open', newSession, wasSession: was, boot: hello.boot, resume: false, nextSeq: 1 },
    };
    const confirmed = await this.ask(message, 0, withinUs, (one) =>
      one.message.kind === 'hello' && one.session === newSession ? one.message : null,
    );
    this.#session = newSession;
    return confirmed !== null;
  }

  /** Sends, and waits for what `wanted` makes of an answer; null: it did not come in time. */
  async ask<Wanted>(
    message: ToBoard,
    session: number,
    withinUs: number,
    wanted: (heard: Heard) => Wanted | null,
  ): Promise<Wanted | null> {
    const answer = firstValueFrom(
      race(
        this.#heard.pipe(
          map(wanted),
          filter((one) => one !== null),
        ),
        alarmAfter(this.clock, withinUs).pipe(map(() => null)),
      ),
      { defaultValue: null },
    );
    this.say(message, session);
    return await answer;
  }

  /** In the open session. */
  async inSession<Wanted>(
    message: ToBoard,
    withinUs: number,
    wanted: (message: FromBoard) => Wanted | null,
  ): Promise<Wanted | null> {
    return await this.ask(message, this.#session, withinUs, (one) =>
      one.session === this.#session ? wanted(one.message) : null,
    );
  }

  say(message: ToBoard, session = this.#session): void {
    this.#link.send(session, message);
    this.#link.flush();
  }

  /** True when its link is there within the time. */
  async isConnected(withinUs: number): Promise<boolean> {
    if (this.#link.counters.opens > 0) return true;
    const opened = this.#link.events.pipe(
      filter(({ type }) => type === 'linkOpened'),
      map(() => true),
    );
    const late = alarmAfter(this.clock, withinUs).pipe(map(() => false));
    return await firstValueFrom(merge(opened, late), { defaultValue: false });
  }

  close(): void {
    this.#link.close();
  }
}
