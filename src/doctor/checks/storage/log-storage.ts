import type { Config } from '../../../config/config.js';
import { type DoctorFinding, note, right } from '../../doctor-finding.js';
import type { Machine } from '../../machine/machine.js';
import { mountOf } from '../../machine/mounts.js';
import { localSetting } from '../../machine/systemd-settings.js';

const ABOUT = 'log';

/** Where journald keeps what the gateway says: in memory, or on a disk with a bound. */
export function checkLogStorage(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  if (config === null) return [];
  const storage = localSetting(machine, 'journald.conf', 'Storage')?.toLowerCase() ?? 'auto';
  const isOnDisk = storage === 'persistent' || (storage === 'auto' && machine.stat('/var/log/journal') !== null);
  if (!isOnDisk || mountOf(machine, '/var/log/journal')?.type === 'tmpfs') {
    return [right(ABOUT, 'journald keeps it in memory; faults are in the ledger, on the disk')];
  }
  const limit = localSetting(machine, 'journald.conf', 'SystemMaxUse');
  if (limit !== null && limit !== '') return [right(ABOUT, `journald keeps it on the disk, at most ${limit}`)];
  return [
    note(
      ABOUT,
      'journald keeps it on the disk, at most a tenth of it and 4 GB; the gateway writes two lines a second at worst',
      'to spare an SD card, keep the log in memory (faults are in the ledger all the same)',
      [
        'sudo mkdir -p /etc/systemd/journald.conf.d',
        "printf '[Journal]\\nStorage=volatile\\nRuntimeMaxUse=50M\\n' | sudo tee /etc/systemd/journald.conf.d/50-memory.conf",
      ],
    ),
  ];
}
