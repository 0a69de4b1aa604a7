import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** What checking a configuration asks the machine; injected, so that a test can be any machine. */
export interface MachineFacts {
  exists(path: string): boolean;
  /** `tmpfs`, `nfs`, … for what holds `path` (or would hold it); null when it is none of those that matter. */
  fileSystem(path: string): string | null;
}

/** Magic numbers of statfs(2) for file systems that change what a ledger can promise. */
const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  16914836: 'tmpfs', // 0x01021994
  2240043254: 'ramfs', // 0x858458f6
  26985: 'nfs', // 0x6969
  4283649346: 'cifs', // 0xff534d42
  4266872130: 'smb2', // 0xfe534d42
};

export const thisMachine: MachineFacts = {
  exists: existsSync,
  fileSystem(path) {
    const existing = nearestExisting(path);
    return FILE_SYSTEMS[statfsSync(existing).type >>> 0] ?? null;
  },
};

function nearestExisting(path: string): string {
  let at = path;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}
