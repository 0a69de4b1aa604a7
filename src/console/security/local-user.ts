import { readFileSync } from 'node:fs';
import { isIPv4, type Socket } from 'node:net';
import { accountName, ownUid } from '../../private-files/account.js';
import { isLoopback } from '../../private-files/listen-address.js';

/** In the fourth column of the kernel's table; whoever has hung up is nobody's, and root's by that table. */
const ESTABLISHED = '01';

export interface LocalUser {
  readonly uid: number;
  readonly name: string;
}

/** Whose program is at the other end of a connection within this machine, as the kernel's table says; null: it is not known. */
export function localUser({ remoteAddress, remotePort, localAddress, localPort }: Socket): LocalUser | null {
  if (remoteAddress === undefined || localAddress === undefined || !isLoopback(remoteAddress)) return null;
  // The row of the other end. Addresses count: two connections may have the same ports.
  const wanted = [`${hexOf(remoteAddress)}:${hexPort(remotePort)}`, `${hexOf(localAddress)}:${hexPort(localPort)}`];
  for (const row of [...rowsOf('/proc/net/tcp'), ...rowsOf('/proc/net/tcp6')]) {
    // sl local remote state queues timer retransmits uid
    const [, local = '', remote = '', state, , , , uid] = row.trim().split(/\s+/);
    if (state !== ESTABLISHED || uid === undefined) continue;
    if (withoutMap(local) !== wanted[0] || withoutMap(remote) !== wanted[1]) continue;
    return { uid: Number(uid), name: accountName(Number(uid)) ?? `user id ${uid}` };
  }
  return null;
}

/** Root, and whoever runs this console: they may use the gateway's control socket as well. */
export function isOwn({ uid }: LocalUser): boolean {
  return uid === 0 || uid === ownUid();
}

/** As the table has it: words of four bytes, the last byte of each first. */
function hexOf(address: string): string {
  const plain = address.replace(/^::ffff:/, '');
  if (!isIPv4(plain)) return '00000000000000000000000001000000';
  return plain
    .split('.')
    .reverse()
    .map((byte) => Number(byte).toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

function hexPort(port = 0): string {
  return port.toString(16).padStart(4, '0').toUpperCase();
}

/** An address of the old kind in the table of the new one. */
function withoutMap(entry: string): string {
  return entry.replace(/^0000000000000000FFFF0000/, '');
}

function rowsOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(1);
  } catch (error) {
    // No such table: a host without IPv6, or a container that hides it.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return [];
  }
}
