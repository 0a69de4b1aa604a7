import { dirname } from 'node:path';
import type { Config } from '../../../config/config.js';
import { type DoctorFinding, mend, note, right } from '../../doctor-finding.js';
import type { Machine } from '../../machine/machine.js';
import { mountOf } from '../../machine/mounts.js';
import { word } from '../../machine/usb-serial.js';

const IN_MEMORY = new Set(['tmpfs', 'ramfs']);
const NETWORK = new Set(['nfs', 'nfs4', 'cifs', 'smb3', '9p', 'fuse.sshfs']);
/** JEDEC eMMC 5.1, EXT_CSD 267 and 268 to 269: steps of 10 % of the life that the maker gave it. */
const LIFE_NEARLY_OVER = 0x09;
const RESERVE_NEARLY_USED = 0x02;

/** What the ledger lies on: memory, network, an SD card, how worn it is as far as it says. */
export function checkStorage(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  if (config === null) return [];
  const about = 'storage of the ledger';
  const folder = dirname(config.ledger.path);
  const mount = mountOf(machine, folder);
  if (mount === null) return [note(about, `what holds ${folder} cannot be told`)];
  if (IN_MEMORY.has(mount.type)) {
    return [
      mend(
        about,
        `${folder} is in memory (${mount.type}): lease and faults are gone after a reboot`,
        'put it on a disk (ledger: path)',
      ),
    ];
  }
  if (NETWORK.has(mount.type)) {
    return [
      mend(
        about,
        `${folder} is on a network drive (${mount.type}): SQLite's locks do not hold there`,
        'put it on a disk of this machine',
      ),
    ];
  }
  const disk = diskOf(machine, mount.device);
  if (disk === null || !disk.startsWith('mmcblk')) return [right(about, `${disk ?? mount.device} (${mount.type})`)];
  return [cardFinding(machine, about, disk, config.ledger.durability)];
}

function cardFinding(machine: Machine, about: string, disk: string, durability: 'process' | 'power'): DoctorFinding {
  const folder = `/sys/block/${disk}/device`;
  const kind = word(machine, `${folder}/type`) === 'MMC' ? 'eMMC' : 'SD card';
  const lives = (word(machine, `${folder}/life_time`) ?? '').split(/\s+/).map((text) => Number.parseInt(text, 16));
  const reserve = Number.parseInt(word(machine, `${folder}/pre_eol_info`) ?? '', 16);
  const worst = Math.max(...lives.filter((life) => !Number.isNaN(life)), 0);
  const what = `${kind} ${word(machine, `${folder}/name`) ?? disk}`;
  if (worst >= LIFE_NEARLY_OVER || reserve >= RESERVE_NEARLY_USED) {
    return mend(
      about,
      `${what}: ${worst >= LIFE_NEARLY_OVER ? `${(worst - 1) * 10} % or more of its life is used` : 'most of its spare blocks are used'}`,
      'copy it to a new one now, while it can be read',
    );
  }
  if (worst > 0) return right(about, `${what}, at most ${worst * 10} % of its life used`);
  return note(
    about,
    `${what}; it does not say how worn it is`,
    durability === 'power'
      ? 'with durability power every input is written to it: use an SSD, or a card made for endurance'
      : 'with durability process it gets few writes; a card made for endurance, or an SSD, is better still',
  );
}

/** `mmcblk0` for `179:2`; null: no disk of its own (an overlay, a container). */
function diskOf(machine: Machine, device: string): string | null {
  const folder = machine.resolve(`/sys/dev/block/${device}`);
  if (folder === null) return null;
  const [last = '', before = ''] = folder.split('/').reverse();
  return machine.stat(`${folder}/partition`) === null ? last : before;
}
