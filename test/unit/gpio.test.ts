import { describe, expect, it } from 'vitest';
import { createGpioProvider } from '../../src/hardware/gpio/gpio-provider.js';
import {
  askLine,
  askLineInfo,
  emptyChipInfo,
  lineValues,
  readChipInfo,
  readLevel,
  readLineDescriptor,
  readLineInfo,
} from '../../src/hardware/gpio/gpio-structs.js';
import { openLinuxGpio } from '../../src/hardware/gpio/linux-gpio.js';
import { createLines, type Lines } from '../../src/hardware/lines/lines.js';
import { FakeGpio } from './fake-gpio.js';
import { ManualClock } from './manual-clock.js';

function onGpio(gpio: FakeGpio, chip: string | null = null): { lines: Lines; clock: ManualClock } {
  const clock = new ManualClock();
  return { clock, lines: createLines([createGpioProvider({ clock, chip, openHost: () => Promise.resolve(gpio) })]) };
}

/** Opens and drives it: that is when a line is taken. */
async function drive(lines: Lines, line: string, on: boolean, activeLow = false): Promise<void> {
  const output = await lines.openOutput(line, { activeLow });
  output.set(on);
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the structures of the character device (linux/gpio.h, v2)', () => {
  it('an output request: offset, consumer, flag, first level, one line', () => {
    const bytes = askLine(17, { direction: 'output', consumer: 'copycat', level: 1 });
    expect(bytes).toHaveLength(592);
    const set = [...bytes.entries()].filter(([, byte]) => byte !== 0);
    expect(set).toEqual([
      [0, 17],
      ...[...Buffer.from('copycat').entries()].map(([at, byte]) => [256 + at, byte]),
      [288, 8], // output
      [296, 1], // one attribute:
      [320, 2], // the values of outputs,
      [328, 1], // high,
      [336, 1], // for the first line
      [560, 1],
    ]);
  });

  it('an input request has its resistor in the flags, and a long word for the consumer leaves room for its end', () => {
    const flagsOf = (pull: 'none' | 'up' | 'down') =>
      askLine(1, { direction: 'input', consumer: '', pull }).readBigUInt64LE(288);
    expect([flagsOf('none'), flagsOf('up'), flagsOf('down')]).toEqual([0x404n, 0x104n, 0x204n]);
    const long = askLine(1, { direction: 'input', consumer: 'x'.repeat(40), pull: 'none' });
    expect([long[286], long[287]]).toEqual([0x78, 0]);
  });

  it('what the kernel writes is read where it writes it', () => {
    const chip = emptyChipInfo();
    chip.write('gpiochip0', 0);
    chip.write('pinctrl-bcm2835', 32);
    chip.writeUInt32LE(54, 64);
    expect(readChipInfo(chip)).toEqual({ label: 'pinctrl-bcm2835', lineCount: 54 });
    const info = askLineInfo(17);
    expect([info.length, info.readUInt32LE(64)]).toEqual([256, 17]);
    info.write('GPIO17', 0);
    info.write('pigpiod', 32);
    info.writeBigUInt64LE(0b1001n, 72);
    expect(readLineInfo(info)).toEqual({ name: 'GPIO17', consumer: 'pigpiod', isUsed: true, isOutput: true });
    const line = askLine(1, { direction: 'output', consumer: '', level: 0 });
    line.writeInt32LE(23, 588);
    expect(readLineDescriptor(line)).toBe(23);
    expect([readLevel(lineValues(1)), readLevel(lineValues(0))]).toEqual([1, 0]);
  });
});

describe('the host without GPIO', () => {
  it('koffi and the C library load, and the refusal of the kernel has its name', async () => {
    const host = await openLinuxGpio();
    // A device that is there and no GPIO chip.
    expect(() => host.open('/dev/null')).toThrow(expect.objectContaining({ name: 'GpioError', code: 'ENOTTY' }));
    expect(() => host.open('/dev/gpiochip99')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});

describe('where a line is', () => {
  it('by its name on any chip, by label where one is named, never by number', async () => {
    const gpio = new FakeGpio();
    gpio.addChip('/dev/gpiochip4', 'expander', ['', 'GPIO17', 'RELAY']);
    const ambiguous = onGpio(gpio);
    await expect(drive(ambiguous.lines, 'GPIO17', true)).rejects.toThrow(
      /more than one GPIO chip.*pinctrl-rp1 and expander/,
    );
    await drive(onGpio(gpio, 'expander').lines, 'GPIO17', true);
    expect(gpio.done).toEqual(['GPIO17=1']);
    expect(gpio.line('GPIO17').level).toBe(0); // the first of that name: pinctrl-rp1's
    expect(gpio.openChips).toBe(0);
  });

  it('a header pin that the device tree names by its use is found by its number', async () => {
    const gpio = new FakeGpio();
    gpio.removeChip('/dev/gpiochip0');
    gpio.addChip('/dev/gpiochip4', 'pinctrl-bcm2835', ['ID_SDA', 'ID_SCL', 'SDA1']);
    gpio.addChip('/dev/gpiochip5', 'other', ['x', 'y', 'z']);
    await drive(onGpio(gpio).lines, 'GPIO2', true);
    expect(gpio.done).toEqual(['SDA1=1']);
  });

  it.each([
    ['no such line', (gpio: FakeGpio) => gpio, 'GPIO60', null, /no line named|has a line named GPIO60/],
    [
      'no such label',
      (gpio: FakeGpio) => gpio,
      'GPIO17',
      'pinctrl-x',
      /no GPIO chip of this host has the label pinctrl-x/,
    ],
    [
      'no chip at all',
      (gpio: FakeGpio) => gpio.removeChip('/dev/gpiochip0'),
      'GPIO17',
      null,
      /this host has no GPIO chip/,
    ],
  ] as const)('%s is told', async (_name, spoil, line, label, message) => {
    const gpio = new FakeGpio();
    spoil(gpio);
    await expect(drive(onGpio(gpio, label).lines, line, true)).rejects.toMatchObject({
      code: 'RELAY_UNAVAILABLE',
      message: expect.stringMatching(message),
    });
  });

  it('without permission the group gpio is named', async () => {
    const gpio = new FakeGpio();
    gpio.removeChip('/dev/gpiochip0');
    gpio.refused.set('/dev/gpiochip0', 'EACCES');
    await expect(drive(onGpio(gpio).lines, 'GPIO17', true)).rejects.toMatchObject({
      message: expect.stringContaining('no permission'),
      expected: expect.stringContaining('usermod -aG gpio'),
    });
  });

  it('a chip that is not ours to open does not hide the one that has the line', async () => {
    const gpio = new FakeGpio();
    gpio.refused.set('/dev/gpiochip9', 'EACCES');
    await drive(onGpio(gpio).lines, 'GPIO17', true);
    expect(gpio.done).toEqual(['GPIO17=1']);
  });

  it('a line in use: its holder is named', async () => {
    const gpio = new FakeGpio();
    gpio.line('GPIO17').consumer = 'pigpiod';
    await expect(drive(onGpio(gpio).lines, 'GPIO17', true)).rejects.toThrow('GPIO17 is in use: pigpiod holds it');
    gpio.line('GPIO18').request = { direction: 'input', consumer: '', pull: 'none' };
    await expect(drive(onGpio(gpio).lines, 'GPIO18', true)).rejects.toThrow(
      'the kernel (a driver or an overlay) holds it',
    );
  });

  it('a chip without resistors inside says so', async () => {
    const gpio = new FakeGpio();
    gpio.line('GPIO27').refusal = 'ENOTSUP';
    const open = onGpio(gpio).lines.openInput('GPIO27', { activeLow: false, pull: 'up' }, () => undefined);
    await expect(open).rejects.toMatchObject({ expected: expect.stringContaining('feedback-pull: none') });
  });
});

describe('lines', () => {
  it('an output is taken with its first level, by no word before; active-low swaps what is on', async () => {
    const gpio = new FakeGpio();
    const { lines } = onGpio(gpio);
    const [high, low] = [
      await lines.openOutput('GPIO17', { activeLow: false }),
      await lines.openOutput('GPIO22', { activeLow: true }),
    ];
    expect([gpio.done, high.isOn, high.readBack()]).toEqual([[], null, null]);
    high.set(true);
    low.set(true);
    low.set(false);
    expect(gpio.done).toEqual(['GPIO17=1', 'GPIO22=0', 'GPIO22=1']);
    expect([high.isOn, high.readBack(), low.isOn, low.readBack()]).toEqual([true, true, false, false]);
    expect(gpio.line('GPIO17').request).toMatchObject({ direction: 'output', level: 1, consumer: 'copycat' });
  });

  it('an input is told soon and at each change, with its resistor', async () => {
    const gpio = new FakeGpio();
    const { lines, clock } = onGpio(gpio);
    const heard: (boolean | null)[] = [];
    await lines.openInput('GPIO27', { activeLow: true, pull: 'up' }, (on) => heard.push(on));
    expect(gpio.line('GPIO27').request).toMatchObject({ direction: 'input', pull: 'up' });
    clock.advance(0);
    gpio.drive('GPIO27', 1);
    clock.advance(10_000);
    gpio.drive('GPIO27', 0);
    clock.advance(10_000);
    await turn();
    expect(heard).toEqual([true, false, true]);
  });

  it('an input is looked at every 10 ms, every millisecond for a while when a change is expected', async () => {
    const gpio = new FakeGpio();
    const { lines, clock } = onGpio(gpio);
    const heard: (boolean | null)[] = [];
    const input = await lines.openInput('GPIO27', { activeLow: false, pull: 'none' }, (on) => heard.push(on));
    clock.advance(100_000);
    input.expectChange();
    gpio.drive('GPIO27', 1);
    clock.advance(1000);
    expect(heard).toEqual([false, true]);
    clock.advance(300_000);
    gpio.drive('GPIO27', 0);
    clock.advance(5000);
    expect(heard).toHaveLength(2);
    clock.advance(5000);
    expect(heard).toEqual([false, true, false]);
  });

  it('an input whose chip is gone is not known; the trouble is told', async () => {
    const gpio = new FakeGpio();
    const { lines, clock } = onGpio(gpio);
    const heard: (boolean | null)[] = [];
    await lines.openInput('GPIO27', { activeLow: false, pull: 'none' }, (on) => heard.push(on));
    clock.advance(0);
    gpio.line('GPIO27').refusal = 'ENODEV';
    clock.advance(100_000);
    expect(heard).toEqual([false, null]);
    expect(lines.trouble).toEqual(["the host's GPIO: a line: ENODEV"]);
  });

  it('R27: closing looks no more and keeps outputs as they are', async () => {
    const gpio = new FakeGpio();
    const { lines, clock } = onGpio(gpio);
    const output = await lines.openOutput('GPIO17', { activeLow: false });
    output.set(true);
    await lines.openInput('GPIO27', { activeLow: false, pull: 'none' }, () => undefined);
    lines.close();
    clock.advance(1_000_000);
    expect(clock.alarms).toBe(0);
    expect(gpio.done).toEqual(['GPIO17=1']);
    expect(gpio.line('GPIO17').consumer).toBe('copycat');
  });

  it('R13: an input that cannot be read for a moment is unknown so long, and then told anew; outputs are written again', async () => {
    const gpio = new FakeGpio();
    const { lines, clock } = onGpio(gpio);
    const heard: (boolean | null)[] = [];
    await drive(lines, 'GPIO17', true);
    await lines.openInput('GPIO27', { activeLow: false, pull: 'none' }, (on) => heard.push(on));
    clock.advance(20_000);
    await turn();
    gpio.line('GPIO27').refusal = 'EIO';
    clock.advance(30_000);
    expect([heard, lines.trouble.length]).toEqual([[false, null], 1]);
    gpio.line('GPIO27').refusal = null;
    gpio.drive('GPIO27', 1);
    const { length } = gpio.done;
    clock.advance(20_000);
    expect([heard, lines.trouble]).toEqual([[false, null, true], []]);
    expect(gpio.done.slice(length)).toEqual(['GPIO17=1']);
    lines.close();
  });
});
