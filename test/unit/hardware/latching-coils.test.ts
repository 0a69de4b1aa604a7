import { describe, expect, it } from 'vitest';
import { createGpioProvider } from '../../../src/hardware/gpio/gpio-provider.js';
import { createLines } from '../../../src/hardware/lines/lines.js';
import type { OutputLine } from '../../../src/hardware/lines/output-line.js';
import { LatchingCoils } from '../../../src/hardware/relay/latching-coils.js';
import { FakeGpio } from '../fake-gpio.js';
import { ManualClock } from '../manual-clock.js';

const PULSE_US = 50_000;
/** Two channels for each board. */
const PINS = { a: ['GPIO5', 'GPIO6'], b: ['GPIO17', 'GPIO22'] } as const;

interface Rig {
  readonly gpio: FakeGpio;
  readonly clock: ManualClock;
  readonly coils: LatchingCoils;
  /** The levels of all coils of a board. */
  readonly levels: (board: 'a' | 'b') => readonly number[];
}

async function rig(): Promise<Rig> {
  const [gpio, clock] = [new FakeGpio(), new ManualClock()];
  const lines = createLines([createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(gpio) })]);
  const each = new Map<string, readonly OutputLine[]>();
  for (const [board, pins] of Object.entries(PINS)) {
    const outputs: OutputLine[] = [];
    for (const pin of pins) outputs.push(await lines.openOutput(pin, { activeLow: false }));
    each.set(board, outputs);
  }
  const coils = new LatchingCoils(each, PULSE_US, clock);
  return { gpio, clock, coils, levels: (board) => PINS[board].map((pin) => gpio.line(pin).level) };
}

/** The same, with a pulse that is over. */
async function moved(board: 'a' | 'b'): Promise<Rig> {
  const made = await rig();
  made.coils.connect(board);
  made.clock.advance(1_000_000);
  expect([made.levels('a'), made.levels('b'), made.coils.isObeyed]).toEqual([[0, 0], [0, 0], true]);
  made.gpio.done.length = 0;
  return made;
}

describe('a latching relay of two channels', () => {
  it('R27: takes its lines without moving; one that was never commanded obeys', async () => {
    const { coils, gpio } = await rig();
    expect([coils.sequenceUs, coils.earliestProofUs, coils.isObeyed]).toEqual([PULSE_US, 0, true]);
    expect(coils.takeWithoutMoving()).toBe(true);
    expect(gpio.done).toEqual(['GPIO5=0', 'GPIO6=0', 'GPIO17=0', 'GPIO22=0']);
    expect(coils.isObeyed).toBe(true);
  });

  it('switches the coils of the other board off before its own on, all of them, and those off after the pulse', async () => {
    const { coils, gpio, clock } = await moved('a');
    coils.connect('b');
    expect(gpio.done.splice(0)).toEqual(['GPIO5=0', 'GPIO6=0', 'GPIO17=1', 'GPIO22=1']);
    expect(coils.isObeyed).toBe(true);
    clock.advance(PULSE_US - 1);
    expect(gpio.done).toEqual([]);
    clock.advance(1);
    expect(gpio.done).toEqual(['GPIO5=0', 'GPIO6=0', 'GPIO17=0', 'GPIO22=0']);
    expect(clock.alarms).toBe(0);
  });

  it.each(PINS.a)(
    'R13: is not pulsed while the other coil %s is held on, and does not obey until it is commanded again',
    async (pin) => {
      const { coils, gpio, clock, levels } = await moved('a');
      gpio.line(pin).heldAt = 1;
      coils.connect('b');
      expect([levels('b'), coils.isObeyed, clock.alarms]).toEqual([[0, 0], false, 0]);
      gpio.line(pin).heldAt = null;
      expect(coils.isObeyed).toBe(false);
      coils.connect('b');
      expect([levels('b'), coils.isObeyed]).toEqual([[1, 1], true]);
    },
  );

  it('R13: tells whoever commands that a coil of the other board refuses, and is not pulsed', async () => {
    const { coils, gpio, clock, levels } = await moved('a');
    gpio.line('GPIO6').refusal = 'EIO';
    expect(() => coils.connect('b')).toThrow(expect.objectContaining({ code: 'EIO' }));
    gpio.line('GPIO6').refusal = null;
    expect([levels('b'), coils.isObeyed, clock.alarms]).toEqual([[0, 0], false, 0]);
  });

  it('R13: whose own coil refuses in one of its channels ends the pulse of the other all the same', async () => {
    const { coils, gpio, clock, levels } = await moved('a');
    gpio.line('GPIO17').refusal = 'EIO';
    expect(() => coils.connect('b')).toThrow(expect.objectContaining({ code: 'EIO' }));
    expect(levels('b')).toEqual([0, 1]);
    gpio.line('GPIO17').refusal = null;
    clock.advance(PULSE_US);
    expect(levels('b')).toEqual([0, 0]);
  });

  it.each(['GPIO5', 'GPIO22'])('R13: does not obey while %s is held on from outside, by itself', async (pin) => {
    const { coils, gpio } = await moved('b');
    gpio.line(pin).heldAt = 1;
    expect(coils.isObeyed).toBe(false);
    gpio.line(pin).heldAt = null;
    expect(coils.isObeyed).toBe(true);
  });

  it('R27: a coil that cannot be switched off is tried again every 20 ms, and no more when the relay is closed', async () => {
    const { coils, gpio, clock, levels } = await moved('a');
    coils.connect('b');
    gpio.line('GPIO22').refusal = 'EIO';
    clock.advance(PULSE_US);
    expect([levels('b'), clock.alarms]).toEqual([[0, 1], 1]);
    clock.advance(20_000);
    gpio.line('GPIO22').refusal = null;
    clock.advance(19_999);
    expect(levels('b')).toEqual([0, 1]);
    clock.advance(1);
    expect([levels('b'), clock.alarms]).toEqual([[0, 0], 0]);
    coils.connect('b');
    gpio.line('GPIO22').refusal = 'EIO';
    clock.advance(PULSE_US);
    coils.close();
    expect(clock.alarms).toBe(0);
  });

  it('R27: closed in mid pulse switches every coil off; closed at rest, touches nothing', async () => {
    const { coils, gpio, clock, levels } = await moved('a');
    coils.connect('b');
    coils.close();
    expect([levels('b'), clock.alarms]).toEqual([[0, 0], 0]);
    const atRest = await moved('a');
    atRest.coils.close();
    expect(atRest.gpio.done).toEqual([]);
    expect(gpio.done.at(-1)).toBe('GPIO22=0');
  });

  it('knows the boards of its pair, and nobody else', async () => {
    const { coils, gpio } = await rig();
    expect(() => coils.connect('c')).toThrow(expect.objectContaining({ code: 'INTERNAL', value: 'c' }));
    expect(gpio.done).toEqual([]);
  });
});
