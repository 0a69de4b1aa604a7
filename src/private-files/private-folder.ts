import { existsSync, lstatSync, mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CopycatError } from '../errors/copycat-error.js';
import { accountText, ownUid } from './account.js';
import { writePrivateFile } from './private-file.js';

/** In memory on every Linux, and writable by all: whoever comes first may have made anything there. */
const SHARED_MEMORY = '/dev/shm';

const WRITABLE_BY_OTHERS = 0o022;

/** Where a user's gateways keep what must outlive them and not the host: one folder a user, so that none waits for another. */
export function userFolder(uid = ownUid()): string {
  return `${SHARED_MEMORY}/copycat-${uid}`;
}

/** Where this user's locks lie; null where a host has no such place. */
export function userLockFolder(): string | null {
  return existsSync(SHARED_MEMORY) ? userFolder() : null;
}

/**
 * Makes `path` as a folder that this user alone may write to, or sees that it is one. In such a folder nobody else can have put a link
 * or a file, and nobody can replace it where its own folder is sticky, as /dev/shm is.
 * @throws CopycatError LEDGER_UNAVAILABLE where it is somebody else's, a link, or open to others; errors of the system as they are
 */
export function ensurePrivateFolder(path: string): void {
  mkdirPrivate(path);
  refuseOpenFolder(path);
}

function mkdirPrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  try {
    mkdirSync(path, 0o700);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** @throws CopycatError LEDGER_UNAVAILABLE as `ensurePrivateFolder`; errors of the system where it cannot be looked at. */
export function refuseOpenFolder(path: string): void {
  const trouble = folderTrouble(path, factsOf(path));
  if (trouble === null) return;
  throw new CopycatError('LEDGER_UNAVAILABLE', `${trouble.found}: nothing is kept there. ${trouble.cure}`, {
    value: path,
    expected: 'a folder of this user, which nobody else may write to',
  });
}

/**
 * Why user `uid` could keep nothing in `path`; null: they can. For this user it is tried, with a file that is written and removed,
 * and so is the folder, where there was none; for another one it is looked at.
 */
export function tryPrivateFolder(path: string, uid: number): FolderTrouble | null {
  try {
    if (uid !== ownUid()) return existsSync(path) ? folderTrouble(path, factsOf(path), uid) : null;
    const made = mkdirSync(dirname(path), { recursive: true }) ?? (existsSync(path) ? null : path);
    mkdirPrivate(path);
    const trouble = folderTrouble(path, factsOf(path));
    if (trouble !== null) return trouble;
    const file = join(path, `.try-${process.pid}`);
    writePrivateFile(file, 'x'.repeat(4096));
    rmSync(file);
    if (made !== null) removeEmptyFolders(path, made);
    return null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return {
      found: `${path} cannot be written to: ${(error as Error).message}`,
      cure: 'Make room there, and let this user write.',
    };
  }
}

/** From `path` up to `first`; what somebody has put something into meanwhile stays. */
function removeEmptyFolders(path: string, first: string): void {
  try {
    for (let folder = path; folder.startsWith(first); folder = dirname(folder)) rmdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
  }
}

function factsOf(path: string): FolderFacts {
  const facts = lstatSync(path);
  const kind = facts.isSymbolicLink() ? 'link' : facts.isDirectory() ? 'folder' : 'other';
  return { kind, uid: facts.uid, mode: facts.mode };
}

export interface FolderFacts {
  readonly kind: 'folder' | 'link' | 'other';
  readonly uid: number;
  /** Permission bits, as of chmod; what else is in the number is not looked at. */
  readonly mode: number;
}

export interface FolderTrouble {
  readonly found: string;
  readonly cure: string;
}

/** Why what lies at `path` is no private folder of user `uid`, and what to do; null: it is one. */
function folderTrouble(path: string, { kind, uid, mode }: FolderFacts, user = ownUid()): FolderTrouble | null {
  const other = 'or name another folder in the configuration (ledger: journal)';
  if (kind !== 'folder') {
    const what = kind === 'link' ? 'a link' : 'no folder';
    return { found: `${path} is ${what}`, cure: `Remove it (sudo rm ${path}), ${other}.` };
  }
  if (uid !== user) {
    return {
      found: `The folder ${path} belongs to ${accountText(uid)}, and this gateway runs as ${accountText(user)}`,
      cure: `If it is of no use to them, remove it (sudo rm -r ${path}), ${other}.`,
    };
  }
  if ((mode & WRITABLE_BY_OTHERS) === 0) return null;
  return { found: `Others may write to the folder ${path}`, cure: `Forbid it (chmod go-w ${path}), ${other}.` };
}
