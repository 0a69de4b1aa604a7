import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { BenchClock } from '../../src/bench/gateway-side/bench-clock.js';
import { BenchIo } from '../../src/bench/gateway-side/bench-io.js';
import type { FromGateway, GatewayProcess, ToGateway } from '../../src/bench/world/gateway-channel.js';
import { Lockstep, type PortBytes } from '../../src/bench/world/lockstep.js';
import { type PacedWorld, Pacer } from '../../src/bench/world/pacer.js';
import { VirtualClock } from '../../src/bench/world/virtual-clock.js';
import type { Clock } from '../../src/clock/clock.js';
import { until as waitUntil } from '../until.js';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const until = (what: () => boolean) => waitUntil(what, () => '', 0);

/** The channel between world and gateway, both ends in this process. */
class Channel extends EventEmitter implements GatewayProcess {
  connected = true;
  readonly told: ToGateway[] = [];
  readonly gatewayEnd = Object.assign(new EventEmitter(), {
    send: (message: FromGateway) => setImmediate(() => this.emit('message', message)),
  });

  send(message: ToGateway, sent: (error: Error | null) => void): void {
    this.told.push(message);
    setImmediate(() => {
      this.gatewayEnd.emit('message', message);
      sent(null);
    });
  }
}

describe('VirtualClock', () => {
  test('rings alarms in order of time, then of setting, each at its own moment', () => {
    const clock = new VirtualClock();
    const rung: [string, number][] = [];
    const set = (name: string, atUs: number) => clock.alarm(atUs, () => rung.push([name, clock.nowUs()]));
    set('c', 30);
    set('a', 10);
    set('b1', 20);
    const cancel = set('never', 15);
    set('b2', 20);
    clock.alarm(10, () => set('while ringing', 25));
    cancel();
    clock.advanceTo(25);
    expect(rung).toEqual([
      ['a', 10],
      ['b1', 20],
      ['b2', 20],
      ['while ringing', 25],
    ]);
    clock.advanceTo(5);
    expect([clock.nowUs(), clock.nextAlarmUs()]).toEqual([25, 30]);
  });

  test('many alarms come out sorted', () => {
    const clock = new VirtualClock();
    const rung: number[] = [];
    const moments = Array.from({ length: 500 }, (_, index) => (index * 7919) % 1009);
    for (const atUs of moments) clock.alarm(atUs, () => rung.push(atUs));
    clock.advanceTo(2000);
    expect(rung).toEqual(moments.toSorted((one, other) => one - other));
  });
});

const noBytes = (plugged: [boolean, boolean] = [true, true]): PortBytes & { came: [number, number] } => {
  const came: [number, number] = [0, 0];
  return { came, sent: () => [0, 0], received: () => [came[0], came[1]], arePlugged: () => plugged };
};

describe('Lockstep', () => {
  test('goes on only when the bytes have come that an acknowledgement speaks of', () => {
    const channel = new Channel();
    const bytes = noBytes();
    const lockstep = new Lockstep(10_000, bytes);
    lockstep.attach(channel);
    lockstep.bind(0);
    channel.emit('message', { ack: 1000, written: [24, 0] });
    expect(lockstep.limitUs).toBe(10_000);
    bytes.came[0] = 23;
    lockstep.bytesReceived();
    expect(lockstep.limitUs).toBe(10_000);
    bytes.came[0] = 24;
    lockstep.bytesReceived();
    expect(lockstep.limitUs).toBe(11_000);
  });

  test('what is written to an unplugged port is counted, and not waited for', () => {
    const channel = new Channel();
    const lockstep = new Lockstep(10_000, noBytes([false, true]));
    lockstep.attach(channel);
    lockstep.bind(0);
    channel.emit('message', { ack: 1000, written: [5, 0] });
    expect(lockstep.limitUs).toBe(11_000);
    expect(lockstep.counters.lostBytes).toBe(5);
    channel.emit('message', { ack: 2000, written: [5, 7] });
    expect(lockstep.limitUs).toBe(11_000);
  });

  test('binds time from the moment the gateway is ready, to a distance from its last acknowledgement', () => {
    const channel = new Channel();
    const lockstep = new Lockstep(10_000, noBytes());
    lockstep.onReady = () => lockstep.bind(5000);
    lockstep.attach(channel);
    expect([lockstep.isBound, lockstep.limitUs]).toEqual([false, Number.POSITIVE_INFINITY]);
    channel.emit('message', { ready: true });
    expect([lockstep.isBound, lockstep.limitUs]).toEqual([true, 15_000]);
    lockstep.tell(5500);
    lockstep.tell(6000);
    expect(channel.told).toEqual([
      { t: 5000, sent: [0, 0] },
      { t: 6000, sent: [0, 0] },
    ]);
    channel.emit('message', { ack: 6000, written: [0, 0] });
    expect(lockstep.limitUs).toBe(16_000);
  });

  test('a gateway that dies frees the time at once, and takes no message any more', () => {
    const channel = new Channel();
    const lockstep = new Lockstep(10_000, noBytes());
    lockstep.attach(channel);
    lockstep.bind(0);
    channel.connected = false;
    lockstep.tell(50_000);
    lockstep.setInput('GPIO27', 1);
    expect([lockstep.isBound, lockstep.limitUs]).toEqual([false, Number.POSITIVE_INFINITY]);
    expect(channel.told).toEqual([{ t: 0, sent: [0, 0] }]);
  });

  test('what is not for the world is left alone; a level that is none is our mistake', () => {
    const channel = new Channel();
    const lockstep = new Lockstep(10_000, noBytes());
    const lines: [string, number][] = [];
    lockstep.onLine = (line, value) => lines.push([line, value]);
    lockstep.attach(channel);
    for (const message of [null, 'text', { other: 1 }, { line: 'GPIO17', value: 1 }]) channel.emit('message', message);
    expect(lines).toEqual([['GPIO17', 1]]);
    expect(() => channel.emit('message', { line: 'GPIO17', value: 2 })).toThrow(/no level/);
  });
});

/** A world that only counts its time, and a wall that moves when it is told to. */
class CountedWorld implements PacedWorld {
  isBound = false;
  limitUs = Number.POSITIVE_INFINITY;
  longestStepUs = 0;
  #nowUs = 0;

  nowUs(): number {
    return this.#nowUs;
  }

  step(untilUs: number): void {
    this.longestStepUs = Math.max(this.longestStepUs, untilUs - this.#nowUs);
    this.#nowUs = untilUs;
  }
}

function paced(prepare: (world: CountedWorld) => void = () => undefined) {
  const world = new CountedWorld();
  prepare(world);
  const wall = { us: 0 };
  const clock: Clock = { nowUs: () => wall.us, alarm: () => () => undefined };
  const pacer = new Pacer(world, clock);
  pacer.start();
  return { world, wall, pacer };
}

describe('Pacer', () => {
  test('follows the wall in slices of a millisecond', async () => {
    const { world, wall, pacer } = paced();
    wall.us = 100_000;
    await until(() => world.nowUs() === 100_000);
    pacer.stop();
    expect([world.longestStepUs, pacer.slippedUs]).toEqual([1000, 0]);
  });

  test('a second behind, it lets time slip and counts it', async () => {
    const { world, wall, pacer } = paced();
    wall.us = 1_000_000;
    await until(() => world.nowUs() === 200_000);
    pacer.stop();
    expect(pacer.slippedUs).toBe(800_000);
  });

  test('bound to a gateway, it catches up at twice real time at most', async () => {
    const { world, wall, pacer } = paced((counted) => {
      counted.isBound = true;
    });
    wall.us = 40_000;
    await until(() => world.nowUs() >= 2000);
    for (let turns = 0; turns < 100; turns += 1) await turn();
    expect(world.nowUs()).toBe(2000);
    wall.us += 500;
    await until(() => world.nowUs() > 2000);
    pacer.stop();
    expect(world.nowUs()).toBe(3000);
  });

  test('never passes the limit, counts how long it waited, and goes on when woken', async () => {
    const { world, wall, pacer } = paced((counted) => {
      counted.limitUs = 10_000;
    });
    wall.us = 50_000;
    await until(() => world.nowUs() === 10_000);
    wall.us = 60_000;
    await until(() => pacer.waitedUs > 0);
    expect([world.nowUs(), pacer.waitedUs]).toEqual([10_000, 10_000]);
    world.limitUs = Number.POSITIVE_INFINITY;
    pacer.wake();
    await until(() => world.nowUs() === 60_000);
    pacer.stop();
  });
});

describe('BenchClock', () => {
  test('moves with the ticks, rings on the way, lets I/O drain first, and acknowledges after', async () => {
    const channel = new Channel();
    const order: string[] = [];
    channel.on('message', (message: FromGateway) => {
      if ('ready' in message) channel.send({ t: 1000, sent: [0, 0] }, () => undefined);
      if ('ack' in message) order.push(`ack ${message.ack}`);
    });
    const clock = await BenchClock.connect(channel.gatewayEnd);
    expect(clock.nowUs()).toBe(1000);
    clock.alarm(1500, () => order.push(`alarm at ${clock.nowUs()}`));
    channel.send({ t: 2000, sent: [0, 0] }, () => undefined);
    channel.gatewayEnd.once('message', () => setImmediate(() => order.push('bytes read')));
    await until(() => order.includes('ack 2000'));
    expect(order).toEqual(['ack 1000', 'bytes read', 'alarm at 1500', 'ack 2000']);
  });

  test('needs a bench at the other end', async () => {
    await expect(BenchClock.connect(new EventEmitter())).rejects.toThrow(/no bench/);
  });
});

describe('BenchIo', () => {
  test('becomes ready after its listeners are there, drives lines and hears inputs', async () => {
    const channel = new Channel();
    const lines: FromGateway[] = [];
    channel.on('message', (message: FromGateway) => lines.push(message));
    const io = new BenchIo(channel.gatewayEnd);
    const events: string[] = [];
    io.on('connect', () => events.push('connect'));
    io.on('ready', () => events.push(`ready ${io.isReady}`));
    await until(() => events.length === 2);
    expect(events).toEqual(['connect', 'ready true']);

    io.pinMode('GPIO17', io.MODES.OUTPUT);
    io.digitalWrite('GPIO17', 1);
    io.digitalWrite(17, 0);
    const levels: number[] = [];
    io.pinMode('GPIO27', io.MODES.INPUT);
    io.digitalRead('GPIO27', (value) => levels.push(value));
    channel.send({ input: 'GPIO27', value: 1 }, () => undefined);
    await until(() => lines.length === 2 && levels.length === 2);
    expect(lines).toEqual([
      { line: 'GPIO17', value: 1 },
      { line: 'GPIO17', value: 0 },
    ]);
    expect(levels.at(-1)).toBe(1);
  });

  test('names the pin it does not have, and refuses what a line cannot do', () => {
    const io = new BenchIo(new EventEmitter());
    expect(() => io.normalize('GPIO99')).toThrow(/GPIO99/);
    expect(() => io.pinMode('GPIO17', io.MODES.PWM)).toThrow(/mode 3/);
    expect(() => io.analogWrite()).toThrow(/analogWrite/);
  });
});
