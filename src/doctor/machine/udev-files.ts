import type { Machine } from './machine.js';

/** In the order of precedence: a file hides those of the same name in the folders after it. */
const FOLDERS = ['/etc/udev/rules.d', '/run/udev/rules.d', '/usr/local/lib/udev/rules.d', '/usr/lib/udev/rules.d'];

export interface UdevFile {
  readonly path: string;
  /** Without comments and empty lines; empty for a file that is masked by a link to /dev/null. */
  readonly rules: readonly string[];
}

/** The files of rules that udev reads, as far as `matches` their name. */
export function udevFiles(machine: Machine, matches: (name: string) => boolean): readonly UdevFile[] {
  const seen = new Set<string>();
  return FOLDERS.flatMap((folder) =>
    machine
      .list(folder)
      .filter((name) => name.endsWith('.rules') && matches(name) && !seen.has(name))
      .map((name) => {
        seen.add(name);
        const text = machine.readFile(`${folder}/${name}`) ?? '';
        const lines = text.replaceAll('\\\n', ' ').split('\n');
        const rules = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
        return { path: `${folder}/${name}`, rules };
      }),
  );
}

/** The rules that an administrator or an installer added, with those of Copycat. */
export function localRules(machine: Machine): readonly string[] {
  return udevFiles(machine, () => true)
    .filter(({ path }) => path.startsWith('/etc/') || path.startsWith('/run/'))
    .flatMap(({ rules }) => rules);
}
