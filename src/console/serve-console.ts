import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { WallClock } from '../clock/clock.js';
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
const KEEP_ALIVE_MS = 5_000;
const MOST_HEADER_BYTES = 16_384;
const LOOK_EVERY_MS = 1_000;

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
  const { files, listen, hosts, version } = options;
  const pairs = new Pairs(files, new WallClock());
  const streams = new Streams();
  const routes = allRoutes(pairs, streams, version);
  const gate = new Gate({ isUnixSocket: listen.type === 'unix', hosts });
  const page = new PageFiles(PAGE);
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: REQUEST_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: LOOK_EVERY_MS,
    },
    (request, response) => void answer(request, response, { routes, page, gate, onMistake }),
  );
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
    address: listen.type === 'unix' ? address : address.replace(/^tcp:/, 'http:').concat('/'),
    close: () =>
      new Promise((resolve) => {
        streams.close();
        pairs.close();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function allRoutes(pairs: Pairs, streams: Streams, version: string): readonly Route[] {
  const routes: Route[] = [
    ...healthRoutes(pairs),
    ...statusRoutes(pairs, streams),
    ...faultRoutes(pairs),
    ...inputRoutes(pairs),
    ...setUpRoutes(pairs),
    ...commandRoutes(pairs),
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

function socketsOf(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}
