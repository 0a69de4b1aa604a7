import type { Config } from '../../../config/config.js';
import { instanceName } from '../../../config/instance-name.js';
import { type DoctorFinding, note, right } from '../../doctor-finding.js';
import { boardDevices } from '../../machine/board-devices.js';
import type { Machine } from '../../machine/machine.js';
import { udevFiles } from '../../machine/udev-files.js';

/** Whether the rules that `copycat service install` writes are there. */
export function checkUdevRules(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  if (config === null || boardDevices(machine, config).length === 0) return [];
  const wanted = `70-copycat-${instanceName(config.name)}.rules`;
  const [file] = udevFiles(machine, (name) => name === wanted);
  if (file !== undefined) return [right('udev rules', `${file.path} is there`)];
  return [
    note(
      'udev rules',
      'those of Copycat are not installed: who may open the ports, how fast they answer and who leaves them alone is left to the system',
      'copycat service install writes them; copycat service print shows them',
    ),
  ];
}
