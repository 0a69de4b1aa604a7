import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { HOST, type HostFolders } from './host-folders.js';
import { namesIn, readValue, whereTo } from './sysfs.js';

/** A process that has a port open. */
export interface PortUser {
  readonly pid: number;
  /** As `ps` shows it, at most 15 characters. */
  readonly name: string;
}

/** What watches for modems and tries every new port with AT commands; freedesktop.org's. */
const MODEM_MANAGER = 'ModemManager';

/**
 * Who has these devices open, by device; of other users' processes only root learns that. Reads the table of open files of
 * every process: not for a loop.
 */
export async function findUsers(
  devices: readonly string[],
  host: HostFolders = HOST,
): Promise<ReadonlyMap<string, readonly PortUser[]>> {
  const users = new Map<string, PortUser[]>(devices.map((device) => [device, []]));
  // A device may be given by a link to it; open files are shown by what they are.
  const byTarget = new Map<string, PortUser[]>();
  for (const [device, found] of users) byTarget.set((await whereTo(device)) ?? device, found);
  for (const pid of await processes(host)) {
    const folder = join(host.proc, pid, 'fd');
    for (const number of await namesIn(folder)) {
      // Closed meanwhile, or not ours to know.
      const target = await readlink(join(folder, number)).catch(() => '');
      const found = byTarget.get(target);
      if (found === undefined || found.some((user) => user.pid === Number(pid))) continue;
      found.push({ pid: Number(pid), name: (await readValue(join(host.proc, pid, 'comm'))) ?? 'unknown' });
    }
  }
  return users;
}

export interface Taken {
  /** Null: nobody whom this user may see. */
  readonly by: string | null;
  readonly remedy: string;
}

/** Who keeps us from a port, and what to do about it. ModemManager is named also when it only may have it. */
export async function takenBy(device: string, host: HostFolders = HOST): Promise<Taken> {
  const users = (await findUsers([device], host)).get(device) ?? [];
  const others = users.filter(({ pid }) => pid !== process.pid);
  if (others.length > 0) {
    const by = others.map(({ name, pid }) => `${name} (process ${pid})`).join(', ');
    return { by, remedy: others.some(({ name }) => name === MODEM_MANAGER) ? KEEP_OFF : `end ${by}: ${ONE_ONLY}` };
  }
  if (users.length > 0) {
    // A close may take as long as the driver tries to send what was left.
    return {
      by: 'this gateway, which is still closing it',
      remedy: 'nothing yet; if it lasts, pull the plug of the board',
    };
  }
  if (await isModemManagerRunning(host))
    return { by: `perhaps ${MODEM_MANAGER}, which is running here`, remedy: KEEP_OFF };
  return { by: null, remedy: `see who has it (sudo copycat ports) and end that program, an IDE perhaps: ${ONE_ONLY}` };
}

const ONE_ONLY = 'no two programs can talk to one board';
const KEEP_OFF =
  'keep ModemManager off the boards: copycat service install puts the udev rule there, or: sudo systemctl disable --now ModemManager (docs/ports.md)';

export async function isModemManagerRunning(host: HostFolders = HOST): Promise<boolean> {
  for (const pid of await processes(host)) {
    if ((await readValue(join(host.proc, pid, 'comm'))) === MODEM_MANAGER) return true;
  }
  return false;
}

async function processes(host: HostFolders): Promise<string[]> {
  return (await namesIn(host.proc)).filter((name) => /^\d+$/.test(name));
}
