import { dirname } from 'node:path';
import type { Config } from '../config/config.js';
import { MARK } from './service-plan.js';

export interface PairDropInOptions {
  readonly config: Config;
  /** Absolute. */
  readonly configFile: string;
  readonly user: string;
  /** Those of dialout and gpio that the system has: a unit with another one does not start. */
  readonly groups: readonly string[];
  /** Node and the program, absolute. */
  readonly program: readonly string[];
  /** Lingering was turned on for this user by us, and goes with the service. */
  readonly lingers: boolean;
}

const LINGER_LINE = '# lingering was turned on for';

/** What is one pair's own in its service. */
export function pairDropIn(options: PairDropInOptions): string {
  const { config, configFile, user, groups, program, lingers } = options;
  const { ledger, controlPath } = config;
  const folders = new Set([dirname(ledger.path), dirname(controlPath), dirname(ledger.journalFolder)]);
  const writable = [...folders].filter((folder) => !`${folder}/`.startsWith('/dev/'));
  const isInTmp = [...writable, dirname(configFile)].some((folder) => /^\/(var\/)?tmp(\/|$)/.test(folder));
  const command = (...words: string[]) => [...program, ...words, '-c', configFile].map(quoted).join(' ');
  return [
    `${MARK} for the pair ${oneLine(config.name)}`,
    `# configuration: ${configFile}`,
    ...(lingers ? [`${LINGER_LINE} ${user}`] : []),
    '',
    '[Service]',
    `User=${user}`,
    ...(groups.length === 0 ? [] : [`SupplementaryGroups=${groups.join(' ')}`]),
    `WorkingDirectory=${dirname(configFile).replaceAll('%', '%%')}`,
    'ExecStart=',
    `ExecStart=${command('run')}`,
    // The kernel may keep a line whose gateway is gone; `-`: nothing depends on it.
    ...(config.relay.onGatewayDeath === 'release' ? [`ExecStopPost=-${command('service', 'stopped')}`] : []),
    // A folder that is missing is the gateway's to say, in words.
    ...writable.map((folder) => `ReadWritePaths=${quoted(`-${folder}`)}`),
    ...(isInTmp ? ['PrivateTmp=no'] : []),
    '',
  ].join('\n');
}

/** What a drop-in says of itself; nulls where it is none of ours. */
export function readDropIn(text: string): { readonly configFile: string | null; readonly lingers: string | null } {
  if (!text.startsWith(MARK)) return { configFile: null, lingers: null };
  return {
    configFile: /^# configuration: (.+)$/m.exec(text)?.[1] ?? null,
    lingers: new RegExp(`^${LINGER_LINE} (\\S+)$`, 'm').exec(text)?.[1] ?? null,
  };
}

/** systemd.syntax(7) and the specifiers of systemd.unit(5): `%` and `$` mean something, and blanks part words. */
export function quoted(word: string): string {
  const escaped = word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w./@:+,=%$-]+$/.test(word) ? escaped : `"${escaped}"`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
