import { type DoctorFinding, mend, note, right } from '../../doctor-finding.js';
import { runningAs } from '../../machine/holders.js';
import type { Machine } from '../../machine/machine.js';
import { localSetting } from '../../machine/systemd-settings.js';

const ABOUT = 'hardware watchdog';

/** Whether a machine that hangs as a whole restarts by itself: then neither board can be commanded, and nobody says so. */
export function checkHardwareWatchdog(machine: Machine): readonly DoctorFinding[] {
  if (machine.stat('/dev/watchdog') === null) {
    return [
      note(
        ABOUT,
        'this machine has none that Linux knows',
        'on a Pi: dtparam=watchdog=on in /boot/firmware/config.txt',
      ),
    ];
  }
  if (runningAs(machine, 'watchdog').length > 0) return [right(ABOUT, 'fed by the program watchdog')];
  const setting = localSetting(machine, 'system.conf', 'RuntimeWatchdogSec');
  if (setting !== null && !/^(0|off|0s|)$/.test(setting)) return [right(ABOUT, `fed by systemd (${setting})`)];
  return [
    mend(
      ABOUT,
      'is there and nobody feeds it: a machine that hangs stays so',
      'let systemd feed it, from the next start on',
      [
        'sudo mkdir -p /etc/systemd/system.conf.d',
        "printf '[Manager]\\nRuntimeWatchdogSec=15s\\n' | sudo tee /etc/systemd/system.conf.d/50-watchdog.conf",
      ],
    ),
  ];
}
