/** What an installation does, before any of it is done: shown by a dry run, carried out by `applyPlan`. */
export interface ServicePlan {
  readonly steps: readonly ServiceStep[];
  /** For the person, after it: what is worth knowing or doing by hand. */
  readonly notes: readonly string[];
}

export type ServiceStep =
  | { readonly type: 'write'; readonly path: string; readonly text: string }
  | { readonly type: 'remove'; readonly path: string }
  /** `mayFail`: what it is to reach may be so already. */
  | { readonly type: 'run'; readonly command: readonly string[]; readonly mayFail: boolean };

/** The first words of every file that is ours; a file without them is left alone. */
export const MARK = '# Written by copycat service install';

export function write(path: string, text: string): ServiceStep {
  return { type: 'write', path, text };
}

export function run(...command: string[]): ServiceStep {
  return { type: 'run', command, mayFail: false };
}

export function tryRun(...command: string[]): ServiceStep {
  return { type: 'run', command, mayFail: true };
}
