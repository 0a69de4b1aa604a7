import { describe, expect, it } from 'vitest';
import { findLine } from '../../../src/hardware/gpio/find-line.js';
import { type GpioChip, GpioError, type GpioHost, type LineRequest } from '../../../src/hardware/gpio/gpio-chip.js';
import { takeLine } from '../../../src/hardware/gpio/take-line.js';
import { FakeGpio } from '../fake-gpio.js';

const output: LineRequest = { direction: 'output', consumer: 'copycat', level: 1 };
const input = (pull: 'none' | 'up' | 'down'): LineRequest => ({ direction: 'input', consumer: 'copycat', pull });

/** What it throws. */
function failureOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** The same host, with some of a chip's methods in place of its own. */
function withChips(gpio: FakeGpio, change: (chip: GpioChip) => Partial<GpioChip>): GpioHost {
  return {
    paths: () => gpio.paths(),
    open: (path) => {
      const chip = gpio.open(path);
      return { ...chip, ...change(chip) };
    },
  };
}

const refuse = (code: string) => () => {
  throw new GpioError(code, `asking: ${code}`);
};

describe('the refusal of a line that was to be taken', () => {
  it.each(['EPERM', 'EACCES'])('%s is one of permission', (code) => {
    const gpio = new FakeGpio();
    gpio.line('GPIO17').refusal = code;
    expect(failureOf(() => takeLine(gpio, 'GPIO17', null, output))).toMatchObject({
      code: 'RELAY_UNAVAILABLE',
      message: `no permission to take GPIO17 (a line: ${code})`,
      value: 'GPIO17',
      expected: 'a user of the group gpio, and a service that may use /dev/gpiochip*',
      cause: expect.objectContaining({ code }),
    });
    expect(gpio.openChips).toBe(0);
  });

  it.each([
    [output, 'cannot be taken as an output', 'a line of pinctrl-rp1 that can be an output'],
    [input('none'), 'cannot be taken as an input', 'a line of pinctrl-rp1 that can be an input'],
    [input('up'), 'cannot be taken as an input', 'a chip that can pull up inside, or feedback-pull: none'],
    [input('down'), 'cannot be taken as an input', 'a chip that can pull down inside, or feedback-pull: none'],
  ])('else is told with what it was to be: %o', (request, message, expected) => {
    const gpio = new FakeGpio();
    gpio.line('GPIO17').refusal = 'ENOTSUP';
    expect(failureOf(() => takeLine(gpio, 'GPIO17', null, request))).toMatchObject({
      code: 'RELAY_UNAVAILABLE',
      message: `GPIO17 ${message} (a line: ENOTSUP)`,
      value: 'GPIO17',
      expected,
      cause: expect.objectContaining({ code: 'ENOTSUP' }),
    });
  });

  it('in use names who holds it, as far as the kernel says', () => {
    const gpio = new FakeGpio();
    gpio.line('GPIO17').consumer = 'pigpiod';
    expect(failureOf(() => takeLine(gpio, 'GPIO17', null, output))).toMatchObject({
      code: 'RELAY_UNAVAILABLE',
      message: 'GPIO17 is in use: pigpiod holds it',
      value: 'GPIO17',
      expected: expect.stringContaining('a line that nothing else uses'),
      cause: expect.objectContaining({ code: 'EBUSY' }),
    });
    for (const [isUsed, holder] of [
      [true, 'the kernel (a driver or an overlay)'],
      [false, 'another program (gone by now)'],
    ] as const) {
      const host = withChips(gpio, (chip) => ({ info: (offset) => ({ ...chip.info(offset), consumer: '', isUsed }) }));
      expect(failureOf(() => takeLine(host, 'GPIO17', null, output))).toMatchObject({
        message: `GPIO17 is in use: ${holder} holds it`,
      });
    }
  });

  it('in use is told also where the kernel does not say by whom', () => {
    const gpio = new FakeGpio();
    gpio.line('GPIO17').consumer = 'pigpiod';
    let asked = 0;
    const host = (then: () => never) =>
      withChips(gpio, (chip) => ({ info: (offset) => (++asked > chip.lineCount ? then() : chip.info(offset)) }));
    expect(failureOf(() => takeLine(host(refuse('ENODEV')), 'GPIO17', null, output))).toMatchObject({
      message: 'GPIO17 is in use: another program holds it',
    });
    asked = 0;
    const mistake = new TypeError('our own');
    const own = host(() => {
      throw mistake;
    });
    expect(failureOf(() => takeLine(own, 'GPIO17', null, output))).toBe(mistake);
  });

  it('that is a mistake of ours is not explained away; the chip is closed all the same', () => {
    const gpio = new FakeGpio();
    const mistake = new TypeError('our own');
    const host = withChips(gpio, () => ({
      request: () => {
        throw mistake;
      },
    }));
    expect(failureOf(() => takeLine(host, 'GPIO17', null, output))).toBe(mistake);
    expect(gpio.openChips).toBe(0);
  });
});

describe('where a line is looked for', () => {
  const none = (): FakeGpio => {
    const gpio = new FakeGpio();
    gpio.removeChip('/dev/gpiochip0');
    return gpio;
  };

  it('a host without chips, and a label or a line that is not there, are told with what there is', () => {
    expect(failureOf(() => findLine(none(), 'GPIO17', null))).toMatchObject({
      value: 'GPIO17',
      expected: 'a Raspberry Pi or the like, or a line of a Firmata board such as D7',
    });
    const gpio = new FakeGpio();
    gpio.addChip('/dev/gpiochip1', 'expander', ['X0']);
    gpio.addChip('/dev/gpiochip2', 'expander', ['X1']);
    expect(failureOf(() => findLine(gpio, 'GPIO17', 'pinctrl-x'))).toMatchObject({
      value: 'pinctrl-x',
      expected: 'gpio: { chip: auto }, or one of: pinctrl-rp1, expander',
    });
    expect(failureOf(() => findLine(gpio, 'GPIO54', null))).toMatchObject({
      value: 'GPIO54',
      expected: 'a line that gpioinfo shows (chips here: pinctrl-rp1, expander)',
    });
    expect(gpio.openChips).toBe(0);
  });

  it.each([
    ['EACCES', /no permission to use the GPIO lines \(opening .*EACCES\)/, /usermod -aG gpio/],
    ['EPERM', /no permission to use the GPIO lines \(opening .*EPERM\)/, /usermod -aG gpio/],
    ['ENOTTY', /the GPIO lines cannot be used \(opening .*ENOTTY\)/, /a kernel of Linux 5\.10/],
  ])('a host whose only chip refuses with %s says why', (code, message, expected) => {
    const gpio = none();
    gpio.refused.set('/dev/gpiochip0', code);
    expect(failureOf(() => findLine(gpio, 'GPIO17', null))).toMatchObject({
      code: 'RELAY_UNAVAILABLE',
      message: expect.stringMatching(message),
      value: 'GPIO17',
      expected: expect.stringMatching(expected),
      cause: expect.objectContaining({ code }),
    });
  });

  it('a chip that fails by a mistake of ours is no chip that refuses', () => {
    const mistake = new TypeError('our own');
    const host: GpioHost = {
      paths: () => ['/dev/gpiochip0'],
      open: () => {
        throw mistake;
      },
    };
    expect(failureOf(() => findLine(host, 'GPIO17', null))).toBe(mistake);
  });

  it('two lines of one name on one chip are not ambiguous; on two they are, and the value is the line', () => {
    const gpio = none();
    gpio.addChip('/dev/gpiochip1', 'expander', ['x', 'RELAY', 'RELAY']);
    const { chip, offset } = findLine(gpio, 'RELAY', null);
    chip.close();
    expect(offset).toBe(1);
    gpio.addChip('/dev/gpiochip2', 'other', ['RELAY']);
    expect(failureOf(() => findLine(gpio, 'RELAY', null))).toMatchObject({
      value: 'RELAY',
      expected: 'gpio: { chip: LABEL } with the label of the right one',
    });
    expect(gpio.openChips).toBe(0);
  });

  it('a pin of the header is found by its number only where it is one, whole, and the chip has it', () => {
    const gpio = none();
    const names = Array.from({ length: 28 }, (_, offset) => `USE${offset}`);
    gpio.addChip('/dev/gpiochip0', 'pinctrl-rp1', names);
    const { chip, offset } = findLine(gpio, 'GPIO27', null);
    chip.close();
    expect(offset).toBe(27);
    for (const line of ['GPIO28', 'xGPIO2', 'GPIO2x', 'RELAY']) {
      expect(failureOf(() => findLine(gpio, line, null))).toMatchObject({ code: 'RELAY_UNAVAILABLE', value: line });
    }
  });
});

describe("the kernel's refusal as an error", () => {
  it('has its code, and a cause where there is one', () => {
    const cause = new Error('EACCES: permission denied');
    const error = new GpioError('EACCES', 'opening', cause);
    expect([error.name, error.code, error.cause]).toEqual(['GpioError', 'EACCES', cause]);
    expect('cause' in new GpioError('EIO', 'reading')).toBe(false);
  });
});
