import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { openByteSession } from '../../src/serial/session/byte-session.js';
import { SerialTransport } from '../../src/upstream/transport/serial/serial-transport.js';
import { ManualClock } from '../unit/manual-clock.js';
import { until } from '../until.js';
import { PseudoTerminal } from './pseudo-terminal.js';

const toClose: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

/** A port with a cable to somebody: `master` is the other end of it. */
async function served() {
  const world = { master: new PseudoTerminal() };
  toClose.push(() => world.master.unplug());
  const clock = new ManualClock();
  const streams: Duplex[] = [];
  let notTaken = 0;
  const transport = new SerialTransport({
    name: 'ttyUSB0',
    open: () => openByteSession({ path: world.master.path, baudRate: 19_200 }),
    clock,
  });
  const where = await transport.open({
    came: (stream) => streams.push(stream),
    turnedAway: () => undefined,
    notTaken: () => notTaken++,
  });
  toClose.push(async () => {
    for (const stream of streams) stream.destroy();
    await transport.close();
  });
  return { world, clock, streams, where, notTaken: () => notTaken };
}

describe('clients at a serial port', () => {
  it('are one, whose bytes come and go', async () => {
    const { world, streams, where } = await served();
    expect(where).toBe('serial:ttyUSB0');
    const heard: number[] = [];
    streams[0]?.on('data', (chunk: Buffer) => heard.push(...chunk));
    world.master.send(Uint8Array.of(5, 3, 0, 0, 0, 1));
    await until(() => heard.length === 6);
    streams[0]?.write(Uint8Array.of(5, 3, 2, 0, 7));
    await until(() => world.master.received.length === 5);
    expect(heard).toEqual([5, 3, 0, 0, 0, 1]);
    expect(world.master.received).toEqual([5, 3, 2, 0, 7]);
  });

  it('are back when their cable is, and what was for them before is not given then', async () => {
    const { world, streams, clock, notTaken } = await served();
    streams[0]?.resume();
    world.master.unplug();
    await until(() => streams[0]?.destroyed);
    streams[0]?.write('owed');
    await until(() => clock.alarms === 1);
    clock.advance(1_000_000);
    await until(() => notTaken() === 1 && clock.alarms === 1);
    world.master = new PseudoTerminal();
    clock.advance(1_000_000);
    await until(() => streams.length === 2);
    streams[1]?.write('new');
    await until(() => world.master.received.length > 0);
    expect(Buffer.from(world.master.received).toString()).toBe('new');
  });

  it('R6: that say more than is taken lose it, and the port is heard on', async () => {
    const { world, streams } = await served();
    const [stream] = streams;
    stream?.on('data', () => undefined);
    stream?.pause();
    let sent = 0;
    await until(
      () => {
        sent += world.master.send(Buffer.alloc(4096, 0x61));
        return sent > 300_000;
      },
      () => sent,
      0,
    );
    await until(() => stream !== undefined && 'droppedBytes' in stream && Number(stream.droppedBytes) > 0);
    expect(stream?.readableLength).toBeLessThanOrEqual(65_536);
  });
});
