import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { groupId, userId } from '../../private-files/account.js';
import { foundAt } from '../../private-files/found-at.js';
import type { Config, InputConfig } from '../config.js';
import type { Finding } from './finding.js';

type WayIn = Extract<InputConfig, { readonly path: string }>;

/**
 * What on this host keeps clients from ever finding a device or a socket where the configuration says. For `copycat check`: a gateway
 * that runs waits for all of this, as it may come (a folder that is mounted later).
 */
export function checkWaysIn({ inputs }: Config): readonly Finding[] {
  return inputs.flatMap((input, index) => {
    if (input.type !== 'pty' && input.type !== 'unix') return [];
    const key = inputs.length === 1 ? 'input' : `input[${index}]`;
    return [...placeOf(input, `${key}.listen`), ...(input.type === 'pty' ? ownersOf(input.device, key) : [])];
  });
}

function placeOf({ path, type }: WayIn, key: string): readonly Finding[] {
  const folder = dirname(path);
  const trouble = folderTrouble(folder);
  if (trouble === null) return fileOf(path, type, key);
  // systemd makes it when the service starts.
  const isMadeLater = folder.startsWith('/run/') && trouble === 'is not there';
  return [
    {
      severity: isMadeLater ? 'warning' : 'error',
      key,
      message: `clients would find nothing at ${path}: the folder ${folder} ${trouble}`,
      remedy: isMadeLater
        ? `as a service it is made (copycat service); by hand: mkdir ${folder}`
        : `mkdir -p ${folder}, or name another path`,
    },
  ];
}

/** Null: there is a folder. */
function folderTrouble(folder: string): string | null {
  try {
    return statSync(folder).isDirectory() ? null : 'is no folder';
  } catch (error) {
    const { code, message } = systemError(error);
    return code === 'ENOENT' ? 'is not there' : `cannot be looked at (${message})`;
  }
}

function fileOf(path: string, type: 'pty' | 'unix', key: string): readonly Finding[] {
  const words = otherThan(type, path);
  if (words === null) return [];
  const message = `clients would find nothing at ${path}: ${words}`;
  return [{ severity: 'error', key, message, remedy: 'name another path, or remove what is there' }];
}

/** Null: what a gateway leaves there, or nothing. */
function otherThan(type: 'pty' | 'unix', path: string): string | null {
  try {
    const found = foundAt(path);
    if (found === null || (type === 'pty' ? found.terminal !== null : found.isSocket)) return null;
    return `${found.words} is there, and the gateway leaves it alone`;
  } catch (error) {
    return `it cannot be looked at (${systemError(error).message})`;
  }
}

/** What is no error of the system is ours. */
function systemError(error: unknown): NodeJS.ErrnoException {
  if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  return error as NodeJS.ErrnoException;
}

function ownersOf({ owner, group }: Extract<WayIn, { type: 'pty' }>['device'], key: string): readonly Finding[] {
  const all = [
    { name: 'owner', what: 'user', said: owner, find: userId },
    { name: 'group', what: 'group', said: group, find: groupId },
  ];
  return all.flatMap(({ name, what, said, find }) => {
    if (said === null || /^\d+$/.test(said) || find(said) !== null) return [];
    const message = `there is no ${what} ${said} on this host, and no device is made without it`;
    return [
      {
        severity: 'error',
        key: `${key}.${name}`,
        message,
        remedy: `name a ${what} of this host, or a number in quotes`,
      },
    ];
  });
}
