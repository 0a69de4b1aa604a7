import { spawnSync } from 'node:child_process';
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  rmSync,
  type Stats,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { tryPrivateFolder } from '../../private-files/private-folder.js';
import { askGpioChips } from './ask-gpio-chips.js';
import type { FileFacts, Machine, NativeModuleFacts, Ran, Space } from './machine.js';

const MOST_BYTES = 256 * 1024;
const RUN_LIMIT_MS = 2000;
/** A page of SQLite. */
const BLOCK_BYTES = 4096;

/** The machine that this process runs on. @param nativeModules what came of loading them; none were tried: empty */
export async function thisMachine(nativeModules: readonly NativeModuleFacts[] = []): Promise<Machine> {
  const gpioChips = await askGpioChips();
  const { username, uid } = userInfo();
  return {
    ...{ readFile, list, resolve, stat, run, space, fsyncTimesUs, gpioChips: () => gpioChips },
    privateFolderTrouble: tryPrivateFolder,
    nativeModules: () => nativeModules,
    user: { name: username, uid, gids: process.getgroups?.() ?? [] },
    nodeVersion: process.versions.node,
  };
}

/** What is missing or forbidden is an answer here, and not a failure. */
function orNull<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

function readFile(path: string): string | null {
  // Never a device or a pipe: reading one could wait for ever.
  if (orNull(() => statSync(path).isFile()) !== true) return null;
  return orNull(() => {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(MOST_BYTES);
      let end = 0;
      for (;;) {
        // Files of /proc and /sys have no size, and give what they have in pieces.
        const read = readSync(file, bytes, end, MOST_BYTES - end, null);
        end += read;
        if (read === 0 || end === MOST_BYTES) return bytes.toString('utf8', 0, end);
      }
    } finally {
      closeSync(file);
    }
  });
}

function list(path: string): readonly string[] {
  return orNull(() => readdirSync(path)) ?? [];
}

function resolve(path: string): string | null {
  return orNull(() => realpathSync(path));
}

function stat(path: string): FileFacts | null {
  return orNull(() => {
    const facts = statSync(path);
    const { mode, uid, gid, ino, dev } = facts;
    return { kind: kindOf(facts), mode: mode & 0o7777, uid, gid, inode: ino, on: majorMinor(dev) };
  });
}

function kindOf(facts: Stats): FileFacts['kind'] {
  if (facts.isFile()) return 'file';
  if (facts.isDirectory()) return 'folder';
  if (facts.isSocket()) return 'socket';
  return facts.isCharacterDevice() || facts.isBlockDevice() ? 'device' : 'other';
}

/** The encoding of gnu_dev_makedev(3): twelve low bits of the major from bit 8, minor around them. */
function majorMinor(device: number): string {
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
  return `${major}:${minor}`;
}

function run(program: string, args: readonly string[]): Ran | null {
  const ran = spawnSync(program, args, { encoding: 'utf8', timeout: RUN_LIMIT_MS, stdio: ['ignore', 'pipe', 'pipe'] });
  return ran.error !== undefined && 'code' in ran.error && ran.error.code === 'ENOENT'
    ? null
    : { code: ran.status, out: `${ran.stdout ?? ''}${ran.stderr ?? ''}` };
}

function space(path: string): Space | null {
  let at = path;
  while (orNull(() => statSync(at)) === null && dirname(at) !== at) at = dirname(at);
  return orNull(() => {
    const { bavail, bsize, blocks } = statfsSync(at);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  });
}

function fsyncTimesUs(folder: string, count: number): readonly number[] | string {
  const path = join(folder, `.copycat-doctor-${process.pid}`);
  try {
    const file = openSync(path, 'wx');
    try {
      return Array.from({ length: count }, () => {
        const beganNs = process.hrtime.bigint();
        writeSync(file, Buffer.alloc(BLOCK_BYTES, 0x5a));
        fsyncSync(file);
        return Number((process.hrtime.bigint() - beganNs) / 1000n);
      });
    } finally {
      closeSync(file);
      rmSync(path, { force: true });
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error) return error.message;
    throw error;
  }
}
