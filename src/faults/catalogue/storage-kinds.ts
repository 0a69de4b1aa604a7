import { fact } from '../plain-words.js';
import type { StoredFault } from '../stored-fault.js';
import type { FaultKind } from './fault-kind.js';

/** Trouble in storage: no board failed, and none is blamed for it (R17). */
export const STORAGE_KINDS: Readonly<Record<string, FaultKind>> = {
  'not-recorded': {
    title: ({ fault }) => `${fileOf(fault)} could not be written`,
    happened: ({ fault }) =>
      `${capitalFile(fault)} ${fact(fault, 'path') ?? ''} could not be written: ${whatIsWrong(fault)} (${fact(fault, 'said') ?? 'nothing more was said'}).`,
    cause:
      'The disk (or, for the journal, the file system in memory) is full, fails or was made read-only; or somebody removed or replaced the file or its folder.',
    look: 'Look at the room and the health of that place: df -h, mount, dmesg. Make room, mount it writable, or put the folder back; the gateway finds out by itself. Do not restart the gateway before: what is in memory would be lost.',
  },
  'ledger-tail-lost': {
    title: () => 'the last lines of the ledger were lost',
    happened: ({ fault }) =>
      `The boards had executed more than the ledger knew of when the gateway was started (board ${fact(fault, 'toldBy') ?? 'a or b'} told of input ${fact(fault, 'executed') ?? 'unknown'}; the ledger knew inputs up to ${fact(fault, 'ledgerThrough') ?? 'unknown'}, and not what became of all of them). What the boards still kept was read back from them.`,
    cause:
      'A file of the ledger was damaged, cut short or put back from an older copy; or the gateway ended while its ledger could not be written.',
    look: 'Clients whose input is answered RESULT_LOST know that it is over, and not what came of it. Check the disk (dmesg, smartctl) and the room on it.',
  },
  'ledger-restored': {
    title: () => 'the gateway began from a backup',
    happened: ({ fault }) =>
      `The ledger had been put back from a backup (copycat restore) that was made on ${fact(fault, 'madeAt') ?? 'a day that is not known'}. What happened after that is not in it: neither what the boards did nor where the relay was.`,
    cause: 'Somebody put a backup back, as after a storage device that died.',
    look: 'Whether the relay and the outputs are as they should be, and whether the pair is protected again.',
    event: 'always',
  },
};

/** What the gateway did about it. */
export function standbyAction(fault: StoredFault, again: StoredFault['evidence'] | undefined): string {
  const promise =
    fault.evidence['durability'] === 'power'
      ? ' Until then durability power was not held: commits were granted that were on no disk.'
      : '';
  const went = `The ledger went on in memory, with the same constraints; nobody was declared failed for it.${promise}`;
  if (again === undefined) return `${went} When this was written it was still so: it was NOT RECORDED TO DISK.`;
  const dropped = Number(again['droppedInputs'] ?? 0) + Number(again['droppedFaults'] ?? 0);
  const lost = dropped > 0 ? `, but for ${dropped} old rows (finished inputs, faults) that memory had no room for` : '';
  return `${went} When the file could be written again, everything was brought to it${lost}.`;
}

function whatIsWrong(fault: StoredFault): string {
  const cause = fact(fault, 'cause') ?? '';
  if (/FULL|ENOSPC|EDQUOT/.test(cause)) return 'there is no room';
  if (/READONLY|EROFS|EACCES|EPERM/.test(cause)) return 'it may not be written';
  if (/CORRUPT|NOTADB/.test(cause)) return 'it is damaged';
  if (/GONE|CANTOPEN|ENOENT|ENOTDIR/.test(cause)) return 'it is not there';
  return 'the storage failed';
}

function fileOf({ evidence }: StoredFault): string {
  return evidence['file'] === 'journal' ? 'the journal' : 'the ledger';
}

function capitalFile(fault: StoredFault): string {
  return fileOf(fault).replace('the', 'The');
}
