import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { connectVirtual } from '../../src/bench/gateway-side/virtual/virtual-host.js';
import type { GatewayProcess } from '../../src/bench/world/gateway-channel.js';
import type { SteppedWorld } from '../../src/bench/world/pace.js';
import { ChannelEnd } from '../../src/bench/world/virtual/channel-end.js';
import { VirtualPace } from '../../src/bench/world/virtual/virtual-pace.js';
import { VirtualClock } from '../../src/bench/world/virtual-clock.js';
import type { BoardConfig } from '../../src/config/config.js';
import { HARNESS } from '../../src/link/harness/harness-dialect.js';
import type { SerialSession } from '../../src/serial/session/serial-session.js';
import { until } from '../until.js';

/** The two sides of the virtual bench's time, joined in one process: a world that only counts, and a gateway's host. */

/** Not by immediates: the gateway's side waits until none is left. */
const turns = async (count: number): Promise<void> => {
  for (let done = 0; done < count; done++) await new Promise<void>((resolve) => setTimeout(resolve, 1));
};

/** The channel between the two, and the gateway's process as the world sees it. */
class Channel extends EventEmitter implements GatewayProcess {
  connected = true;
  readonly gatewayEnd = Object.assign(new EventEmitter(), {
    send: (message: object) => setImmediate(() => this.emit('message', message)),
  });

  send(message: object): void {
    setImmediate(() => this.gatewayEnd.emit('message', message));
  }

  end(): void {
    this.connected = false;
    this.emit('disconnect');
  }
}

const board = { board: 'a' } as BoardConfig;

function bench() {
  const clock = new VirtualClock();
  const ends = [new ChannelEnd('board-a', 0), new ChannelEnd('board-b', 1)] as const;
  // In steps of a tenth of a millisecond, as the world's.
  const world: SteppedWorld = {
    nowUs: () => clock.nowUs(),
    step: (untilUs) => {
      while (clock.nowUs() < untilUs && !pace.mustStop) {
        clock.advanceTo(Math.min(untilUs, clock.nowUs() + 100, Math.max(clock.nowUs(), clock.nextAlarmUs())));
      }
    },
  };
  const pace = new VirtualPace(world, ends);
  const channel = new Channel();
  const rest = { atRest: true, inPhase: false };
  const connect = () => {
    pace.start();
    pace.attach(channel);
    return connectVirtual(channel.gatewayEnd, {
      isThirdCopyAtRest: () => rest.atRest,
      isInPhase: () => rest.inPhase,
    });
  };
  return { clock, ends, pace, channel, rest, connect };
}

describe('the time of the virtual bench', () => {
  test('goes from alarm to alarm of the gateway, each at its own moment, with no look at the wall clock', async () => {
    const { clock, pace, connect } = bench();
    const host = await connect();
    const rung: number[] = [];
    for (const atUs of [600_000_000, 40, 250_000]) host.clock.alarm(atUs, () => rung.push(clock.nowUs()));
    pace.nudge();
    await until(() => rung.length === 3);
    pace.stop();
    expect(rung).toEqual([40, 250_000, 600_000_000]);
    // One for each alarm, and some for the start: none that only looks.
    expect(pace.counters.ticks).toBeLessThanOrEqual(6);
  });

  test('an alarm that is set for the past again and again takes a step of the world each time: time goes on', async () => {
    const { clock, pace, connect } = bench();
    const host = await connect();
    let rings = 0;
    const again = (): void => {
      rings++;
      // As an alarm of the core does: what boards have answered is read first.
      setImmediate(() => host.clock.alarm(100, again));
    };
    host.clock.alarm(100, again);
    pace.nudge();
    await until(() => clock.nowUs() >= 5_000);
    pace.stop();
    // Time goes on while the test waits to look at it.
    expect(rings).toBeGreaterThan(5);
    expect(rings).toBeLessThanOrEqual(clock.nowUs() / 100 + 20);
  });

  test('what a board sends is read at its moment, and what is answered to it goes out at the same one', async () => {
    const { clock, ends, pace, connect } = bench();
    const host = await connect();
    const session: SerialSession = await host.openSession(board, 0, HARNESS);
    const seen: [string, number, number][] = [];
    session.frames.subscribe((frame) => {
      seen.push(['read', frame[0] ?? -1, host.clock.nowUs()]);
      session.write(Uint8Array.of(9, 0));
    });
    ends[0].onData = (bytes) => seen.push(['written', bytes[0] ?? -1, clock.nowUs()]);
    for (const atUs of [700, 123_400]) clock.alarm(atUs, () => ends[0].write(Uint8Array.of(7, 0)));
    await until(() => seen.length === 4);
    pace.stop();
    expect(seen).toEqual([
      ['read', 7, 700],
      ['written', 9, 700],
      ['read', 7, 123_400],
      ['written', 9, 123_400],
    ]);
  });

  test('a port that is pulled closes its session, opens no more, and is there again when it is plugged in', async () => {
    const { clock, ends, pace, connect } = bench();
    const host = await connect();
    const session = await host.openSession(board, 1, HARNESS);
    clock.alarm(500, () => ends[1].unplug());
    expect(await session.closed).toBe('unplugged');
    expect(session.write(Uint8Array.of(1))).toBe(false);
    await expect(host.openSession(board, 1, HARNESS)).rejects.toThrow(/there is no such port/);
    ends[1].plug();
    host.clock.alarm(host.clock.nowUs() + 1_000, () => undefined);
    pace.nudge();
    await until(() => clock.nowUs() >= 1_500);
    await expect(host.openSession(board, 1, HARNESS)).resolves.toBeDefined();
    await expect(host.openSession(board, 1, HARNESS)).rejects.toThrow(/another program has it open/);
    pace.stop();
  });

  test('stands still while a thread of the gateway owes an answer, however long that takes', async () => {
    const { clock, pace, connect } = bench();
    const host = await connect();
    let hasRung = false;
    host.clock.alarm(10_000, () => host.threads?.began());
    host.clock.alarm(20_000, () => {
      hasRung = true;
    });
    pace.nudge();
    await until(() => clock.nowUs() === 10_000);
    await turns(30);
    expect([clock.nowUs(), hasRung]).toEqual([10_000, false]);
    host.threads?.ended(1);
    await until(() => hasRung);
    pace.stop();
  });

  test('R27: stands still while no gateway runs, but for what somebody waits for', async () => {
    const { clock, pace, connect, channel } = bench();
    const host = await connect();
    host.clock.alarm(5_000, () => undefined);
    pace.nudge();
    clock.alarm(1_000_000, () => undefined);
    await until(() => clock.nowUs() >= 5_000);
    pace.detach();
    const goneUs = clock.nowUs();
    await turns(30);
    expect(clock.nowUs()).toBe(goneUs);
    pace.wait(goneUs + 30_000);
    await turns(30);
    expect(clock.nowUs()).toBe(goneUs + 30_000);
    // The next one is there, and has not said yet that it is ready.
    pace.attach(channel);
    pace.wait(goneUs + 60_000);
    await turns(30);
    expect(clock.nowUs()).toBe(goneUs + 30_000);
    pace.stop();
  });

  test('a gateway that ends by itself frees the time: what becomes of its boards is to be seen', async () => {
    const { clock, pace, connect, channel } = bench();
    await connect();
    channel.end();
    await until(() => clock.nowUs() > 1_000_000);
    pace.stop();
    expect(pace.isBound).toBe(false);
  });

  test('is held by whoever does something that takes none of it, and goes on when the last has let go', async () => {
    const { clock, pace, connect } = bench();
    const host = await connect();
    const first = pace.hold();
    const second = pace.hold();
    host.clock.alarm(1_000, () => undefined);
    pace.nudge();
    first();
    first();
    await turns(30);
    const heldUs = clock.nowUs();
    second();
    await until(() => clock.nowUs() > heldUs);
    pace.stop();
    expect(heldUs).toBeLessThan(1_000);
  });

  test('what waits for an alarm from outside runs before time goes on', async () => {
    const { clock, pace, connect } = bench();
    await connect();
    const seenUs = await new Promise<number>((resolve) => {
      clock.alarm(777, () => {
        pace.rang();
        queueMicrotask(() => queueMicrotask(() => resolve(clock.nowUs())));
      });
    });
    pace.stop();
    expect(seenUs).toBe(777);
  });
});
