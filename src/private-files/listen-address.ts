import { isIP } from 'node:net';
import type { ListenAddress } from './listen-at.js';

export const LISTEN_EXPECTED = '127.0.0.1:8080, [::1]:8080, or unix: and the path of a socket';

/** `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`, `unix:/run/copycat/console.sock`; null: it is none of these. */
export function listenAddress(said: string): ListenAddress | null {
  if (said.startsWith('unix:')) return said.length === 5 ? null : { type: 'unix', path: said.slice(5) };
  const [, bracketed, plain, port] =
    /^(?:tcp:\/\/|https?:\/\/)?(?:\[([0-9a-fA-F:]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})\/?$/.exec(said) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || port === undefined || Number(port) > 65_535) return null;
  if (bracketed !== undefined && isIP(bracketed) !== 6) return null;
  return { type: 'tcp', host, port: Number(port) };
}

/** Why a console must not listen there, and what to do about it; null: it may. */
export function exposureTrouble(address: ListenAddress, tokenFile: string | null): string | null {
  if (isThisMachineAlone(address) || tokenFile !== null) return null;
  return 'whoever reaches this address could have things done by the pairs: say a token file (copycat token add NAME makes one), or listen on 127.0.0.1';
}

/** An address of this machine that nobody else reaches. */
export function isLoopback(address: string): boolean {
  return /^(::ffff:)?127\.|^::1$/.test(address);
}

/** Whoever is not on this machine cannot come there. */
function isThisMachineAlone(address: ListenAddress): boolean {
  return address.type === 'unix' || address.host === 'localhost' || isLoopback(address.host);
}
