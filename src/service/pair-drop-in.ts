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
  const kept = [dirname(ledger.path), dirname(ledger.journalFolder)];
  const waysIn = foldersOfWaysIn(config);
  // Made and removed with the service: a link that is left may lead to another terminal soon. Never where the ledger is.
  const ownRun = waysIn.filter((folder) => folder.startsWith('/run/') && !kept.some((one) => isWithin(one, folder)));
  const folders = new Set([...kept, dirname(controlPath), ...waysIn]);
  const writable = [...folders].filter((folder) => !isWithin(folder, '/dev') && !ownRun.includes(folder));
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
    ...ownRun.map((folder) => `RuntimeDirectory=${quoted(folder.slice('/run/'.length))}`),
    // A folder that is missing is the gateway's to say, in words.
    ...writable.map((folder) => `ReadWritePaths=${quoted(`-${folder}`)}`),
    ...(isInTmp ? ['PrivateTmp=no'] : []),
    '',
  ].join('\n');
}

/** Of the sockets and devices that clients come to. */
function foldersOfWaysIn({ inputs, console }: Config): readonly string[] {
  const paths = inputs.flatMap((input) => (input.type === 'unix' || input.type === 'pty' ? [input.path] : []));
  const shown = console?.listen.type === 'unix' ? [console.listen.path] : [];
  return [...new Set([...paths, ...shown].map((path) => dirname(path)))];
}

function isWithin(path: string, folder: string): boolean {
  return `${path}/`.startsWith(`${folder}/`);
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
