import { exposureTrouble } from '../../private-files/listen-address.js';
import type { Config } from '../config.js';
import type { Finding } from './finding.js';

/** Who could come to the console, and what he would overhear. */
export function checkConsole({ console }: Config): readonly Finding[] {
  if (console === null) return [];
  const { listen, tokenFile, tls } = console;
  if (exposureTrouble(listen, tokenFile) !== null) {
    return [
      {
        severity: 'error',
        key: 'console.listen',
        message: 'whoever reaches this address could have things done by the pair',
        remedy: 'say token-file: (copycat token add NAME makes one), or listen on 127.0.0.1',
      },
    ];
  }
  if (exposureTrouble(listen, null) === null || tls !== null) return [];
  return [
    {
      severity: 'warning',
      key: 'console.tls',
      message: 'tokens for the console cross the network readable: whoever listens there has them',
      remedy: 'say tls: { key: …, cert: … }, or listen on 127.0.0.1 and put a proxy with TLS in front',
    },
  ];
}
