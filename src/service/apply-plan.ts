import { CopycatError } from '../errors/copycat-error.js';
import { missingProgram } from '../programs/find-program.js';
import type { ServicePlan, ServiceStep } from './service-plan.js';

/** What changes the machine; injected, so that a test changes none. */
export interface MachineWriter {
  /** Makes folders as needed; the file is there in whole or not at all. */
  write(path: string, text: string): void;
  /** A folder that is empty then goes too, if it is a drop-in's. */
  remove(path: string): void;
  /** Whether it could be run. */
  isProgram(name: string): boolean;
  run(command: readonly string[]): { readonly code: number | null; readonly out: string };
}

/**
 * Does what a plan says, step by step; `tell` hears of each before it is done.
 * @throws CopycatError USAGE before the first step where a program of one is missing: half of a service is worse than none; and at the
 * first step that fails, with what its command said
 */
export function applyPlan(plan: ServicePlan, machine: MachineWriter, tell: (text: string) => void): void {
  const programs = plan.steps.flatMap((step) => (step.type === 'run' && !step.mayFail ? step.command.slice(0, 1) : []));
  const missing = programs.find((program) => !machine.isProgram(program));
  if (missing !== undefined) {
    throw new CopycatError('USAGE', `${missingProgram(missing)}: nothing was changed`, { value: missing });
  }
  for (const step of plan.steps) {
    tell(stepText(step));
    switch (step.type) {
      case 'write':
        machine.write(step.path, step.text);
        break;
      case 'remove':
        machine.remove(step.path);
        break;
      case 'run': {
        const { code, out } = machine.run(step.command);
        if (code === 0) break;
        if (!step.mayFail) {
          throw new CopycatError('USAGE', `${step.command.join(' ')} failed: ${out.trim() || `exit code ${code}`}`);
        }
        tell(`  it said: ${out.trim() || `exit code ${code}`}; that is no obstacle`);
      }
    }
  }
}

/** `write /etc/…`, `remove /etc/…`, or the command as it stands. */
export function stepText(step: ServiceStep): string {
  return step.type === 'run' ? step.command.join(' ') : `${step.type} ${step.path}`;
}
