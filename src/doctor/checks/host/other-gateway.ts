import type { Config } from '../../../config/config.js';
import { instanceName } from '../../../config/instance-name.js';
import { type DoctorFinding, mend, note, right } from '../../doctor-finding.js';
import { programOf } from '../../machine/holders.js';
import type { Machine } from '../../machine/machine.js';

const ABOUT = 'gateway of this ledger';

/** Who has the ledger: one gateway at most, and whether it is the service. */
export function checkOtherGateway(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  if (config === null) return [];
  const pid = lockHolder(machine, `${config.ledger.path}.lock`);
  if (pid === null) return [right(ABOUT, 'none is running')];
  const isAnswering = machine.stat(config.controlPath)?.kind === 'socket';
  const who = `process ${pid} (${programOf(machine, pid)})`;
  if (!isAnswering) {
    return [
      mend(
        ABOUT,
        `${who} has the ledger, and serves no ${config.controlPath}: a gateway of another configuration, or one that hangs`,
        'end it before this one is started',
        [`kill ${pid}`],
      ),
    ];
  }
  const cgroup = machine.readFile(`/proc/${pid}/cgroup`) ?? '';
  const unit = `copycat@${instanceName(config.name)}.service`;
  if (cgroup.includes(unit)) return [right(ABOUT, `${who}, started by ${unit}`)];
  return [note(ABOUT, `${who}, started by hand: it ends with its terminal, and no service can start beside it`)];
}

/** The lock is the kernel's (fcntl), and /proc/locks names the process that has it. */
function lockHolder(machine: Machine, path: string): number | null {
  const facts = machine.stat(path);
  if (facts === null) return null;
  for (const line of (machine.readFile('/proc/locks') ?? '').split('\n')) {
    const [, , , mode, pid, where = ''] = line.split(/\s+/);
    const [major = '', minor = '', inode] = where.split(':');
    const on = `${Number.parseInt(major, 16)}:${Number.parseInt(minor, 16)}`;
    if (mode === 'WRITE' && Number(inode) === facts.inode && on === facts.on) return Number(pid);
  }
  return null;
}
