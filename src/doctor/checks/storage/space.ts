import { dirname } from 'node:path';
import type { Config } from '../../../config/config.js';
import { type DoctorFinding, mend, note, right } from '../../doctor-finding.js';
import type { Machine } from '../../machine/machine.js';
import { gatewayUser } from '../../machine/service-user.js';
import { journalFolderFor } from './journal.js';

const MEGABYTE = 1024 * 1024;
/** keep-inputs and keep-faults at their defaults, with room for a copy while SQLite tidies up. */
const NEEDED_DISK = 200 * MEGABYTE;
const NEEDED_MEMORY = 32 * MEGABYTE;

/** Room for the ledger and its hot journal. */
export function checkSpace(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  if (config === null) return [];
  const { path, durability } = config.ledger;
  const journalFolder = journalFolderFor(config, gatewayUser(machine, config).uid);
  return [
    roomFor(machine, 'room for the ledger', dirname(path), NEEDED_DISK),
    ...(durability === 'process' ? [roomFor(machine, 'room for the hot journal', journalFolder, NEEDED_MEMORY)] : []),
  ];
}

function roomFor(machine: Machine, about: string, folder: string, needed: number): DoctorFinding {
  const space = machine.space(folder);
  if (space === null) return note(about, `the room at ${folder} cannot be told`);
  const found = `${megabytes(space.freeBytes)} of ${megabytes(space.totalBytes)} free at ${folder}`;
  if (space.freeBytes >= needed) return right(about, found);
  return mend(
    about,
    `${found}; ${megabytes(needed)} are wanted`,
    'make room, or keep less (ledger: keep-inputs, keep-faults)',
  );
}

function megabytes(bytes: number): string {
  return bytes >= 10_240 * MEGABYTE
    ? `${Math.round(bytes / MEGABYTE / 1024)} GB`
    : `${Math.round(bytes / MEGABYTE)} MB`;
}
