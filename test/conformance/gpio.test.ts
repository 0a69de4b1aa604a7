import { describe, it } from 'vitest';
import { openLinuxGpio } from '../../src/hardware/gpio/linux-gpio.js';
import { FakeGpio } from '../unit/fake-gpio.js';
import { gpioCases } from './kit/gpio-cases.js';

describe('the GPIO host of the unit tests', () => {
  it.each(gpioCases)('$name', ({ run }) => run(new FakeGpio(), 'GPIO17'));
});

// Of the machine's own lines only one is driven that somebody has named as free. test/pi has the kernel of an emulated Pi.
const line = process.env['COPYCAT_TEST_GPIO_LINE'];
if (line !== undefined) {
  describe("the kernel's GPIO", () => {
    it.each(gpioCases)('$name', async ({ run }) => run(await openLinuxGpio(), line));
  });
}
