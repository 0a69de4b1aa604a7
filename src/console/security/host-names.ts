import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { type Reply, refusal } from '../reply.js';

/**
 * Names under which a browser may come here. Any other may be a name of somebody else's that leads to this address (DNS rebinding): a
 * page of his would then be of one origin with ours. An address is no name: nobody can make it lead elsewhere.
 */
export function refuseHost(request: IncomingMessage, names: readonly string[]): Reply | null {
  const host = request.headers.host ?? '';
  const name = nameIn(host);
  if (name !== null && (isIP(name) !== 0 || ownNames(names).includes(name))) return null;
  return refusal(
    421,
    `this console does not go by the name ${host.slice(0, 100)}`,
    'localhost, an address, the name of this machine, or one that --host (console: hosts) allows',
  );
}

/**
 * A page of another origin must not have anything done here (CSRF), and says its origin with what it sends. Whoever says none is no
 * browser, or it is a page of ours.
 */
export function refuseOrigin({ headers }: IncomingMessage): Reply | null {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  const isForeign =
    (origin !== undefined && originHost(origin) !== (headers.host ?? '').toLowerCase()) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none');
  return isForeign
    ? refusal(403, `a page of ${String(origin ?? 'another origin').slice(0, 100)} may not ask for this`)
    : null;
}

/** `example.org:8080`, `[::1]`; null: it is neither. */
function nameIn(host: string): string | null {
  const [, bracketed, plain] = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+))(?::\d{1,5})?$/.exec(host) ?? [];
  return (bracketed ?? plain)?.toLowerCase().replace(/\.$/, '') ?? null;
}

function ownNames(more: readonly string[]): readonly string[] {
  const own = hostname().toLowerCase();
  return ['localhost', own, `${own}.local`, ...more.map((name) => name.toLowerCase())];
}

function originHost(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
