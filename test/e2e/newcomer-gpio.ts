import { WallClock } from '../../src/clock/clock.js';
import { FakeGpio } from '../unit/fake-gpio.js';
import { changeover } from '../unit/relay-contacts.js';

/** In place of src/hardware/gpio/linux-gpio: a relay with two poles, its coil at GPIO17, its second pole at GPIO27. */
const gpio = new FakeGpio();
changeover(gpio, new WallClock(), 'GPIO17', 'GPIO27');

export function openLinuxGpio(): Promise<FakeGpio> {
  return Promise.resolve(gpio);
}
