import { existsSync } from 'node:fs';
import { isProgram } from '../../programs/find-program.js';
import type { CommandWords, Config } from '../config.js';
import type { Finding } from './finding.js';

/**
 * Commands that tell somebody, and are not there or must not be run. A warning: the pair runs without them. Looks into files,
 * so it is for a start and for people, not for a status.
 */
export function checkNotify({ notify }: Pick<Config, 'notify'>): readonly Finding[] {
  const { onFault, onChange, heartbeat } = notify;
  return [
    ...checkCommand('on-fault', onFault),
    ...checkCommand('on-change', onChange),
    ...checkCommand('heartbeat.command', heartbeat?.command ?? null),
  ];
}

function checkCommand(key: string, command: CommandWords | null): Finding[] {
  const [program] = command ?? [];
  if (program === undefined) return [];
  const warning = (message: string, remedy: string): Finding[] => [{ severity: 'warning', key, message, remedy }];
  if (isProgram(program)) return [];
  if (program.includes('/') && existsSync(program)) {
    return warning(
      `${program} must not be run by this user, or is no program`,
      `chmod +x ${program}; its first line says what runs it: #!/bin/sh`,
    );
  }
  return warning(
    program.includes('/') ? `there is no program ${program}` : `there is no program ${program} in PATH`,
    'name one that is there, from the folder of this file or from the root; a service has a PATH of its own',
  );
}
