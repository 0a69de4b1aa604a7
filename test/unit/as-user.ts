import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A user of this host who has no name, no group and no files. */
export const STRANGER = 54_321;

/** Root alone may become another user. */
export const isRoot = process.getuid?.() === 0;

interface Ran {
  readonly out: string;
  readonly errors: string;
}

/** Runs a module as another user, in a process of its own; what it wrote, and what it said went wrong. */
export function runAs(uid: number, code: string): Ran {
  return nodeAs(uid, ['--input-type=module', '-e', code]);
}

/** Opens a ledger as another user, and closes it again: `open`, or the error's code and message. */
export function openLedgerAs(uid: number, options: object): string {
  const script = fileURLToPath(new URL('open-ledger-child.mjs', import.meta.url));
  const { out, errors } = nodeAs(uid, [script, JSON.stringify(options)]);
  return `${out}${errors}`.trim();
}

function nodeAs(uid: number, args: readonly string[]): Ran {
  const ran = spawnSync(process.execPath, args, {
    ...{ uid, gid: uid, encoding: 'utf8', cwd: process.cwd(), env: { PATH: process.env['PATH'] ?? '' } },
  });
  return { out: ran.stdout, errors: ran.stderr };
}

export function forgetStranger(): void {
  if (isRoot) rmSync(`/dev/shm/copycat-${STRANGER}`, { recursive: true, force: true });
}
