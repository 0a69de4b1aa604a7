import type { Config } from '../../../config/config.js';
import { userFolder } from '../../../private-files/private-folder.js';
import { type DoctorFinding, mend, note, right } from '../../doctor-finding.js';
import type { Machine } from '../../machine/machine.js';
import { mountOf } from '../../machine/mounts.js';
import { gatewayUser } from '../../machine/service-user.js';
import { localSetting } from '../../machine/systemd-settings.js';

const ABOUT = 'hot journal';
/** SYS_UID_MAX of Debian's login.defs: users from here on are people. */
const FIRST_PERSON = 1000;

/** Whether the hot journal is in memory, this user's alone, and stays there when its user logs out. */
export function checkJournal(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  if (config === null) return [];
  const { uid } = gatewayUser(machine, config);
  const { durability } = config.ledger;
  const journalFolder = journalFolderFor(config, uid);
  const locks = userFolder(uid ?? undefined);
  const folders = durability === 'power' ? [locks] : [...new Set([locks, journalFolder])];
  const trouble = folders.flatMap((folder) => machine.privateFolderTrouble(folder, uid ?? machine.user.uid) ?? []);
  const closed = trouble.map(({ found, cure }) =>
    mend(
      durability === 'power' ? 'folder of locks' : ABOUT,
      found,
      cure.replace(/^./, (letter) => letter.toLowerCase()),
    ),
  );
  if (durability === 'power' || closed.length > 0) return closed;
  const mount = mountOf(machine, journalFolder);
  if (mount === null) return [note(ABOUT, `what holds ${journalFolder} cannot be told`)];
  if (mount.type !== 'tmpfs') {
    return [
      mend(
        ABOUT,
        `${journalFolder} is on ${mount.type} and not in memory: every input is written to the disk`,
        'use a folder in /dev/shm (ledger: journal), or say durability: power',
      ),
    ];
  }
  return [lossAtLogout(machine, config, journalFolder) ?? right(ABOUT, `${journalFolder} is in memory`)];
}

/** A folder that the configuration does not name is that of whoever runs the gateway, and not of who asks. */
export function journalFolderFor({ ledger }: Config, uid: number | null): string {
  return ledger.journalFolder === userFolder() ? userFolder(uid ?? undefined) : ledger.journalFolder;
}

/** logind.conf(5), RemoveIPC: what a person has in /dev/shm is removed when their last session ends. */
function lossAtLogout(machine: Machine, config: Config, journalFolder: string): DoctorFinding | null {
  const user = gatewayUser(machine, config);
  const isPerson = user.uid === null || user.uid >= FIRST_PERSON;
  if (!isPerson || !`${journalFolder}/`.startsWith('/dev/shm/')) return null;
  const isKept =
    machine.stat(`/var/lib/systemd/linger/${user.name}`) !== null ||
    machine.list('/run/systemd/seats').length + machine.list('/run/systemd/users').length === 0 || // no logind
    /^(no|false|off|0)$/i.test(localSetting(machine, 'logind.conf', 'RemoveIPC') ?? '');
  if (isKept) return null;
  return mend(
    ABOUT,
    `${journalFolder} is removed when ${user.name} logs out for the last time (RemoveIPC of systemd-logind): a gateway that is killed after that loses its newest inputs`,
    'let what belongs to this user live on; copycat service install does it',
    [`sudo loginctl enable-linger ${user.name}`],
  );
}
