import type { Machine } from './machine.js';

/** In the order in which they are read: what comes later wins; drop-ins are sorted by name over all folders. */
const FOLDERS = ['/usr/lib/systemd', '/usr/local/lib/systemd', '/run/systemd', '/etc/systemd'];

/** The last word that `system.conf`, `logind.conf`, … and their drop-ins have on a setting; null: none. */
export function localSetting(machine: Machine, file: string, key: string): string | null {
  const dropIns = new Map<string, string>();
  for (const folder of FOLDERS) {
    for (const name of machine.list(`${folder}/${file}.d`)) {
      if (name.endsWith('.conf')) dropIns.set(name, `${folder}/${file}.d/${name}`);
    }
  }
  const sorted = [...dropIns].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, path]) => path);
  const texts = [...FOLDERS.map((folder) => `${folder}/${file}`), ...sorted].map(
    (path) => machine.readFile(path) ?? '',
  );
  let value: string | null = null;
  for (const text of texts) {
    for (const [, said = ''] of text.matchAll(new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*(.*?)[ \\t]*$`, 'gm')))
      value = said;
  }
  return value;
}
