import type { Config } from '../config/config.js';
import { type DoctorFinding, note } from './doctor-finding.js';
import type { Machine } from './machine/machine.js';

const READABLE_BY_ALL = 0o004;
const WRITABLE_BY_OTHERS = 0o022;

/** Who else gets at the ledger: inputs and results are in it. A gateway makes it for its user alone; older ones did not. */
export function checkLedgerMode(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  if (config === null) return [];
  const { path } = config.ledger;
  const facts = machine.stat(path);
  if (facts === null || (facts.mode & (READABLE_BY_ALL | WRITABLE_BY_OTHERS)) === 0) return [];
  const what = (facts.mode & WRITABLE_BY_OTHERS) === 0 ? 'Everybody on this host may read' : 'Others may write to';
  return [
    note('who reads the ledger', `${what} ${path}, which has every input and result`, "keep it to the gateway's user", [
      `chmod 600 ${path}*`,
    ]),
  ];
}
