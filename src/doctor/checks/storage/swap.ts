import type { Config } from '../../../config/config.js';
import { instanceName } from '../../../config/instance-name.js';
import { type DoctorFinding, mend, note, right } from '../../doctor-finding.js';
import type { Machine } from '../../machine/machine.js';
import { pairDropIn } from '../../machine/service-user.js';

const ABOUT = 'swap';
const TO_END_IT = ['sudo dphys-swapfile swapoff', 'sudo systemctl disable dphys-swapfile'];

/**
 * R32: the core's thread waits for no device. Memory that was swapped out is one: the gateway's own, and the hot journal's, which is in a
 * tmpfs. The service has `MemorySwapMax=0`, which is in force only where the kernel accounts for memory.
 */
export function checkSwap(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  if (config === null) return [];
  const onDisk = swapsOf(machine).filter((path) => !path.startsWith('/dev/zram'));
  if (onDisk.length === 0) return [right(ABOUT, 'none on a disk: no takeover waits for memory to be read back')];
  const where = onDisk.join(', ');
  if (machine.readFile(pairDropIn(instanceName(config.name))) === null) {
    const found = `${where}: memory of the gateway, or its hot journal, may be on the disk when a takeover needs it`;
    return [
      note(ABOUT, found, 'copycat service install, whose gateway is never swapped out; or end the swapping', TO_END_IT),
    ];
  }
  if (accountsForMemory(machine)) return [right(ABOUT, `${where}, but not for the service (MemorySwapMax=0)`)];
  return [
    mend(
      ABOUT,
      `${where}, and the kernel does not account for memory: the service's MemorySwapMax=0 is not in force`,
      'add cgroup_enable=memory to the line in /boot/firmware/cmdline.txt and start anew, or end the swapping',
      TO_END_IT,
    ),
  ];
}

/** proc(5): a line for each area behind a line of titles. */
function swapsOf(machine: Machine): string[] {
  const [, ...areas] = (machine.readFile('/proc/swaps') ?? '').trimEnd().split('\n');
  return areas.map((line) => line.split(/\s+/)[0] ?? '').filter((path) => path !== '');
}

function accountsForMemory(machine: Machine): boolean {
  return (machine.readFile('/sys/fs/cgroup/cgroup.controllers') ?? '').trim().split(' ').includes('memory');
}
