import type { Config } from '../../../config/config.js';
import { instanceName } from '../../../config/instance-name.js';
import { type DoctorFinding, mend, note, right } from '../../doctor-finding.js';
import type { Machine } from '../../machine/machine.js';
import { pairDropIn } from '../../machine/service-user.js';

const ABOUT = 'service';

/** Whether the gateway of this pair starts with the machine. */
export function checkService(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  if (config === null) return [];
  const unit = `copycat@${instanceName(config.name)}.service`;
  if (machine.readFile(pairDropIn(instanceName(config.name))) === null) {
    return [note(ABOUT, 'is not installed: the gateway does not start with the machine', 'copycat service install')];
  }
  if (machine.stat('/etc/systemd/system/copycat@.service') === null) {
    return [mend(ABOUT, 'its unit copycat@.service is gone', 'copycat service install')];
  }
  const isEnabled = machine.list('/etc/systemd/system/multi-user.target.wants').includes(unit);
  if (!isEnabled) {
    return [mend(ABOUT, `${unit} does not start with the machine`, 'enable it', [`sudo systemctl enable ${unit}`])];
  }
  const active = machine.run('systemctl', ['is-active', unit]);
  const state = active === null ? 'unknown' : active.out.trim();
  if (state === 'failed') {
    return [mend(ABOUT, `${unit} has failed`, 'see why', [`journalctl -u ${unit} -n 50`])];
  }
  return [right(ABOUT, `${unit} starts with the machine; it is ${state} now`)];
}
