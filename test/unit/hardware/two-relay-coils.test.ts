import { describe, expect, it } from 'vitest';
import { createGpioProvider } from '../../../src/hardware/gpio/gpio-provider.js';
import { createLines } from '../../../src/hardware/lines/lines.js';
import type { OutputLine } from '../../../src/hardware/lines/output-line.js';
import { TwoRelayCoils } from '../../../src/hardware/relay/two-relay-coils.js';
import { FakeGpio } from '../fake-gpio.js';
import { ManualClock } from '../manual-clock.js';

const GAP_US = 20_000;
/** Two channels for each board. */
const PINS = { a: ['GPIO5', 'GPIO6'], b: ['GPIO17', 'GPIO22'] } as const;

interface Rig {
  readonly gpio: FakeGpio;
  readonly clock: ManualClock;
  readonly coils: TwoRelayCoils;
  /** The levels of all relays of a board. */
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
  const coils = new TwoRelayCoils(each, { gapUs: GAP_US, operateUs: 10_000 }, clock);
  return { gpio, clock, coils, levels: (board) => PINS[board].map((pin) => gpio.line(pin).level) };
}

/** The same, with a board connected and the gap long over. */
async function connected(board: 'a' | 'b'): Promise<Rig> {
  const made = await rig();
  made.coils.connect(board);
  made.clock.advance(1_000_000);
  expect(made.levels(board)).toEqual([1, 1]);
  return made;
}

describe('two relays, one for each board, of two channels', () => {
  it('R13: tell how long they take, and that no level of theirs moves nothing', async () => {
    const { coils, gpio } = await rig();
    expect([coils.sequenceUs, coils.earliestProofUs]).toEqual([GAP_US, GAP_US + 10_000]);
    expect([coils.takeWithoutMoving(), gpio.done]).toEqual([false, []]);
  });

  it('obey only when the wanted ones are closed, the others open, and every line shows it', async () => {
    const { coils, clock, levels } = await rig();
    expect(coils.isObeyed).toBe(false);
    coils.connect('b');
    expect([coils.isObeyed, levels('a'), levels('b')]).toEqual([false, [0, 0], [0, 0]]);
    clock.advance(GAP_US - 1);
    expect([coils.isObeyed, levels('b')]).toEqual([false, [0, 0]]);
    clock.advance(1);
    expect([coils.isObeyed, levels('a'), levels('b')]).toEqual([true, [0, 0], [1, 1]]);
  });

  it.each(['GPIO5', 'GPIO22'])('R13: do not obey while %s is held from outside, by itself', async (pin) => {
    const { coils, gpio } = await connected('b');
    gpio.line(pin).heldAt = pin === 'GPIO5' ? 1 : 0;
    expect(coils.isObeyed).toBe(false);
    gpio.line(pin).heldAt = null;
    expect(coils.isObeyed).toBe(true);
  });

  it.each(PINS.a)(
    'R13: that of the other board never close while %s is held on, and the gap has not begun',
    async (pin) => {
      const { coils, gpio, clock, levels } = await connected('a');
      gpio.line(pin).heldAt = 1;
      coils.connect('b');
      expect([coils.isObeyed, clock.alarms]).toEqual([false, 0]);
      clock.advance(1_000_000);
      expect([coils.isObeyed, levels('b')]).toEqual([false, [0, 0]]);
      gpio.line(pin).heldAt = null;
      // Open at last; what is wanted is not there, though, and says so until it is commanded again.
      expect(coils.isObeyed).toBe(false);
      coils.connect('b');
      clock.advance(GAP_US - 1);
      expect(levels('b')).toEqual([0, 0]);
      clock.advance(1);
      expect([coils.isObeyed, levels('b')]).toEqual([true, [1, 1]]);
    },
  );

  it.each(PINS.a)('R13: nor where %s is held on within the gap', async (pin) => {
    const { coils, gpio, clock, levels } = await connected('a');
    coils.connect('b');
    clock.advance(GAP_US / 2);
    gpio.line(pin).heldAt = 1;
    clock.advance(GAP_US);
    expect([levels('b'), coils.isObeyed]).toEqual([[0, 0], false]);
    gpio.line(pin).heldAt = null;
    expect(coils.isObeyed).toBe(false);
  });

  it('R13: of which one cannot be closed after the gap do not obey, and the alarm that finds it throws nothing', async () => {
    const { coils, gpio, clock } = await connected('a');
    coils.connect('b');
    gpio.line('GPIO22').refusal = 'EIO';
    clock.advance(GAP_US);
    expect(coils.isObeyed).toBe(false);
    gpio.line('GPIO22').refusal = null;
    expect(coils.isObeyed).toBe(false);
    coils.connect('b');
    expect([coils.isObeyed, clock.alarms]).toEqual([true, 0]);
  });

  it('R13: of which one refuses to open tell it to whoever commands, and nothing closes', async () => {
    const { coils, gpio, clock, levels } = await connected('a');
    gpio.line('GPIO5').refusal = 'EIO';
    expect(() => coils.connect('b')).toThrow(expect.objectContaining({ code: 'EIO' }));
    expect(clock.alarms).toBe(0);
    clock.advance(1_000_000);
    // The other channel was opened all the same.
    expect([levels('a'), levels('b'), coils.isObeyed]).toEqual([[1, 0], [0, 0], false]);
  });

  it('R13: are not made to wait again where the others have been open for the gap', async () => {
    const { coils, clock, levels } = await connected('b');
    coils.connect('b');
    expect([levels('b'), coils.isObeyed, clock.alarms]).toEqual([[1, 1], true, 0]);
  });

  it('R27: closed within the gap move no more; what is open stays open', async () => {
    const { coils, clock, levels } = await connected('a');
    coils.connect('b');
    coils.close();
    expect(clock.alarms).toBe(0);
    clock.advance(1_000_000);
    expect([levels('a'), levels('b')]).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('R27: closed and never commanded have touched nothing; closed when they have come stay', async () => {
    const untouched = await rig();
    untouched.coils.close();
    expect(untouched.gpio.done).toEqual([]);
    const { coils, levels } = await connected('a');
    coils.close();
    expect(levels('a')).toEqual([1, 1]);
  });

  it('know the boards of their pair, and nobody else', async () => {
    const { coils, gpio } = await rig();
    expect(() => coils.connect('c')).toThrow(expect.objectContaining({ code: 'INTERNAL', value: 'c' }));
    expect(gpio.done).toEqual([]);
  });
});
