import type { Config } from '../../config/config.js';
import { instanceName } from '../../config/instance-name.js';
import type { Machine } from './machine.js';

/** Whoever the gateway runs as: the user of its service, else the one who asks. */
export interface GatewayUser {
  readonly name: string;
  readonly uid: number | null;
  /** Names of groups as /etc/group and /etc/passwd have them now. */
  readonly groups: readonly string[];
  readonly isService: boolean;
}

/** Where `copycat service install` says what a pair's service runs as. */
export function pairDropIn(name: string): string {
  return `/etc/systemd/system/copycat@${name}.service.d/50-pair.conf`;
}

export function gatewayUser(machine: Machine, config: Config | null): GatewayUser {
  const unit = config === null ? null : machine.readFile(pairDropIn(instanceName(config.name)));
  const serviceUser = /^User=(\S+)$/m.exec(unit ?? '')?.[1];
  const name = serviceUser ?? machine.user.name;
  const account = passwdOf(machine, name);
  return {
    ...{ name, uid: account?.uid ?? (serviceUser === undefined ? machine.user.uid : null) },
    groups: groupsOf(machine, name, account?.gid ?? null),
    isService: serviceUser !== undefined,
  };
}

function passwdOf(machine: Machine, name: string): { uid: number; gid: number } | null {
  const row = rows(machine, '/etc/passwd').find(([account]) => account === name);
  return row === undefined ? null : { uid: Number(row[2]), gid: Number(row[3]) };
}

function groupsOf(machine: Machine, name: string, gid: number | null): readonly string[] {
  return rows(machine, '/etc/group')
    .filter(([, , id, members]) => Number(id) === gid || (members ?? '').split(',').includes(name))
    .map(([group]) => group ?? '');
}

/** The id of a group; null: there is no such group. */
export function groupId(machine: Machine, group: string): number | null {
  const row = rows(machine, '/etc/group').find(([name]) => name === group);
  return row === undefined ? null : Number(row[2]);
}

function rows(machine: Machine, path: string): readonly (readonly string[])[] {
  return (machine.readFile(path) ?? '').split('\n').map((line) => line.split(':'));
}
