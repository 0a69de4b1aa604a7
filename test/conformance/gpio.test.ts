import { existsSync } from 'node:fs';
import { describe, it } from 'vitest';
import { openLinuxGpio } from '../../src/hardware/gpio/linux-gpio.js';
import { FakeGpio } from '../unit/fake-gpio.js';
import { gpioCases } from './kit/gpio-cases.js';

describe('the GPIO host of the unit tests', () => {
  it.each(gpioCases)('$name', ({ run }) => run(new FakeGpio(), 'GPIO17'));
});

// A line of the machine's own is driven only where somebody has named one that is free.
const line = process.env['COPYCAT_TEST_GPIO_LINE'];
describe.skipIf(line === undefined || !existsSync('/dev/gpiochip0'))("the kernel's GPIO", () => {
  it.each(gpioCases)('$name', async ({ run }) => run(await openLinuxGpio(), line ?? ''));
});
