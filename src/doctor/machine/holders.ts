import type { Machine } from './machine.js';

export interface Holder {
  readonly pid: number;
  /** `ModemManager` */
  readonly program: string;
}

/**
 * The processes that have `path` open, as far as this user may see: those of other users are seen by root alone. An
 * empty list therefore proves nothing for anybody else.
 */
export function holdersOf(machine: Machine, path: string): readonly Holder[] {
  return processes(machine)
    .filter((pid) => {
      const folder = `/proc/${pid}/fd`;
      return machine.list(folder).some((name) => machine.resolve(`${folder}/${name}`) === path);
    })
    .map((pid) => ({ pid, program: programOf(machine, pid) }));
}

/** Those whose program is called so (at most 15 letters of a name are kept by the kernel). */
export function runningAs(machine: Machine, program: string): readonly Holder[] {
  const kept = program.slice(0, 15);
  return processes(machine)
    .map((pid) => ({ pid, program: programOf(machine, pid) }))
    .filter((holder) => holder.program === kept);
}

export function programOf(machine: Machine, pid: number): string {
  return machine.readFile(`/proc/${pid}/comm`)?.trim() ?? 'unknown';
}

function processes(machine: Machine): readonly number[] {
  return machine
    .list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}
