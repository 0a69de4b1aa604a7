import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { basename } from 'node:path';

/** One value of sysfs, trimmed; null when the file is not there, cannot be read or is empty. */
export async function readValue(path: string): Promise<string | null> {
  // A device may go while it is looked at: what is not there any more is no news.
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim() === '' ? null : text.trim();
}

/** The last part of what a link points to: the name of a driver or a subsystem. */
export async function linkName(path: string): Promise<string | null> {
  const target = await readlink(path).catch(() => null);
  return target === null ? null : basename(target);
}

/** What is in a folder; nothing when it is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}

/** Where a path leads to in the end; null when it leads nowhere. */
export async function whereTo(path: string): Promise<string | null> {
  return await realpath(path).catch(() => null);
}
