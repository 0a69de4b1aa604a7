import type { Config } from '../config/config.js';
import type { Machine } from './machine/machine.js';

/** `mend`: something is wrong, and `fix` says what to do; `note`: worth knowing, nothing has to be done. */
export type Verdict = 'right' | 'mend' | 'note';

export interface DoctorFinding {
  /** What was looked at: `serial port of a`. */
  readonly about: string;
  readonly verdict: Verdict;
  readonly found: string;
  /** What to do, a sentence; null: nothing. */
  readonly fix: string | null;
  /** Commands that do it, to be typed as they stand. */
  readonly commands: readonly string[];
}

/** One look at the machine. Pure but for what it asks of `machine`; `config` null: no configuration was named. */
export type DoctorCheck = (machine: Machine, config: Config | null) => readonly DoctorFinding[];

export function right(about: string, found: string): DoctorFinding {
  return { about, verdict: 'right', found, fix: null, commands: [] };
}

export function note(about: string, found: string, fix: string | null = null, commands: string[] = []): DoctorFinding {
  return { about, verdict: 'note', found, fix, commands };
}

export function mend(about: string, found: string, fix: string, commands: string[] = []): DoctorFinding {
  return { about, verdict: 'mend', found, fix, commands };
}
