import { resolve } from 'node:path';
import { runEmulated } from '../bench/run-emulated.js';
import { checkConfig } from '../config/check-config.js';
import type { Config } from '../config/config.js';
import { loadConfig } from '../config/load-config.js';
import { CopycatError } from '../errors/copycat-error.js';
import { runGateway } from '../gateway/run-gateway.js';
import type { ExitCode } from './report-failure.js';
import { printError } from './terminal.js';

interface Running {
  readonly addresses: readonly string[];
  stop(): Promise<void>;
}

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
  const ended = signalled();
  const running = await start(config, options.config);
  for (const address of running.addresses) printError(`copycat: ${config.name}: inputs from ${address}`);
  printError('copycat: running; Ctrl-C ends it, the relay then stays where it is');
  await ended;
  await running.stop();
  return 0;
}

/** Emulated boards need a world around them; real ones the machine's own ports and lines. */
async function start(config: Config, file: string): Promise<Running> {
  if (config.boards.every(({ port }) => port.type !== 'emulated')) return runGateway(config);
  const pair = await runEmulated(config, resolve(file));
  return { addresses: [pair.address], stop: pair.stop };
}

function signalled(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
}
