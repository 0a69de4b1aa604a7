import { type DoctorFinding, mend, note, right } from '../../doctor-finding.js';
import { runningAs } from '../../machine/holders.js';
import type { Machine } from '../../machine/machine.js';

const ABOUT = 'clock';
const RTC_FOLDER = '/sys/class/rtc';

/** Whether the times in the fault log will be right. Nothing else depends on them: deadlines have their own clock. */
export function checkClock(machine: Machine): readonly DoctorFinding[] {
  const hasRtc = machine.list(RTC_FOLDER).length > 0;
  const rtcText = hasRtc ? '; a hardware clock keeps it without power' : '';
  if (isSynchronised(machine)) {
    if (hasRtc) return [right(ABOUT, `synchronised${rtcText}`)];
    return [
      note(
        ABOUT,
        'synchronised; without a hardware clock it is wrong after a power cut until the network is back (faults of that time say so)',
        'add a hardware clock (Pi 5: a battery at J5; others: a DS3231 with dtoverlay=i2c-rtc,ds3231) where there is no network',
      ),
    ];
  }
  if (runningAs(machine, 'systemd-timesyncd').length === 0 && runningAs(machine, 'chronyd').length === 0) {
    return [
      mend(ABOUT, `nothing sets it${rtcText}: faults may bear wrong times`, 'let systemd set it from the network', [
        'sudo timedatectl set-ntp true',
      ]),
    ];
  }
  return [
    mend(
      ABOUT,
      `not synchronised yet${rtcText}: faults may bear wrong times`,
      'see that the network reaches a time server',
      ['timedatectl timesync-status'],
    ),
  ];
}

function isSynchronised(machine: Machine): boolean {
  if (machine.stat('/run/systemd/timesync/synchronized') !== null) return true;
  // chrony leaves no file; timedatectl asks the kernel (adjtimex), whoever sets the clock.
  const asked = machine.run('timedatectl', ['show', '--property=NTPSynchronized', '--value']);
  return asked?.code === 0 && asked.out.trim() === 'yes';
}
