import type { Command } from 'commander';
import type { ExitCode } from '../terminal/report-failure.js';
import type { BackupArguments } from './backup.js';
import type { RestoreArguments } from './restore.js';

/** copycat backup and restore. */
export function addBackup(
  command: (name: string, description: string) => Command,
  version: string,
  finish: (code: ExitCode) => void,
): void {
  command('backup', 'configuration, ledger and images in one file; a running gateway is not disturbed')
    .argument('<archive>', 'where it goes: a file that is not there yet')
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)')
    .option('--force', 'write over what is there')
    .option('--json', 'print JSON')
    .action(async (file: string, options: BackupArguments) => {
      const { backup } = await import('./backup.js');
      finish(await backup(file, options, version));
    });

  command('restore', 'put a backup back, as after a storage device that died; the boards join anew')
    .argument('<archive>', 'what copycat backup has written')
    .option('-c, --config <file>', 'where its configuration goes (default: here, by the name it had)')
    .option('--force', 'also where files are there already: they are kept under other names')
    .option('--json', 'print JSON')
    .action(async (file: string, options: RestoreArguments) => {
      const { restore } = await import('./restore.js');
      finish(await restore(file, options));
    });
}
