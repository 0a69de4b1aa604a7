import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { connectRealTime } from '../../src/bench/gateway-side/real-time-host.js';

/** The world's end of the channel, as a test has it. */
class FakeWorld extends EventEmitter {
  acks = 0;

  send(message: object): void {
    if ('ready' in message) setImmediate(() => this.tick(1_000));
    if (!('ack' in message)) return;
    this.acks++;
    this.emit('acknowledged');
  }

  tick(t: number): void {
    this.emit('message', { t, sent: [0, 0] });
  }
}

describe('a gateway at the pace of the wall clock', () => {
  it('acknowledges no time while a thread of its ledger owes an answer, and then does', async () => {
    const world = new FakeWorld();
    const host = await connectRealTime(world, { isThirdCopyAtRest: () => true, isInPhase: () => false });
    const acksBefore = world.acks;
    host.threads.began();
    world.tick(2_000);
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(world.acks).toBe(acksBefore);
    const acknowledged = once(world, 'acknowledged');
    host.threads.ended(1);
    await acknowledged;
    expect(host.clock.nowUs()).toBe(2_000);
  });
});
