import { type DoctorFinding, mend, right } from '../../doctor-finding.js';
import type { Machine } from '../../machine/machine.js';

/** package.json, engines. */
const NEEDED = [20, 19] as const;

/** Whether this Node runs the gateway. */
export function checkNode(machine: Machine): readonly DoctorFinding[] {
  const [major = 0, minor = 0] = machine.nodeVersion.split('.').map(Number);
  const isEnough = major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
  if (isEnough) return [right('Node', `version ${machine.nodeVersion}`)];
  return [
    mend(
      'Node',
      `version ${machine.nodeVersion}; Copycat needs ${NEEDED.join('.')} or newer`,
      'install a newer one: Raspberry Pi OS trixie has it in its package nodejs, bookworm needs nodesource or nvm (docs/service.md)',
    ),
  ];
}
