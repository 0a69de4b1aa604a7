import { checkConfig } from '../config/check-config.js';
import type { Config } from '../config/config.js';
import { loadConfig } from '../config/load-config.js';
import { CopycatError } from '../errors/copycat-error.js';
import type { ExitCode } from './report-failure.js';
import { printError } from './terminal.js';

/** copycat run -c FILE: the gateway, until a signal ends it. Nothing is opened before the configuration is sound. */
export async function run(options: { readonly config: string }): Promise<ExitCode> {
  const config = loadConfig(options.config);
  const findings = checkConfig(config);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const sentences = errors.map(({ key, message, remedy }) => `${options.config}: ${key}: ${message}; ${remedy}`);
    throw new CopycatError('CONFIG_INVALID', sentences.join('\n'));
  }
  for (const { key, message } of findings.filter(({ severity }) => severity === 'warning')) {
    printError(`copycat: warning: ${key}: ${message} (copycat check ${options.config} says what to do)`);
  }
  return runUntilSignal(config);
}

// The one call into the gateway.
async function runUntilSignal(_config: Config): Promise<ExitCode> {
  throw new CopycatError('INTERNAL', 'the gateway is not joined to the command line yet');
}
