import { execFile, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

/** What the emulated Pi boots from. */
export interface PiParts {
  readonly kernel: string;
  readonly deviceTree: string;
  readonly initrd: string;
}

const TOOL = resolve('tools/pi/prepare.mjs');
/** A first time fetches 120 MB and compiles SQLite; half a minute here, more on a slow line. */
const LIMIT_MS = 600_000;

/** The command that installs what this machine lacks; null when it has everything. */
export function whatIsMissing(): string | null {
  const { status, stderr } = spawnSync(process.execPath, [TOOL, '--check'], { encoding: 'utf8' });
  return status === 0 ? null : stderr.trim();
}

export async function preparePi(): Promise<PiParts> {
  const { stdout } = await promisify(execFile)(process.execPath, [TOOL], { timeout: LIMIT_MS });
  return JSON.parse(stdout) as PiParts;
}

/** The guest's root is made anew for each run, from what was built last. */
export function clearPi({ initrd }: PiParts): void {
  rmSync(dirname(initrd), { recursive: true, force: true });
}
