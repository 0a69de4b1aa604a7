import { pino } from 'pino';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load/load-config.js';
import { SafetyLines } from '../../src/gateway/lines/safety-lines.js';
import { createGpioProvider } from '../../src/hardware/gpio/gpio-provider.js';
import { openDeadMan } from '../../src/hardware/lines/dead-man.js';
import { type HeldLines, openHeldLines } from '../../src/hardware/lines/held-lines.js';
import { createIoProvider } from '../../src/hardware/lines/io-provider.js';
import { createLines, type Lines } from '../../src/hardware/lines/lines.js';
import { FakeGpio } from './fake-gpio.js';
import { restoredPair } from './gateway-kit.js';
import { ManualClock } from './manual-clock.js';

interface Held {
  readonly gpio: FakeGpio;
  readonly clock: ManualClock;
  readonly held: HeldLines;
  readonly told: (string | null)[];
}

function linesOn(gpio: FakeGpio, clock: ManualClock): Lines {
  return createLines([createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(gpio) })]);
}

async function opened(): Promise<Held> {
  const [gpio, clock] = [new FakeGpio(), new ManualClock()];
  const told: (string | null)[] = [];
  const held = await openHeldLines({
    lines: linesOn(gpio, clock),
    resets: { a: 'GPIO5', b: 'GPIO6' },
    cutOff: { pin: 'GPIO13', activeLow: true },
    alarm: { pin: 'GPIO19', activeLow: false },
    clock,
    onTrouble: (_name, trouble) => told.push(trouble),
  });
  return { gpio, clock, held, told };
}

describe('R13: lines that stand', () => {
  it('RESET is held by a high line (a transistor pulls RESET down), each board by its own; none is touched unasked', async () => {
    const { gpio, held } = await opened();
    expect(gpio.done).toEqual([]);
    held.holdReset('b', true);
    held.holdReset('a', false);
    held.holdReset('b', false);
    held.holdReset('third', true);
    expect(gpio.done).toEqual(['GPIO6=1', 'GPIO5=0', 'GPIO6=0']);
  });

  it('the cut-off relay is energised while the pair may drive', async () => {
    const { gpio, held } = await opened();
    held.cutOff(true);
    held.cutOff(false);
    expect(gpio.done).toEqual(['GPIO13=1', 'GPIO13=0']);
  });

  it('what stands as it is wanted is not written again', async () => {
    const { gpio, held } = await opened();
    for (const on of [true, true, true, false, false]) held.alarm(on);
    expect(gpio.done).toEqual(['GPIO19=1', 'GPIO19=0']);
  });

  it('a line that cannot be driven, or is held from outside, is tried until it can, and is told once each way', async () => {
    const { gpio, clock, held, told } = await opened();
    gpio.line('GPIO5').refusal = 'EBUSY';
    held.holdReset('a', true);
    clock.advance(500_000);
    expect(told).toEqual([expect.stringContaining('the RESET line of board a (GPIO5) cannot be driven')]);
    gpio.line('GPIO5').refusal = null;
    gpio.line('GPIO5').heldAt = 0;
    clock.advance(500_000);
    expect(held.trouble).toEqual(['the RESET line of board a (GPIO5) is held off from outside']);
    gpio.line('GPIO5').heldAt = null;
    clock.advance(100_000);
    expect(told).toHaveLength(3);
    expect([told.at(-1), held.trouble, clock.alarms]).toEqual([null, [], 0]);
    expect(gpio.line('GPIO5').level).toBe(1);
  });

  it('R27: closing leaves them as they are', async () => {
    const { gpio, clock, held } = await opened();
    held.holdReset('a', true);
    gpio.line('GPIO6').refusal = 'EIO';
    held.holdReset('b', true);
    held.close();
    clock.advance(1_000_000);
    expect([gpio.done, clock.alarms]).toEqual([['GPIO5=1'], 0]);
  });

  it('a provider that was away: every line is written again when it is back', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const inner = createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(gpio) });
    const changes = new Subject<string | null>();
    let trouble: string | null = null;
    const lines = createLines([
      {
        ...inner,
        pinOf: (line) => inner.pinOf(line),
        open: () => inner.open(),
        changes,
        get trouble() {
          return trouble;
        },
      },
    ]);
    const heard: (boolean | null)[] = [];
    const output = await lines.openOutput('GPIO17', { activeLow: false });
    await lines.openInput('GPIO27', { activeLow: false, pull: 'none' }, (on) => heard.push(on));
    output.set(true);
    clock.advance(0);
    const turnTo = (now: string | null) => {
      trouble = now;
      changes.next(now);
    };
    turnTo('unplugged');
    expect([output.trouble, output.readBack(), lines.trouble]).toEqual([
      'unplugged',
      null,
      ["the host's GPIO: unplugged"],
    ]);
    gpio.drive('GPIO27', 1);
    clock.advance(50_000);
    turnTo(null);
    gpio.drive('GPIO27', 0);
    clock.advance(50_000);
    expect(heard).toEqual([false, null, false]);
    expect(gpio.done).toEqual(['GPIO17=1', 'GPIO17=1']);
  });

  it('two providers in one configuration: each line goes to its own', async () => {
    const [host, board, clock] = [new FakeGpio(), new FakeGpio(), new ManualClock()];
    const other = createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(board) });
    const lines = createLines([
      createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(host) }),
      {
        ...other,
        name: 'a Firmata board',
        has: (line) => line.startsWith('D'),
        pinOf: (line) => `GPIO${line.slice(1)}`,
        trouble: null,
      },
    ]);
    (await lines.openOutput('GPIO17', { activeLow: false })).set(true);
    (await lines.openOutput('D7', { activeLow: true })).set(true);
    expect([host.done, board.done]).toEqual([['GPIO17=1'], ['GPIO7=0']]);
  });

  it('a provider is opened once, when the first of its lines is asked for', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    let opens = 0;
    const inner = createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(gpio) });
    const lines = createLines([
      createIoProvider({
        name: 'counted',
        has: () => true,
        openIo: () => {
          opens++;
          return inner.open();
        },
      }),
    ]);
    expect(opens).toBe(0);
    await Promise.all(['GPIO17', 'GPIO22', 'GPIO23'].map((line) => lines.openOutput(line, { activeLow: false })));
    expect(opens).toBe(1);
  });
});

describe('the lines of a gateway', () => {
  const SECTIONS =
    'boards: { a: { kind: uno, port: usb-1.2, reset: GPIO5 }, b: { kind: uno, port: usb-1.3 } }\ninput: tcp://127.0.0.1:7400\ndeadline: 50ms\n';

  async function openedFor(more: string) {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const config = parseConfig(`${SECTIONS}${more}`, 'copycat.yaml', '/srv/oven');
    const parts = { lines: linesOn(gpio, clock), clock, log: pino({ enabled: false }) };
    return { gpio, clock, safety: await SafetyLines.open(config, parts) };
  }

  it('the alarm is on from the first moment until the pair is protected', async () => {
    const relay = 'relay: { pin: GPIO17, at-rest: a }\n';
    const { gpio, safety } = await openedFor(`${relay}alarm: { pin: GPIO19 }\n`);
    safety.follow(restoredPair(0));
    safety.follow(restoredPair(0));
    expect(gpio.done).toEqual(['GPIO19=1']);
  });

  it('an alarm of stops is off until the pair is stopped', async () => {
    const relay = 'relay: { pin: GPIO17, at-rest: a }\n';
    const { gpio, safety } = await openedFor(`${relay}alarm: { pin: GPIO19, on: stopped, active-low: true }\n`);
    const state = restoredPair(0);
    safety.follow(state);
    state.phase = 'stopped';
    safety.follow(state);
    expect(gpio.done).toEqual(['GPIO19=1', 'GPIO19=0']);
  });

  it('a board without RESET, and a pair without cut-off, are left alone', async () => {
    const { gpio, safety } = await openedFor('relay: { pin: GPIO17, at-rest: a }\n');
    safety.holdReset('b', true);
    safety.cutOff(true);
    safety.holdReset('a', true);
    safety.follow(restoredPair(0));
    expect([gpio.done, safety.trouble]).toEqual([['GPIO5=1'], []]);
  });

  it("a dead-man drive whose line is somebody's is found out before anything runs", async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    gpio.line('GPIO26').consumer = 'fan';
    const config = parseConfig(
      `${SECTIONS}relay: { pin: GPIO17, at-rest: a, dead-man: { pin: GPIO26 } }\n`,
      'copycat.yaml',
      '/srv/oven',
    );
    const parts = { lines: linesOn(gpio, clock), clock, log: pino({ enabled: false }) };
    await expect(SafetyLines.open(config, parts)).rejects.toThrow('GPIO26 is in use: fan holds it');
  });
});

describe('the dead-man drive', () => {
  async function driven(standstill: () => string | null) {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const told: (string | null)[] = [];
    const deadMan = await openDeadMan({
      lines: linesOn(gpio, clock),
      pin: 'GPIO26',
      everyUs: 100_000,
      onStandstill: (why) => told.push(why),
      clock,
    });
    deadMan.begin(standstill);
    return { gpio, clock, deadMan, told };
  }

  it('R13: the line moves while there is progress and stands, at whatever level, while there is none', async () => {
    let why: string | null = null;
    const { gpio, clock, deadMan, told } = await driven(() => why);
    clock.advance(450_000);
    expect(gpio.done).toEqual([0, 1, 0, 1, 0].map((level) => `GPIO26=${level}`));
    why = 'board a stands still';
    clock.advance(10_000_000);
    expect([gpio.done.length, deadMan.standsBecause, told]).toEqual([5, why, [why]]);
    why = null;
    clock.advance(200_000);
    expect([gpio.done.length, told.at(-1)]).toEqual([7, null]);
  });

  it('edges that a stalled process missed are not made up for', async () => {
    const { gpio, clock } = await driven(() => null);
    clock.stall(5_000_000);
    clock.advance(99_999);
    expect(gpio.done).toEqual(['GPIO26=0', 'GPIO26=1']);
  });

  it('closing stops it', async () => {
    const { gpio, clock, deadMan } = await driven(() => null);
    deadMan.close();
    clock.advance(1_000_000);
    expect([gpio.done, clock.alarms]).toEqual([['GPIO26=0'], 0]);
  });

  it('a line that cannot be moved is told', async () => {
    const { gpio, clock, told } = await driven(() => null);
    gpio.line('GPIO26').refusal = 'EIO';
    clock.advance(300_000);
    expect(told).toEqual(['a line: EIO']);
  });
});
