import { type DoctorFinding, mend, right } from '../../doctor-finding.js';
import { runningAs } from '../../machine/holders.js';
import type { Machine } from '../../machine/machine.js';
import { udevFiles } from '../../machine/udev-files.js';
import { usbSerialPorts } from '../../machine/usb-serial.js';

const ABOUT = 'brltty';
/** The makers of serial chips that its rules take for Braille displays: WCH (CH340), Silicon Labs, FTDI, Prolific. */
const CLAIMED = /1a86|10c4|0403|067b/;

/** brltty (Braille displays) has rules that take the serial chip of many boards: the port vanishes a second after the plug. */
export function checkBrltty(machine: Machine): readonly DoctorFinding[] {
  const files = udevFiles(machine, (name) => name.includes('brltty'));
  const takes = files.flatMap(({ path, rules }) => {
    const chips = rules.flatMap((rule) => CLAIMED.exec(rule.toLowerCase())?.[0] ?? []);
    return chips.length === 0 ? [] : [{ path, chips: [...new Set(chips)] }];
  });
  const [first] = takes;
  if (first === undefined) return [right(ABOUT, files.length === 0 ? 'is not installed' : 'takes no serial chip')];
  const isActive = runningAs(machine, 'brltty').length > 0;
  const boards = usbSerialPorts(machine).filter(({ vendor }) => first.chips.includes(vendor.toLowerCase()));
  const name = first.path.split('/').at(-1) ?? '';
  return [
    mend(
      ABOUT,
      `is ${isActive ? 'running' : 'installed'} and takes boards with chips of ${first.chips.join(', ')}` +
        (boards.length > 0
          ? `; here: ${boards.map(({ tty }) => tty).join(', ')}`
          : '; the port of such a board vanishes'),
      'remove it where nobody reads Braille, or mask its rules',
      ['sudo apt remove brltty', `sudo ln -s /dev/null /etc/udev/rules.d/${name}`],
    ),
  ];
}
