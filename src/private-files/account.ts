import { readFileSync } from 'node:fs';

/** The user that files are made as. */
export function ownUid(): number {
  return process.geteuid?.() ?? 0;
}

/** Who runs this program: `pi`. */
export function ownName(): string {
  return accountName(ownUid()) ?? `user id ${ownUid()}`;
}

/** `pi (user id 1000)`, for messages; without the name where /etc/passwd does not have it. */
export function accountText(uid: number): string {
  const name = accountName(uid);
  return name === null ? `user id ${uid}` : `${name} (user id ${uid})`;
}

/** As chown and sudo take it: a name, or a number that says that it is one. */
export function accountName(uid: number): string | null {
  return rowsOf('/etc/passwd').find(([, , id]) => id === String(uid))?.[0] ?? null;
}

/** The number of a user of /etc/passwd; null: it is not there. */
export function userId(name: string): number | null {
  return idIn('/etc/passwd', name);
}

/** The number of a group of /etc/group; null: it is not there. */
export function groupId(name: string): number | null {
  return idIn('/etc/group', name);
}

function idIn(file: string, name: string): number | null {
  const id = rowsOf(file).find(([first]) => first === name)?.[2];
  return id === undefined ? null : Number(id);
}

/** Both files have the number in the third place. */
function rowsOf(file: string): string[][] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return [];
  }
}
