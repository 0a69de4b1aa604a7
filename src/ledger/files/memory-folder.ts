import { statfsSync } from 'node:fs';

/** f_type of statfs(2): file systems whose files are memory. */
const MEMORY_FILE_SYSTEMS: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);

/** True for a folder on tmpfs or ramfs, where a write has no device to wait for. */
export function isMemoryFolder(folder: string): boolean {
  return MEMORY_FILE_SYSTEMS.has(statfsSync(folder).type);
}
