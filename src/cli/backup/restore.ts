import { existsSync } from 'node:fs';
import { type Restored, restoreBackup } from '../../backup/restore-backup.js';
import { loadConfig } from '../../config/load/load-config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { refuseBesideGateway } from '../arguments/refuse-beside-gateway.js';
import { commandName } from '../terminal/command-name.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { shortPath } from '../terminal/short-path.js';
import { print, printJson } from '../terminal/terminal.js';
import { timeText } from '../terminal/time-text.js';

export interface RestoreArguments {
  readonly config?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** copycat restore: 0 when everything is in its place; else nothing was changed, or what was there has another name. */
export async function restore(file: string, options: RestoreArguments): Promise<ExitCode> {
  if (options.config !== undefined) await refuseRunning(options.config);
  const restored = restoreBackup({ path: file, config: options.config ?? null, force: options.force === true });
  if (options.json === true) printJson(restored);
  else tell(restored);
  return 0;
}

/** The ledger's lock says it too, where it is the same ledger; a configuration that cannot be read has no gateway to ask. */
async function refuseRunning(file: string): Promise<void> {
  if (!existsSync(file)) return;
  try {
    await refuseBesideGateway(loadConfig(file), file);
  } catch (error) {
    if (!(error instanceof CopycatError) || error.code !== 'CONFIG_INVALID') throw error;
  }
}

function tell({ manifest, config, written, keptAs, leftOut, faults }: Restored): void {
  print(`The pair ${manifest.pair}, as it was backed up on ${timeText(manifest.madeAt)} (${manifest.madeBy}):`);
  for (const path of written) print(`  ${shortPath(path)}`);
  for (const path of keptAs) print(`  ${shortPath(path)}: what was there before`);
  print(`Entries in its fault log: ${faults}.`);
  if (leftOut.length > 0) {
    const shown = leftOut.slice(0, 8).join(', ');
    print(`Inputs that were in work then are not done again: ${shown}${leftOut.length > 8 ? ' and more' : ''}.`);
  }
  print(
    'It says nothing of what was since: both boards begin anew when the gateway starts, and are in RESET for a moment.',
  );
  print(`Look it over first: ${commandName()} check -c ${shortPath(config)}`);
}
