import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SerialPort } from 'serialport';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BenchWorld } from '../../src/bench/world/world.js';
import type { BenchWorldOptions } from '../../src/bench/world/world-options.js';

// The compiled world: vitest's own module runner would slow the emulator down.
const { createWorld } = (await import('#built/bench/world/world.js')) as unknown as {
  createWorld(options: BenchWorldOptions): Promise<BenchWorld>;
};

const hex = readFileSync(new URL('fixtures/echo.hex', import.meta.url), 'utf8');
const gatewayPath = fileURLToPath(new URL('fixtures/bench-gateway.mjs', import.meta.url));

let folder = '';
let world: BenchWorld;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-world-'));
  world = await createWorld({ folder, seed: 1, hex, link: 'uno-16u2' });
});

afterEach(() => {
  world.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function openPort(path: string): Promise<SerialPort> {
  const port = new SerialPort({ path, baudRate: 500_000, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  return port;
}

/** Collects bytes until there are as many as wanted. */
function collect(port: SerialPort, count: number): Promise<number[]> {
  return new Promise((resolve) => {
    const bytes: number[] = [];
    port.on('data', (chunk: Buffer) => {
      bytes.push(...chunk);
      if (bytes.length >= count) resolve(bytes);
    });
  });
}

const closePort = (port: SerialPort) => new Promise<void>((resolve) => port.close(() => resolve()));

describe('BenchWorld', () => {
  test('two boards answer through real ports, every byte', async () => {
    world.fastForward(100_000);
    const ports = await Promise.all([openPort(world.boards.a.portPath), openPort(world.boards.b.portPath)]);
    world.start();
    const sent = Array.from({ length: 500 }, (_, index) => (index * 5) & 0x3f);
    const received = ports.map((port) => collect(port, sent.length));
    for (let at = 0; at < sent.length; at += 20) {
      for (const port of ports) port.write(Uint8Array.from(sent.slice(at, at + 20)));
    }
    expect(await Promise.all(received)).toEqual([sent, sent]);
    expect(world.counters).toMatchObject({ droppedToHost: 0, droppedToBoard: 0 });
    await Promise.all(ports.map(closePort));
  });

  test('an unplugged port hangs up, and comes back under the same path', async () => {
    world.fastForward(100_000);
    world.start();
    const { a } = world.boards;
    const port = await openPort(a.portPath);
    port.resume();
    // Quiet first: serialport 13 reads for ever, and notices nothing, when a hang-up falls between two of its reads.
    await new Promise<void>((resolve) => world.at(world.nowUs() + 50_000, resolve));
    const closed = new Promise<Error | null>((resolve) => port.once('close', resolve));
    a.unplug();
    expect(await closed).toMatchObject({ disconnected: true });
    await expect(openPort(a.portPath)).rejects.toThrow(/No such file/);
    a.plug();
    const again = await openPort(a.portPath);
    const received = collect(again, 3);
    again.write(Uint8Array.of(1, 2, 3));
    expect(await received).toEqual([1, 2, 3]);
    await closePort(again);
  });

  test('a port survives being closed and opened, and stays raw', async () => {
    world.fastForward(100_000);
    world.start();
    for (const byte of [0x0d, 0x0a, 0x11]) {
      const port = await openPort(world.boards.a.portPath);
      const received = collect(port, 1);
      port.write(Uint8Array.of(byte));
      expect(await received).toEqual([byte]);
      await closePort(port);
    }
  });

  test('a gateway in its own process: time is bound, lines reach the relay, feedback comes back', async () => {
    world.fastForward(100_000);
    world.start();
    const gateway = fork(gatewayPath, [world.boards.b.portPath]);
    const messages: Record<string, unknown>[] = [];
    gateway.on('message', (message) => messages.push(message as Record<string, unknown>));
    world.attachGateway(gateway);
    const seen = async (key: string, value?: unknown) => {
      for (;;) {
        const found = messages.find((message) => key in message && (value === undefined || message[key] === value));
        if (found !== undefined) return found[key];
        await once(gateway, 'message');
      }
    };
    expect(await seen('rangAfterUs')).toBe(50_000);
    expect(await seen('sawFeedback', 1)).toBe(1);
    // On a busy machine the two bytes come in two reads.
    const received = () => messages.flatMap((message) => (message['received'] as number[] | undefined) ?? []);
    while (received().length < 2) await once(gateway, 'message');
    expect(received()).toEqual([0x50, 99]);
    const atRelay = world.recorder.changes.find(({ board, duty }) => board === 'b' && duty === 99);
    expect(atRelay).toBeDefined();

    // A gateway that does nothing for a while stops emulated time instead of making the boards look fast.
    gateway.send({ blockMs: 300 });
    let mostAheadUs = 0;
    const tickedBefore = world.counters['ticks'] ?? 0;
    const watch = () => {
      mostAheadUs = Math.max(mostAheadUs, world.nowUs() - world.limitUs);
      if ((world.counters['ticks'] ?? 0) < tickedBefore + 200) world.at(world.nowUs() + 1000, watch);
    };
    watch();
    while ((world.counters['ticks'] ?? 0) < tickedBefore + 200) await once(gateway, 'message');
    expect(mostAheadUs).toBeLessThanOrEqual(0);
    expect(world.waitedUs).toBeGreaterThan(100_000);

    // Killed: time is free again, the relay stays.
    const exited = once(gateway, 'exit');
    gateway.kill('SIGKILL');
    await exited;
    world.detachGateway();
    const killedUs = world.nowUs();
    await new Promise<void>((resolve) => world.at(killedUs + 50_000, resolve));
    expect([world.relay.line, world.actuator.board]).toEqual([1, 'b']);
  });
});
