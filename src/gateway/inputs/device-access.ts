import { CopycatError } from '../../errors/copycat-error.js';
import { groupId, userId } from '../../private-files/account.js';
import type { DeviceAccess } from '../../upstream/transport/pseudo-terminal/pty-pair.js';

interface SaidAccess {
  /** By name or number; null: as the system makes it. */
  readonly owner: string | null;
  readonly group: string | null;
  readonly mode: number;
}

/** Whose a device is to be. @throws CopycatError UPSTREAM_UNAVAILABLE for a user or group that this host does not know */
export function deviceAccess({ owner, group, mode }: SaidAccess): DeviceAccess {
  return { uid: idOf('user', owner, userId), gid: idOf('group', group, groupId), mode };
}

function idOf(what: string, said: string | null, find: (name: string) => number | null): number | null {
  if (said === null) return null;
  const id = /^\d+$/.test(said) ? Number(said) : find(said);
  if (id !== null) return id;
  throw new CopycatError('UPSTREAM_UNAVAILABLE', `there is no ${what} ${said} on this host`, {
    value: said,
    expected: `a ${what} of this host, by name or number`,
  });
}
