import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { WallClock } from '../clock/clock.js';
import { CopycatError } from '../errors/copycat-error.js';
import { listenAt } from '../private-files/listen-at.js';
import type { ConsoleOptions } from './console-options.js';
import { answer } from './http/answer.js';
import { openApi } from './http/open-api.js';
import { PageFiles } from './http/page-files.js';
import { type Route, route } from './http/route.js';
import { Pairs } from './pairs/pairs.js';
import { json } from './reply.js';
import { commandRoutes } from './routes/commands.js';
import { faultRoutes } from './routes/faults.js';
import { healthRoutes } from './routes/health.js';
import { inputRoutes } from './routes/inputs.js';
import { sessionRoutes } from './routes/session.js';
import { setUpRoutes } from './routes/set-up.js';
import { statusRoutes } from './routes/status.js';
import { Gate } from './security/gate.js';
import { Streams } from './stream/streams.js';

/** What the page is made to: of one that runs from a clone's `build` as well. */
const PAGE = fileURLToPath(new URL('../../dist/page/', import.meta.url));

const MOST_CONNECTIONS = 256;
/** Whoever sends a request more slowly, or reads nothing of an answer for so long, is cut off. */
const REQUEST_MS = 10_000;
const IDLE_MS = 60_000;
const LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: REQUEST_MS,
  requestTimeout: REQUEST_MS,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};

export interface ServedConsole {
  /** `http://127.0.0.1:8080/`, `unix:/run/copycat/console.sock` */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * The console: all pairs of this machine, to whoever may come. It asks gateways over their control sockets and reads ledgers, and
 * nothing that becomes of it reaches the pair (R32). @throws CopycatError UPSTREAM_UNAVAILABLE: it cannot listen there
 */
export async function serveConsole(
  options: ConsoleOptions,
  onMistake: (error: unknown) => void,
): Promise<ServedConsole> {
  const { files, listen, hosts, tokenFile, tls } = options;
  const gate = new Gate({
    isUnixSocket: listen.type === 'unix',
    hosts,
    tokenFile,
    isSecure: tls !== null,
    nowMs: Date.now,
  });
  const server = tls === null ? createServer(LIMITS) : secureServer(tls);
  const pairs = new Pairs(files, new WallClock());
  const streams = new Streams();
  const routes = allRoutes(pairs, streams, gate, ownVersion());
  const page = new PageFiles(PAGE);
  const hear = (request: IncomingMessage, response: ServerResponse): void => {
    void answer(request, response, { routes, page, gate, onMistake });
  };
  server.on('request', hear);
  server.maxConnections = MOST_CONNECTIONS;
  server.setTimeout(IDLE_MS);
  const sockets = socketsOf(server);
  let address: string;
  try {
    address = await listenAt(server, listen);
  } catch (error) {
    pairs.close();
    throw error;
  }
  return {
    address: listen.type === 'unix' ? address : address.replace(/^tcp:/, tls === null ? 'http:' : 'https:').concat('/'),
    close: () =>
      new Promise((resolve) => {
        streams.close();
        pairs.close();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function allRoutes(pairs: Pairs, streams: Streams, gate: Gate, version: string): readonly Route[] {
  const routes: Route[] = [
    ...healthRoutes(pairs),
    ...statusRoutes(pairs, streams),
    ...faultRoutes(pairs),
    ...inputRoutes(pairs),
    ...setUpRoutes(pairs),
    ...commandRoutes(pairs),
    ...sessionRoutes(gate),
  ];
  let told: object | null = null;
  routes.push(
    route({
      method: 'GET',
      path: '/api/openapi.json',
      summary: 'This API, as OpenAPI 3.1',
      type: 'application/json',
      isOpen: true,
      handle: () => {
        told ??= openApi(routes, version);
        return json(told);
      },
    }),
  );
  return routes;
}

/** @throws CopycatError UPSTREAM_UNAVAILABLE: key and certificate are not there, or are none */
function secureServer({ key, cert }: { readonly key: string; readonly cert: string }): SecureServer {
  const pem = { key: readPem(key), cert: readPem(cert) };
  try {
    return createSecureServer({ ...LIMITS, ...pem, handshakeTimeout: REQUEST_MS });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CopycatError('UPSTREAM_UNAVAILABLE', `${key} and ${cert} are of no use: ${why}`, {
      ...{ value: key, expected: 'a key and its certificate, in PEM', cause },
    });
  }
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CopycatError('UPSTREAM_UNAVAILABLE', `${path} cannot be read: ${why}`, {
      ...{ value: path, expected: 'a file in PEM that the user of the console may read', cause },
    });
  }
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

function socketsOf(server: Server | SecureServer): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}
