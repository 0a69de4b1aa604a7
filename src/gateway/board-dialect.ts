import type { Finding } from '../config/checks/finding.js';
import type { Config } from '../config/config.js';
import { CopycatError } from '../errors/copycat-error.js';
import type { Dialect } from '../link/dialect.js';
import { HARNESS } from '../link/harness/harness-dialect.js';

/**
 * What the boards of a pair speak, both the same. The one place that says so. Null: a board that stands in no configuration. Throws
 * CONFIG_INVALID for what is not spoken (`notSpoken`).
 */
export function dialectOf(config: Config | null): Dialect {
  const refused = config === null ? undefined : notSpoken(config)[0];
  if (refused === undefined) return HARNESS;
  throw new CopycatError('CONFIG_INVALID', refused.message, { expected: refused.remedy });
}

/** A profile that this version knows and does not speak. */
export function notSpoken({ protocol }: Config): readonly Finding[] {
  if (protocol.dialect === 'harness') return [];
  return [
    {
      severity: 'error',
      key: 'protocol.profile',
      message: `boards of the profile ${protocol.profile} cannot be served by this version`,
      remedy: 'leave protocol out for boards that run the firmware harness, or take a newer version',
    },
  ];
}
