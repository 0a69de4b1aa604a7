import { dirname } from 'node:path';
import type { Config } from '../config/config.js';
import { instanceName } from '../config/instance-name.js';
import type { Machine } from '../doctor/machine/machine.js';
import { pairDropIn } from '../doctor/machine/service-user.js';
import { CopycatError } from '../errors/copycat-error.js';
import { readDropIn } from './pair-drop-in.js';
import { rulesPath, unitName } from './plan-install.js';
import { MARK, run, type ServicePlan, type ServiceStep, tryRun } from './service-plan.js';
import { TEMPLATE_PATH } from './unit-template.js';

const UNITS = '/etc/systemd/system';

/**
 * Takes away what an installation wrote, and nothing else: files without its mark stay, and the unit that all pairs share
 * goes with the last of them.
 * @throws CopycatError USAGE when this pair has no service
 */
export function planUninstall(machine: Machine, config: Config): ServicePlan {
  const path = pairDropIn(instanceName(config.name));
  const text = machine.readFile(path);
  if (text === null) {
    throw new CopycatError('USAGE', `the pair ${config.name} has no service here (no ${path})`);
  }
  const notes: string[] = [];
  const remove = (file: string): ServiceStep[] => {
    const content = machine.readFile(file);
    if (content === null) return [];
    if (content.startsWith(MARK)) return [{ type: 'remove', path: file }];
    notes.push(`${file} is not ours (its first line says so) and stays`);
    return [];
  };
  const others = machine
    .list(UNITS)
    .filter((name) => /^copycat@.+\.service\.d$/.test(name) && `${UNITS}/${name}` !== dirname(path))
    .filter((name) => machine.readFile(`${UNITS}/${name}/50-pair.conf`) !== null);
  const rules = remove(rulesPath(config));
  const { lingers } = readDropIn(text);
  return {
    steps: [
      tryRun('systemctl', 'disable', '--now', unitName(config)),
      ...remove(path),
      ...rules,
      ...(others.length === 0 ? remove(TEMPLATE_PATH) : []),
      ...(lingers === null ? [] : [tryRun('loginctl', 'disable-linger', lingers)]),
      ...(rules.length === 0 ? [] : [tryRun('udevadm', 'control', '--reload')]),
      run('systemctl', 'daemon-reload'),
    ],
    notes: [
      ...notes,
      `the configuration, the ledger ${config.ledger.path} and the relay stay as they are`,
      ...(others.length === 0
        ? []
        : [`${TEMPLATE_PATH} stays: ${others.length} other ${others.length === 1 ? 'pair needs' : 'pairs need'} it`]),
    ],
  };
}
