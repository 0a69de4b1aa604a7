import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What Debian calls the package of a program, where that is another name. */
const PACKAGES: Readonly<Record<string, string>> = {
  stty: 'coreutils',
  systemctl: 'systemd',
  loginctl: 'systemd',
};

/** Whether this process could run a program, named by its path or to be found on PATH. Nothing is started. */
export function isProgram(name: string): boolean {
  if (name === '') return false;
  const places = name.includes('/')
    ? [name]
    : (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));
  return places.some((place) => {
    try {
      accessSync(place, constants.X_OK);
      return statSync(place).isFile();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return false;
    }
  });
}

/** The one sentence about a program that is not there; `task`: what it is wanted for, `which flashes boards`. */
export function missingProgram(name: string, task?: string): string {
  const who = task === undefined ? name : `${name}, ${task},`;
  if (name.includes('/')) return `${who} is not there, or may not be run`;
  return `${who} is not installed on this host (sudo apt-get install ${PACKAGES[name] ?? name})`;
}
