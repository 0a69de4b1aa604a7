// What is made once and used again by later runs and by other clones: outside every clone, each thing under the name of what it
// was made from. Nothing in it is needed: whoever deletes the folder waits once.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

const KEY_DIGITS = 20;
/** What nobody has used for so long goes when something of its kind is made anew. */
const UNUSED_MS = 14 * 24 * 3_600_000;

/** COPYCAT_CACHE, or `copycat` where this user's caches are. */
export const CACHE =
  process.env.COPYCAT_CACHE ?? join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'copycat');

/** A folder in the cache, made when it is not there. */
export function cacheFolder(...names) {
  const folder = join(CACHE, ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A name for what is made from these files and texts: another one as soon as a byte of one differs. */
export function keyOf({ files = [], texts = [] }) {
  const hash = createHash('sha256');
  const add = (bytes) => hash.update(`${bytes.length} `).update(bytes);
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
export async function cached(kind, name, make) {
  const place = placeOf(kind, name);
  if (!isThere(place)) {
    await make(place.half);
    keep(place);
  }
  return place.path;
}

/** The same for what is made without waiting. */
export function cachedAtOnce(kind, name, make) {
  const place = placeOf(kind, name);
  if (!isThere(place)) {
    make(place.half);
    keep(place);
  }
  return place.path;
}

function placeOf(kind, name) {
  const folder = cacheFolder(kind);
  return { folder, path: join(folder, name), half: join(folder, `.${process.pid}-${randomUUID()}-${name}`) };
}

/** What is used is young again. */
function isThere({ path }) {
  if (!existsSync(path)) return false;
  const now = new Date();
  utimesSync(path, now, now);
  return true;
}

function keep({ folder, path, half }) {
  // A folder that another process has made meanwhile stays: nobody renames over it.
  if (existsSync(path)) rmSync(half, { recursive: true, force: true });
  else renameSync(half, path);
  removeUnused(folder);
}

function removeUnused(folder) {
  const oldestMs = Date.now() - UNUSED_MS;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false }); // another run may have removed it
    if (stats !== undefined && stats.mtimeMs < oldestMs) rmSync(path, { recursive: true, force: true });
  }
}
