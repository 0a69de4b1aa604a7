import type { Command } from 'commander';
import type { ExitCode } from '../terminal/report-failure.js';
import type { DoctorOptions } from './doctor.js';
import type { ServiceOptions } from './service.js';

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

  const service = command('service', 'run the gateway as a service of systemd').helpCommand(false);
  const part = (name: string, description: string): Command =>
    service
      .command(name)
      .description(description)
      .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)');
  part(
    'install',
    'write its unit and the rules of udev for its boards, enable and start it; again: bring it up to date',
  )
    .option('--user <name>', 'whom it runs as (default: whoever called sudo)')
    .option('--dry-run', 'only show what it would do')
    .action(async (options: ServiceOptions) => finish(await (await import('./service.js')).installService(options)));
  part('uninstall', 'stop it and take away what install wrote')
    .option('--dry-run', 'only show what it would do')
    .action(async (options: ServiceOptions) => finish(await (await import('./service.js')).uninstallService(options)));
  // What the unit itself calls when its gateway has ended; of no use to a person.
  service
    .command('stopped', { hidden: true })
    .option('-c, --config <file>')
    .action(async (options: ServiceOptions) =>
      finish(await (await import('./service-stopped.js')).serviceStopped(options)),
    );
  part('print', 'print the files that install would write')
    .option('--user <name>', 'whom it runs as (default: whoever called sudo)')
    .action(async (options: ServiceOptions) => finish(await (await import('./service.js')).printService(options)));
}
