// What is made once and used again by later runs and, of tools, by other clones: outside every clone, each thing under the name of
// what it was made from. Nothing in it is needed: whoever deletes the folder waits once.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

const KEY_DIGITS = 20;
/** What nobody has used for so long goes when something of its kind is made anew. */
const UNUSED_MS = 14 * 24 * 3_600_000;

/** COPYCAT_CACHE, or `copycat` where this user's caches are. */
function cachePath(): string {
  const { COPYCAT_CACHE, XDG_CACHE_HOME } = process.env;
  return COPYCAT_CACHE ?? join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'copycat');
}

interface Place {
  readonly folder: string;
  readonly path: string;
  readonly half: string;
}

/** A folder in the cache, made when it is not there. */
function cacheFolder(...names: readonly string[]): string {
  const folder = join(cachePath(), ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A name for what is made from these files and texts: another one as soon as a byte of one differs. */
export function keyOf({
  files = [],
  texts = [],
}: {
  readonly files?: readonly string[];
  readonly texts?: readonly string[];
}): string {
  const hash = createHash('sha256');
  const add = (bytes: string | Uint8Array): void => {
    hash.update(`${bytes.length} `).update(bytes);
  };
  for (const file of files) {
    add(basename(file));
    add(readFileSync(file));
  }
  for (const text of texts) add(text);
  return hash.digest('hex').slice(0, KEY_DIGITS);
}

/**
 * The path of `name` in the folder `kind`. When it is not there, `make(path)` makes it under another name first: what is there
 * is whole, whoever was ended meanwhile, and two who make it at the same time do not disturb each other.
 */
export async function cached(
  kind: string,
  name: string,
  make: (path: string) => Promise<void> | void,
): Promise<string> {
  const place = placeOf(kind, name);
  if (!isThere(place)) {
    await make(place.half);
    keep(place);
  }
  return place.path;
}

/** The same for what is made without waiting. */
export function cachedAtOnce(kind: string, name: string, make: (path: string) => void): string {
  const place = placeOf(kind, name);
  if (!isThere(place)) {
    make(place.half);
    keep(place);
  }
  return place.path;
}

function placeOf(kind: string, name: string): Place {
  const folder = cacheFolder(kind);
  return { folder, path: join(folder, name), half: join(folder, `.${process.pid}-${randomUUID()}-${name}`) };
}

/** What is used is young again. */
function isThere({ path }: Place): boolean {
  if (!existsSync(path)) return false;
  const now = new Date();
  utimesSync(path, now, now);
  return true;
}

function keep({ folder, path, half }: Place): void {
  // A folder that another process has made meanwhile stays: nobody renames over it.
  if (existsSync(path)) rmSync(half, { recursive: true, force: true });
  else renameSync(half, path);
  removeUnused(folder);
}

function removeUnused(folder: string): void {
  const oldestMs = Date.now() - UNUSED_MS;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false }); // another run may have removed it
    if (stats !== undefined && stats.mtimeMs < oldestMs) rmSync(path, { recursive: true, force: true });
  }
}
