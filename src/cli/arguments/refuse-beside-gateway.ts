import { readStatus } from '../../api/socket/read-status.js';
import type { Config } from '../../config/config.js';
import { instanceName } from '../../config/instance-name.js';
import { CopycatError } from '../../errors/copycat-error.js';

/** Boards and relay can have one master only. Rejects with USAGE while the gateway of this configuration runs. */
export async function refuseBesideGateway({ controlPath, name }: Config, file: string): Promise<void> {
  try {
    await readStatus(controlPath, { timeoutMs: 2_000 });
  } catch {
    return; // nobody is there: just what is wanted
  }
  const unit = `copycat@${instanceName(name)}`;
  throw new CopycatError(
    'USAGE',
    `the gateway of ${file} is running: end it first (Ctrl-C, or sudo systemctl stop ${unit}), as boards and relay can have one master only`,
  );
}

/** Rejects with USAGE for boards that only an emulator has. */
export function refuseEmulated(config: Config, what: string): void {
  if (!config.boards.some(({ port }) => port.type === 'emulated')) return;
  throw new CopycatError('USAGE', `emulated boards have nothing to ${what}`, {
    expected: 'two boards at ports of this host; copycat bench tries emulated ones',
  });
}
