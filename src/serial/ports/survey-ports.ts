import { access, constants } from 'node:fs/promises';
import { describePort } from './describe-port.js';
import { HOST, type HostFolders } from './host-folders.js';
import { listPorts } from './list-ports.js';
import type { PortInfo } from './port-info.js';
import { findUsers, type PortUser } from './port-users.js';

/** A port with what a person wants to know of it. */
export interface SurveyedPort extends PortInfo {
  /** `Arduino Uno R3 (2341:0043)` */
  readonly what: string;
  /** What to write after `port:` in a configuration. */
  readonly port: string;
  /** Others that say the same of themselves, serial number and all: they are told apart by place. */
  readonly twins: readonly string[];
  /** Who has it open, as far as this user may know. */
  readonly users: readonly PortUser[];
  /** This user may open it. */
  readonly isPermitted: boolean;
}

/** All ports of this host, each with its name for a configuration, its twins and who has it open. */
export async function surveyPorts(host: HostFolders = HOST): Promise<SurveyedPort[]> {
  const ports = await listPorts(host);
  const users = await findUsers(
    ports.map(({ device }) => device),
    host,
  );
  return await Promise.all(
    ports.map(async (port) => ({
      ...port,
      port: nameFor(port, ports),
      what: describePort(port),
      twins: ports.filter((other) => other !== port && isTwin(other, port)).map((other) => nameFor(other, ports)),
      users: users.get(port.device) ?? [],
      isPermitted: await mayOpen(port.device),
    })),
  );
}

/** The place, unless it is not the only port there: then the name by path, which tells which. */
function nameFor(port: PortInfo, ports: readonly PortInfo[]): string {
  if (port.usb === null) return port.name;
  const there = ports.filter(({ usb }) => usb?.place === port.usb?.place);
  return there.length === 1 ? port.usb.place : (port.byPath[0] ?? port.name);
}

function isTwin({ usb: one }: PortInfo, { usb: other }: PortInfo): boolean {
  if (one === null || other === null || (one.place === other.place && one.bus === other.bus)) return false;
  return one.vendor === other.vendor && one.product === other.product && one.serial === other.serial;
}

async function mayOpen(device: string): Promise<boolean> {
  return access(device, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
}
