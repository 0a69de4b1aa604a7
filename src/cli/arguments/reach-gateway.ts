import { existsSync } from 'node:fs';
import type { Config } from '../../config/config.js';
import { loadConfig } from '../../config/load/load-config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { commandName } from '../terminal/command-name.js';
import { DEFAULT_CONFIG } from './find-ledger.js';

export interface GatewayChoice {
  readonly config?: string;
}

/** The configuration that the running gateway was started with. */
export interface FoundGateway {
  readonly config: Config;
  readonly file: string;
  /** What has to follow a command so that it finds the same again: empty, or ` -c FILE`. */
  readonly option: string;
}

/** -c FILE, else ./copycat.yaml. Throws USAGE when there is neither. */
export function findGateway({ config }: GatewayChoice, command: string): FoundGateway {
  if (config !== undefined) return { config: loadConfig(config), file: config, option: ` -c ${config}` };
  if (existsSync(DEFAULT_CONFIG)) return { config: loadConfig(DEFAULT_CONFIG), file: DEFAULT_CONFIG, option: '' };
  throw new CopycatError(
    'USAGE',
    `no configuration was named, and there is no ./${DEFAULT_CONFIG} here: copycat ${command} FILE (copycat init writes one)`,
  );
}

/** The same, without reading it. */
export function findConfigFile({ config }: GatewayChoice, command: string): string {
  if (config !== undefined) return config;
  if (existsSync(DEFAULT_CONFIG)) return DEFAULT_CONFIG;
  throw new CopycatError(
    'USAGE',
    `no configuration was named, and there is no ./${DEFAULT_CONFIG} here: copycat ${command} FILE (copycat init writes one)`,
  );
}

/** For a program: nobody is there, or somebody who does not answer. */
export function silenceCode(silence: string): 'NO_GATEWAY' | 'NO_ANSWER' {
  return silence.startsWith('no gateway is running') ? 'NO_GATEWAY' : 'NO_ANSWER';
}

/** Why a gateway could not be asked, with what to type when none runs. */
export function silenceText(error: unknown, file: string): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith('no gateway is running')
    ? `${message}; start it: ${commandName()} run -c ${file}`
    : message;
}
