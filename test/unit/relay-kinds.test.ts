import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { openEmulatedRelay } from '../../src/hardware/emulated/open-emulated-relay.js';
import { createGpioProvider } from '../../src/hardware/gpio/gpio-provider.js';
import type { LineProvider } from '../../src/hardware/lines/line-provider.js';
import { createLines } from '../../src/hardware/lines/lines.js';
import {
  openRelay,
  type RelayDriver,
  type RelayOptions,
  type RelayReport,
} from '../../src/hardware/relay/relay-driver.js';
import { ResetFence } from '../../src/hardware/relay/reset-fence.js';
import { FakeGpio } from './fake-gpio.js';
import { ManualClock } from './manual-clock.js';
import { changeover, latching, twoRelays } from './relay-contacts.js';

interface Opened {
  readonly driver: RelayDriver;
  readonly reports: RelayReport[];
}

/** A relay on a host's GPIO lines: through the provider, johnny-five and the kernel's (made-up) chip. */
async function opened(gpio: FakeGpio, clock: ManualClock, options: Partial<RelayOptions>): Promise<Opened> {
  const provider = createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(gpio) });
  const driver = await openRelay({
    lines: createLines([provider]),
    kind: 'changeover',
    boards: ['a', 'b'],
    atRest: 'a',
    pins: [],
    pinsOf: {},
    activeLow: false,
    feedbacks: [],
    feedbackActiveLow: false,
    feedbackPull: 'none',
    gapUs: 20_000,
    pulseUs: 50_000,
    operateUs: 10_000,
    settleUs: 30_000,
    first: 'a',
    clock,
    ...options,
  });
  const reports: RelayReport[] = [];
  driver.reports.subscribe((report) => reports.push(report));
  return { driver, reports };
}

const moved = (to: string, proved: boolean): RelayReport => ({ type: 'relayMoved', to, proved });
const stuck = (to: string): RelayReport => ({ type: 'relayStuck', to });

describe('changeover', () => {
  const wired = { pins: ['GPIO17'], feedbacks: ['GPIO27'] } as const;

  it('R13: the contact follows, and is told as soon as the feedback shows it', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const contact = changeover(gpio, clock, 'GPIO17', 'GPIO27');
    const { driver, reports } = await opened(gpio, clock, wired);
    clock.advance(100_000);
    driver.moveTo('b');
    clock.advance(8000 + 1000);
    expect(contact.history).toEqual(['a', 'none', 'b']);
    expect(reports).toEqual([moved('a', true), moved('b', true)]);
    expect(driver.operations).toBe(1);
  });

  it('R13: a line that a short circuit holds is a relay that is stuck, also without feedback', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const { driver, reports } = await opened(gpio, clock, { pins: ['GPIO17'] });
    clock.advance(100_000);
    gpio.line('GPIO17').heldAt = 0;
    driver.moveTo('b');
    clock.advance(1_000_000);
    expect(reports).toEqual([moved('a', false), stuck('b')]);
  });

  it('R13: commanded back in mid move, it is proved only when it has surely come', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const contact = changeover(gpio, clock, 'GPIO17', 'GPIO27');
    const { driver, reports } = await opened(gpio, clock, wired);
    clock.advance(100_000);
    for (const to of ['b', 'a', 'b', 'a'] as const) {
      driver.moveTo(to);
      clock.advance(7000);
    }
    expect(reports).toHaveLength(1);
    clock.advance(100_000);
    expect(contact.connected()).toBe('a');
    expect(reports.at(-1)).toEqual(moved('a', true));
  });
});

describe('several channels', () => {
  const wired = { pins: ['GPIO17', 'GPIO22'], feedbacks: ['GPIO27', 'GPIO5'] } as const;

  it('R13: a move is proved only when every channel shows it; one that stays behind is a relay that is stuck', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const one = changeover(gpio, clock, 'GPIO17', 'GPIO27');
    const other = changeover(gpio, clock, 'GPIO22', 'GPIO5');
    const { driver, reports } = await opened(gpio, clock, wired);
    clock.advance(100_000);
    driver.moveTo('b');
    clock.advance(100_000);
    expect([one.connected(), other.connected()]).toEqual(['b', 'b']);
    other.stick();
    driver.moveTo('a');
    clock.advance(1_000_000);
    expect([one.connected(), other.connected()]).toEqual(['a', 'b']);
    expect(reports).toEqual([moved('a', true), moved('b', true), stuck('a')]);
    expect(driver.proved).toBe(false);
  });

  it('the others are commanded even when one line is refused', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const { driver } = await opened(gpio, clock, wired);
    gpio.line('GPIO17').refusal = 'EIO';
    driver.moveTo('b');
    expect(gpio.line('GPIO22').level).toBe(1);
  });
});

describe('two relays', () => {
  const coils = { a: 'GPIO17', b: 'GPIO22' };
  const wired = { kind: 'two-relays', pinsOf: { a: ['GPIO17'], b: ['GPIO22'] }, atRest: null } as const;

  it('break before make, at every move', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const contact = twoRelays(gpio, clock, coils, null);
    const { driver, reports } = await opened(gpio, clock, wired);
    clock.advance(200_000);
    for (const to of ['b', 'a', 'b'] as const) {
      driver.moveTo(to);
      // The lines themselves, not only contacts that happen to open faster than others close.
      clock.advance(19_999);
      expect([gpio.line('GPIO17').level, gpio.line('GPIO22').level]).toEqual([0, 0]);
      clock.advance(1);
      expect(gpio.line(coils[to]).level).toBe(1);
      clock.advance(200_000);
    }
    expect(contact.history).toEqual(['none', 'a', 'none', 'b', 'none', 'a', 'none', 'b']);
    expect(reports).toEqual(['a', 'b', 'a', 'b'].map((to) => moved(to, false)));
  });

  it('the gap is kept between the lines, and cannot be shortened by commanding again', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const { driver } = await opened(gpio, clock, wired);
    clock.advance(200_000);
    const changes: [string, number][] = [];
    gpio.onLevel = (line, level) => changes.push([`${line}=${level}`, clock.nowUs()]);
    const beganUs = clock.nowUs();
    driver.moveTo('b');
    clock.advance(15_000);
    driver.moveTo('b');
    clock.advance(4999);
    expect(changes.some(([change]) => change === 'GPIO22=1')).toBe(false);
    clock.advance(1);
    expect(changes.at(-1)).toEqual(['GPIO22=1', beganUs + 20_000]);
  });

  it('commanded to and fro faster than the gap, never both', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const contact = twoRelays(gpio, clock, coils, null);
    const { driver } = await opened(gpio, clock, wired);
    for (let turn = 0; turn < 200; turn++) {
      driver.moveTo(turn % 2 === 0 ? 'b' : 'a');
      clock.advance(1000 + ((turn * 7919) % 40_000));
      expect([gpio.line('GPIO17').level, gpio.line('GPIO22').level]).not.toEqual([1, 1]);
    }
    clock.advance(200_000);
    expect(contact.history).not.toContain('both');
    expect(contact.connected()).toBe('a');
  });

  it('at a start: the relay that the gateway before left closed is opened first, then comes the gap', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const contact = twoRelays(gpio, clock, coils, null);
    // The kernel kept the line of a gateway that died.
    gpio.onLevel('GPIO22', 1);
    gpio.line('GPIO22').level = 1;
    clock.advance(100_000);
    const { reports } = await opened(gpio, clock, wired);
    expect(gpio.done).toEqual(['GPIO22=0']);
    clock.advance(19_999);
    expect(gpio.done).toEqual(['GPIO22=0']);
    clock.advance(100_000);
    expect(gpio.done).toEqual(['GPIO22=0', 'GPIO17=1']);
    expect(contact.history).toEqual(['none', 'b', 'none', 'a']);
    expect(reports).toEqual([moved('a', false)]);
  });

  it('R13: while the line of one is held on from outside, the other never closes: the relay is stuck', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const { driver, reports } = await opened(gpio, clock, wired);
    clock.advance(200_000);
    gpio.line('GPIO17').heldAt = 1;
    driver.moveTo('b');
    clock.advance(1_000_000);
    expect(gpio.done).not.toContain('GPIO22=1');
    expect(reports).toEqual([moved('a', false), stuck('b')]);
    expect(clock.alarms).toBe(0);
  });

  it('R13: nor while one cannot be told to open', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const { driver, reports } = await opened(gpio, clock, wired);
    clock.advance(200_000);
    gpio.line('GPIO17').refusal = 'EIO';
    driver.moveTo('b');
    clock.advance(1_000_000);
    expect(gpio.done).not.toContain('GPIO22=1');
    expect(reports.at(-1)).toEqual(stuck('b'));
    gpio.line('GPIO17').refusal = null;
    driver.moveTo('b');
    clock.advance(200_000);
    expect(reports.at(-1)).toEqual(moved('b', false));
  });

  it('R13: the feedback of an opened relay is no proof before the other can have closed', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const contact = twoRelays(gpio, clock, coils, 'GPIO27');
    const { driver, reports } = await opened(gpio, clock, { ...wired, feedbacks: ['GPIO27'], first: 'b' });
    clock.advance(200_000);
    expect(reports).toEqual([moved('b', true)]);
    driver.moveTo('a');
    clock.advance(29_999);
    // b's auxiliary contact has been open for long; a's relay has just been told to close.
    expect(gpio.line('GPIO27').level).toBe(0);
    expect(reports).toHaveLength(1);
    clock.advance(1);
    expect(contact.connected()).toBe('a');
    expect(reports).toEqual([moved('b', true), moved('a', true)]);
  });
});

describe('a relay on a board that comes and goes', () => {
  it('R13: what was commanded meanwhile has not moved; it is commanded again, in order, when the board is back', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const contact = twoRelays(gpio, clock, { a: 'GPIO17', b: 'GPIO22' }, null);
    const inner = createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(gpio) });
    const changes = new Subject<string | null>();
    let trouble: string | null = null;
    const away = (now: string | null) => {
      trouble = now;
      changes.next(now);
    };
    const provider: LineProvider = {
      name: 'the board',
      has: () => true,
      pinOf: (line) => line,
      open: () => inner.open(),
      changes,
      get trouble() {
        return trouble;
      },
      close: () => inner.close(),
    };
    const { driver, reports } = await opened(gpio, clock, {
      kind: 'two-relays',
      atRest: null,
      pinsOf: { a: ['GPIO17'], b: ['GPIO22'] },
      lines: createLines([provider]),
    });
    clock.advance(200_000);
    away('unplugged');
    driver.moveTo('b');
    clock.advance(500_000);
    expect(reports).toEqual([moved('a', false), stuck('b')]);
    expect(gpio.done).not.toContain('GPIO22=1');
    away(null);
    // At once, and as if nothing had been said: what was told to the board meanwhile may not have arrived.
    expect(gpio.done.at(-1)).toBe('GPIO17=0');
    const backUs = clock.nowUs();
    clock.advance(19_999);
    expect(gpio.done).not.toContain('GPIO22=1');
    clock.advance(1);
    expect([gpio.done.at(-1), clock.nowUs() - backUs]).toEqual(['GPIO22=1', 20_000]);
    clock.advance(200_000);
    expect(reports.at(-1)).toEqual(moved('b', false));
    expect(contact.connected()).toBe('b');
    expect(contact.history).not.toContain('both');
  });
});

describe('latching', () => {
  const coils = { a: 'GPIO17', b: 'GPIO22' };
  const wired = { kind: 'latching', pinsOf: { a: ['GPIO17'], b: ['GPIO22'] } } as const;

  it('a pulse on the own coil moves it; no coil stays on', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const contact = latching(gpio, clock, coils, 'GPIO27');
    const { driver, reports } = await opened(gpio, clock, { ...wired, feedbacks: ['GPIO27'] });
    clock.advance(100_000);
    driver.moveTo('b');
    clock.advance(49_999);
    expect(gpio.line('GPIO22').level).toBe(1);
    clock.advance(1);
    expect([gpio.line('GPIO17').level, gpio.line('GPIO22').level]).toEqual([0, 0]);
    expect(contact.connected()).toBe('b');
    expect(reports).toEqual([moved('a', true), moved('b', true)]);
  });

  it('R27: a start moves nothing where the feedback shows the board of the lease', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    latching(gpio, clock, coils, 'GPIO27', 'b');
    const { reports } = await opened(gpio, clock, { ...wired, feedbacks: ['GPIO27'], first: 'b' });
    clock.advance(1_000_000);
    expect(gpio.done).toEqual(['GPIO17=0', 'GPIO22=0']);
    expect(reports).toEqual([moved('b', true)]);
  });

  it('R13: a start moves it where the feedback shows the other', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const contact = latching(gpio, clock, coils, 'GPIO27', 'a');
    const { reports } = await opened(gpio, clock, { ...wired, feedbacks: ['GPIO27'], first: 'b' });
    clock.advance(1_000_000);
    expect(contact.history).toEqual(['a', 'b']);
    expect(reports).toEqual([moved('b', true)]);
    expect(gpio.line('GPIO22').level).toBe(0);
  });

  it('without feedback the position of the lease is commanded at every start', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const contact = latching(gpio, clock, coils, null, 'a');
    const { reports } = await opened(gpio, clock, { ...wired, first: 'b' });
    clock.advance(1_000_000);
    expect(contact.connected()).toBe('b');
    expect(reports).toEqual([moved('b', false)]);
  });

  it('R10: in the middle of a takeover a start only ends what a killed gateway left on', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    gpio.line('GPIO17').level = 1;
    const contact = latching(gpio, clock, coils, 'GPIO27', 'a');
    const { driver, reports } = await opened(gpio, clock, {
      ...wired,
      feedbacks: ['GPIO27'],
      first: 'b',
      waitsForCommand: true,
    });
    clock.advance(1_000_000);
    expect(gpio.done).toEqual(['GPIO17=0', 'GPIO22=0']);
    expect(reports).toEqual([]);
    driver.moveTo('b');
    clock.advance(100_000);
    expect(contact.history).toEqual(['a', 'b']);
    expect(reports).toEqual([moved('b', true)]);
  });

  it('commanded to and fro in mid pulse, never both coils, and none is on in the end', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const contact = latching(gpio, clock, coils, 'GPIO27');
    const { driver } = await opened(gpio, clock, { ...wired, feedbacks: ['GPIO27'] });
    for (let turn = 0; turn < 200; turn++) {
      driver.moveTo(turn % 2 === 0 ? 'b' : 'a');
      clock.advance(500 + ((turn * 7919) % 70_000));
    }
    driver.moveTo('b');
    driver.moveTo('b');
    clock.advance(1_000_000);
    expect(contact.bothCoils()).toBe(false);
    expect(contact.connected()).toBe('b');
    // What goes nowhere wears nothing out.
    expect(driver.operations).toBe(201);
    expect([gpio.line('GPIO17').level, gpio.line('GPIO22').level]).toEqual([0, 0]);
  });

  it('R13: a pulse that was cut short by a power cut is repeated when the feedback says that it did not move', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const contact = latching(gpio, clock, coils, 'GPIO27');
    const first = await opened(gpio, clock, { ...wired, feedbacks: ['GPIO27'] });
    clock.advance(100_000);
    first.driver.moveTo('b');
    clock.advance(2000);
    // The supply goes before the armature has moved: the kernel and its lines are gone, the position stays.
    gpio.onLevel('GPIO22', 0);
    const after = new FakeGpio();
    const later = new ManualClock();
    const again = latching(after, later, coils, 'GPIO27', contact.connected() === 'a' ? 'a' : 'b');
    const second = await opened(after, later, { ...wired, feedbacks: ['GPIO27'], first: 'b' });
    later.advance(1_000_000);
    expect(again.history).toEqual(['a', 'b']);
    expect(second.reports).toEqual([moved('b', true)]);
  });

  it('R13: while one coil is held on from outside, or cannot be switched off, the other is not pulsed: the relay is stuck', async () => {
    for (const spoil of [{ heldAt: 1 as const }, { refusal: 'EIO' }]) {
      const [gpio, clock] = [new FakeGpio(), new ManualClock()];
      const { driver, reports } = await opened(gpio, clock, wired);
      clock.advance(200_000);
      Object.assign(gpio.line('GPIO17'), spoil);
      driver.moveTo('b');
      clock.advance(1_000_000);
      expect(gpio.done).not.toContain('GPIO22=1');
      expect(reports).toEqual([moved('a', false), stuck('b')]);
    }
  });

  it('R13: a contact that does not follow is pulsed again, then called stuck', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const contact = latching(gpio, clock, coils, 'GPIO27');
    const { driver, reports } = await opened(gpio, clock, { ...wired, feedbacks: ['GPIO27'] });
    clock.advance(100_000);
    contact.stick();
    driver.moveTo('b');
    clock.advance(2_000_000);
    expect(gpio.done.filter((change) => change === 'GPIO22=1')).toHaveLength(3);
    expect(reports).toEqual([moved('a', true), stuck('b')]);
    expect(gpio.line('GPIO22').level).toBe(0);
  });

  it('R13: several channels, each with its own feedback: the pulse goes to all, the proof comes from all', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const one = latching(gpio, clock, coils, 'GPIO27');
    const other = latching(gpio, clock, { a: 'GPIO23', b: 'GPIO24' }, 'GPIO5');
    const { driver, reports } = await opened(gpio, clock, {
      kind: 'latching',
      pinsOf: { a: ['GPIO17', 'GPIO23'], b: ['GPIO22', 'GPIO24'] },
      feedbacks: ['GPIO27', 'GPIO5'],
    });
    clock.advance(200_000);
    driver.moveTo('b');
    clock.advance(200_000);
    expect([one.connected(), other.connected()]).toEqual(['b', 'b']);
    other.stick();
    driver.moveTo('a');
    clock.advance(2_000_000);
    expect(reports).toEqual([moved('a', true), moved('b', true), stuck('a')]);
  });

  it('a pulse that begins in mid pulse has its whole length', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const { driver } = await opened(gpio, clock, wired);
    clock.advance(200_000);
    driver.moveTo('b');
    clock.advance(30_000);
    driver.moveTo('a');
    clock.advance(49_999);
    expect([gpio.line('GPIO17').level, gpio.line('GPIO22').level]).toEqual([1, 0]);
    clock.advance(1);
    expect(gpio.line('GPIO17').level).toBe(0);
  });

  it('a coil that cannot be switched off is tried again until it is', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const { driver } = await opened(gpio, clock, wired);
    clock.advance(200_000);
    driver.moveTo('b');
    clock.advance(10_000);
    gpio.line('GPIO22').refusal = 'EIO';
    clock.advance(300_000);
    expect(gpio.line('GPIO22').level).toBe(1);
    gpio.line('GPIO22').refusal = null;
    clock.advance(1_000_000);
    expect(gpio.line('GPIO22').level).toBe(0);
  });

  it('R27: closing in mid pulse leaves no coil on', async () => {
    const [gpio, clock] = [new FakeGpio(), new ManualClock()];
    const { driver } = await opened(gpio, clock, wired);
    clock.advance(200_000);
    driver.moveTo('b');
    clock.advance(20_000);
    driver.close();
    expect([gpio.line('GPIO17').level, gpio.line('GPIO22').level]).toEqual([0, 0]);
    expect(clock.alarms).toBe(0);
  });
});

describe('emulated', () => {
  const openedAt = async (first: string, clock: ManualClock, waitsForCommand = false): Promise<Opened> => {
    const boards = ['a', 'b'] as const;
    const driver = await openEmulatedRelay({
      ...{ boards, first, waitsForCommand, clock },
      operateUs: 10_000,
      settleUs: 30_000,
    });
    const reports: RelayReport[] = [];
    driver.reports.subscribe((report) => reports.push(report));
    return { driver, reports };
  };

  it('R13: moves after its operate time, not before, and its feedback proves that', async () => {
    const clock = new ManualClock();
    const { driver, reports } = await openedAt('a', clock);
    clock.advance(100_000);
    driver.moveTo('b');
    clock.advance(9_999);
    expect([driver.proved, reports]).toEqual([false, [moved('a', true)]]);
    clock.advance(2_000);
    expect(reports).toEqual([moved('a', true), moved('b', true)]);
    expect([driver.proved, driver.commanded, driver.operations, driver.retries]).toEqual([true, 'b', 1, 0]);
  });

  it('R13: commanded back in mid move, it is proved only when it has surely come', async () => {
    const clock = new ManualClock();
    const { driver, reports } = await openedAt('a', clock);
    clock.advance(100_000);
    for (const to of ['b', 'a', 'b', 'a'] as const) {
      driver.moveTo(to);
      clock.advance(7000);
    }
    expect(reports).toHaveLength(1);
    clock.advance(100_000);
    expect(reports.at(-1)).toEqual(moved('a', true));
  });

  it('R13, R27: a new gateway has it at the board of the lease; in the middle of a takeover it waits for the word', async () => {
    const clock = new ManualClock();
    const { reports } = await openedAt('b', clock);
    clock.advance(100_000);
    expect(reports).toEqual([moved('b', true)]);
    const again = await openedAt('b', clock, true);
    clock.advance(100_000);
    expect(again.reports).toEqual([]);
    again.driver.moveTo('b');
    clock.advance(100_000);
    expect(again.reports).toEqual([moved('b', true)]);
  });

  it('leaves no alarm behind', async () => {
    const clock = new ManualClock();
    const { driver } = await openedAt('a', clock);
    clock.advance(100_000);
    driver.close();
    expect(clock.alarms).toBe(0);
  });
});

describe('RESET in the place of a relay', () => {
  const fence = (clock: ManualClock, lines: { stands: boolean; proved: boolean }) => {
    const held: string[] = [];
    const driver = new ResetFence({
      ...{ boards: ['a', 'b'], first: 'a', clock },
      hold: (board) => held.push(board),
      look: () => lines,
    });
    const reports: RelayReport[] = [];
    driver.reports.subscribe((report) => reports.push(report));
    return { driver, held, reports };
  };

  it('R13: holds the other board, and says so when its line stands', () => {
    const { driver, held, reports } = fence(new ManualClock(), { stands: true, proved: true });
    driver.moveTo('b');
    expect(held).toEqual(['a']);
    expect(reports).toEqual([moved('b', true)]);
  });

  it('R13: a line that does not follow is a relay that is stuck; that it has come after all is told too', () => {
    const [clock, lines] = [new ManualClock(), { stands: false, proved: false }];
    const { driver, reports } = fence(clock, lines);
    driver.moveTo('b');
    expect(reports).toEqual([]);
    clock.advance(1_000_000);
    expect(reports).toEqual([stuck('b')]);
    lines.stands = true;
    clock.advance(100_000);
    expect(reports).toEqual([stuck('b'), moved('b', false)]);
    driver.close();
    expect(clock.alarms).toBe(0);
  });
});
