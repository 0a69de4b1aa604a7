import { resolve } from 'node:path';
import { listenAddress } from '../../private-files/listen-address.js';
import type { ConsoleConfig } from '../config.js';
import type { ConfigFile } from '../schema/config-schema.js';

/** How the pair is shown by a process of its gateway's; null: it is not. */
export function consoleOf({ console }: ConfigFile, folder: string): ConsoleConfig | null {
  const listen = console === undefined ? null : listenAddress(console.listen);
  if (console === undefined || listen === null) return null;
  const { tls, hosts } = console;
  const tokenFile = console['token-file'];
  return {
    listen: listen.type === 'unix' ? { type: 'unix', path: resolve(folder, listen.path) } : listen,
    tokenFile: tokenFile === undefined ? null : resolve(folder, tokenFile),
    tls: tls === undefined ? null : { key: resolve(folder, tls.key), cert: resolve(folder, tls.cert) },
    hosts,
  };
}
