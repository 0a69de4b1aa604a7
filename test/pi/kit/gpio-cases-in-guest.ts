import { openLinuxGpio } from '../../../src/hardware/gpio/linux-gpio.js';
import { gpioCases } from '../../conformance/kit/gpio-cases.js';

// In the guest, bundled: the cases of test/conformance/gpio.test.ts on the kernel's own driver, a line each.
const host = await openLinuxGpio();
for (const { name, run } of gpioCases) {
  try {
    run(host, process.argv[2] ?? '');
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`FAILED ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
