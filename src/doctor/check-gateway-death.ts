import type { Config } from '../config/config.js';
import { type DoctorFinding, mend, note, right } from './doctor-finding.js';
import { linesOf } from './gpio-lines.js';
import type { Machine } from './machine.js';
import { word } from './usb-serial.js';

const ABOUT = 'relay without a gateway';
/** Pi 0 to 4, and Pi 5. */
const PARAMETERS = ['pinctrl_bcm2835', 'pinctrl_rp1'].map(
  (name) => `/sys/module/${name}/parameters/persist_gpio_outputs`,
);

/** `held`: driven at its last level for ever; `released`: becomes an input, and the pull decides. */
export function lineAfterDeath(machine: Machine): 'held' | 'released' | 'unknown' {
  const values = PARAMETERS.map((path) => word(machine, path)).filter((value) => value !== null);
  if (values.length > 0) return values.some((value) => /^[Y1]/i.test(value)) ? 'held' : 'released';
  // Kernels before the parameter, and those without it, make an input of a line that nobody holds.
  return machine.list('/sys/module/pinctrl_bcm2835').length > 0 ? 'released' : 'unknown';
}

/** Whether the kernel leaves the relay as on-gateway-death says when the gateway is gone. */
export function checkGatewayDeath(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  if (config === null || linesOf(config).length === 0) return [];
  const wanted = config.relay.onGatewayDeath ?? 'hold';
  const kernel = lineAfterDeath(machine);
  const said = `on-gateway-death: ${wanted}${config.relay.onGatewayDeath === null ? ' (not said, wanted where it can be had)' : ''}`;
  if (kernel === 'unknown') {
    return [
      note(
        ABOUT,
        `${said}; this kernel does not say what becomes of a line that nobody holds`,
        'try it: copycat relay test',
      ),
    ];
  }
  if ((kernel === 'held') === (wanted === 'hold')) {
    return [right(ABOUT, `${said}, and the kernel ${kernel === 'held' ? 'keeps the level' : 'releases the line'}`)];
  }
  if (wanted === 'release') {
    return [
      mend(
        ABOUT,
        `${said}, but this kernel keeps the last level when the gateway is gone (persist_gpio_outputs)`,
        'let the kernel release lines: add this line to /boot/firmware/config.txt and reboot',
        ['echo dtparam=strict_gpiod | sudo tee -a /boot/firmware/config.txt'],
      ),
    ];
  }
  const found = `${said}, but this kernel makes an input of the line when the gateway is gone: the relay falls to rest`;
  const fix =
    'take dtparam=strict_gpiod out of config.txt, or add pinctrl_bcm2835.persist_gpio_outputs=1 to the line in /boot/firmware/cmdline.txt (not on a Pi 5), and reboot';
  return [config.relay.onGatewayDeath === null ? note(ABOUT, found, fix) : mend(ABOUT, found, fix)];
}
