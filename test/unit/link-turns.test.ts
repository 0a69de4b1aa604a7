import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createBoardLink, type LinkEvent } from '../../src/link/board-link.js';
import type { Dialect, ReadMessage, Taken } from '../../src/link/dialect.js';
import type { FrameSession } from '../../src/link/frame-session.js';
import { HARNESS } from '../../src/link/harness/harness-dialect.js';
import { Inquiry } from '../../src/link/inquiry.js';
import { ManualClock } from './manual-clock.js';

const PAUSE_US = 2_000;
const REST_US = 10_000;

/** Whoever is asked is asked in turn, with a pause between two frames, and says hello by itself when nothing came for a while. */
function inTurns(): Dialect {
  return {
    ...HARNESS,
    cut: 'bytes',
    speakWith: () => {
      let queue: number[] = [];
      let freeAtUs = 0;
      let restsUntilUs: number | null = null;
      const said = (kind: string): ReadMessage => ({
        session: 1,
        message: { kind: 'failed', reason: kind, detail: 0 },
      });
      return {
        encode: (_session, message) => {
          queue.push(message.kind === 'wait' ? message.seq : 0);
          return new Uint8Array(0);
        },
        push: (bytes, atUs) => {
          restsUntilUs = atUs + REST_US;
          return [said(`heard ${bytes.length}`)];
        },
        take: (atUs): Taken => {
          const writes: Uint8Array[] = [];
          const messages: ReadMessage[] = [];
          const [next] = queue;
          if (next !== undefined && atUs >= freeAtUs) {
            writes.push(Uint8Array.of(next, 0, next));
            queue = queue.slice(1);
            freeAtUs = atUs + PAUSE_US;
          }
          if (restsUntilUs !== null && atUs >= restsUntilUs) {
            messages.push(said('silence'));
            restsUntilUs = null;
          }
          const wants = [queue.length > 0 ? freeAtUs : null, restsUntilUs].filter((want) => want !== null);
          return { writes, messages, nextUs: wants.length === 0 ? null : Math.min(...wants) };
        },
        ended: () => {
          queue = [];
          restsUntilUs = null;
        },
      };
    },
  };
}

class Session implements FrameSession {
  readonly frames = new Subject<Uint8Array>();
  readonly written: number[][] = [];
  readonly counters = { overlongBytes: 0 };
  unplug: (reason: string) => void = () => undefined;
  readonly closed = new Promise<string>((resolve) => {
    this.unplug = resolve;
  });

  write(bytes: Uint8Array): boolean {
    this.written.push([...bytes]);
    return true;
  }

  close(): void {
    this.frames.complete();
    this.unplug('closed');
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function opened() {
  const clock = new ManualClock();
  const sessions: Session[] = [];
  const heard: LinkEvent[] = [];
  const link = createBoardLink({
    ...{ board: 'a', dialect: inTurns(), clock, retry: { firstUs: 1000, maxUs: 8000 } },
    openSession: async () => {
      const session = new Session();
      sessions.push(session);
      return session;
    },
  });
  link.events.subscribe((event) => heard.push(event));
  link.start();
  await settle();
  const last = (): Session => {
    const session = sessions.at(-1);
    if (session === undefined) throw new Error('no session');
    return session;
  };
  const said = (): string[] =>
    heard.flatMap((event) =>
      event.type === 'messageReceived' && event.message.kind === 'failed' ? [event.message.reason] : [],
    );
  return { clock, link, last, said, give: (seq: number) => link.send(1, { kind: 'wait', seq }) };
}

describe('a speaker that takes its turns', () => {
  it('each frame is a write of its own, and the next one waits for its time', async () => {
    const { clock, link, last, give } = await opened();
    for (const seq of [1, 2, 3]) give(seq);
    expect(last().written).toEqual([]);
    link.flush();
    expect(last().written).toEqual([[1, 0, 1]]);
    clock.advance(PAUSE_US - 1);
    expect(last().written).toHaveLength(1);
    clock.advance(1);
    expect(last().written).toEqual([
      [1, 0, 1],
      [2, 0, 2],
    ]);
    clock.advance(PAUSE_US);
    expect(last().written).toHaveLength(3);
    expect(link.counters).toMatchObject({ framesOut: 3, droppedWrites: 0 });
    expect(clock.alarms).toBe(0);
  });

  it('what it says at its time is heard like what the board said, and one alarm is armed at a time', async () => {
    const { clock, last, said } = await opened();
    last().frames.next(Uint8Array.of(7, 7));
    last().frames.next(Uint8Array.of(7));
    expect(clock.alarms).toBe(1);
    clock.advance(REST_US);
    expect(said()).toEqual(['heard 2', 'heard 1', 'silence']);
    expect(clock.alarms).toBe(0);
  });

  it('what waited for its turn when the link was lost goes into no other opening, nor does what was given while it was down', async () => {
    const { clock, link, last, give } = await opened();
    const first = last();
    for (const seq of [1, 2]) give(seq);
    link.flush();
    first.unplug('unplugged');
    await settle();
    give(3);
    link.flush();
    clock.advance(8000);
    await settle();
    clock.advance(8000);
    give(4);
    link.flush();
    expect(first.written).toEqual([[1, 0, 1]]);
    expect(last().written).toEqual([[4, 0, 4]]);
    expect(link.counters.droppedWrites).toBe(1);
  });

  it('is called in an inquiry outside of any pair as well', () => {
    const clock = new ManualClock();
    const session = new Session();
    const inquiry = new Inquiry(session, inTurns(), clock);
    inquiry.ask();
    inquiry.ask();
    expect(session.written).toHaveLength(1);
    clock.advance(PAUSE_US);
    expect(session.written).toHaveLength(2);
    inquiry.ask();
    session.frames.next(Uint8Array.of(1));
    session.close();
    expect(clock.alarms).toBe(0);
  });
});
