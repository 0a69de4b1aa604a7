import { makeBackup } from '../../backup/make-backup.js';
import type { Manifest } from '../../backup/manifest.js';
import { findConfigFile } from '../arguments/reach-gateway.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { shortPath } from '../terminal/short-path.js';
import { colours, print, printJson } from '../terminal/terminal.js';
import { textTable } from '../terminal/text-table.js';

export interface BackupArguments {
  readonly config?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** copycat backup: 0 when it is written and everything is in it, 1 when something is missing, which is said. */
export async function backup(file: string, options: BackupArguments, version: string): Promise<ExitCode> {
  const config = findConfigFile(options, 'backup FILE -c');
  const manifest = await makeBackup({ config, path: file, force: options.force === true, madeBy: version });
  if (options.json === true) printJson(manifest);
  else tell(file, manifest);
  return manifest.notes.length === 0 ? 0 : 1;
}

function tell(file: string, { pair, files, notes }: Manifest): void {
  print(`${shortPath(file)}: the pair ${pair}`);
  print(
    textTable(
      files.map(({ kind, place, bytes, sha256 }) => [kind, place, String(bytes), sha256.slice(0, 12)]),
      [2],
    ),
  );
  for (const note of notes) print(colours.bold(`warning: ${note}`));
  if (files.some(({ kind }) => kind === 'tokens')) print('It holds tokens: keep it as you keep them.');
  print(colours.dim('Keep it on another device. copycat restore FILE puts it back.'));
}
