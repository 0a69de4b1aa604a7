import type { Command } from 'commander';
import type { DoctorOptions } from './doctor.js';
import type { ExitCode } from './report-failure.js';

/** copycat doctor and service: the machine that the gateway lives on. */
export function addMachine(
  command: (name: string, description: string) => Command,
  finish: (code: ExitCode) => void,
): void {
  command(
    'doctor',
    'what of this machine may keep a pair from working, each with its fix (exit code 1: mend something)',
  )
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml, where there is one)')
    .option('--json', 'print JSON')
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('./doctor.js');
      finish(await doctor(options));
    });
}
