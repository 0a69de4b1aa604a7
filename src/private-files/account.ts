import { readFileSync } from 'node:fs';

/** The user that files are made as. */
export function ownUid(): number {
  return process.geteuid?.() ?? 0;
}

/** `pi (user id 1000)`, for messages; without the name where /etc/passwd does not have it. */
export function accountText(uid: number): string {
  const name = accountName(uid);
  return name === null ? `user id ${uid}` : `${name} (user id ${uid})`;
}

/** As chown and sudo take it: a name, or a number that says that it is one. */
export function accountName(uid: number): string | null {
  try {
    const row = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find(([, , id]) => id === String(uid));
    return row?.[0] ?? null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return null;
  }
}
