import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { CopycatError } from '../errors/copycat-error.js';
import { type Answerers, answerLines } from './answer-lines.js';

export interface ServeControlOptions extends Answerers {
  /** Path of the unix-domain socket; its folder must exist. At most 107 bytes, says Linux. */
  readonly path: string;
}

export interface ControlServer {
  /** Stops serving and removes the socket. */
  close(): Promise<void>;
}

const MAX_PATH_BYTES = 107;

/**
 * Tells the status of this gateway to whoever may open the socket (this user), and takes commands from there. Rejects
 * with USAGE when another gateway serves at this path; the socket of a dead one is replaced.
 */
export async function serveControl(options: ServeControlOptions): Promise<ControlServer> {
  const { path } = options;
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    throw new CopycatError('CONFIG_INVALID', 'the path of the control socket is too long', {
      value: path,
      expected: `at most ${MAX_PATH_BYTES} bytes`,
    });
  }
  if (await isServed(path)) {
    throw new CopycatError('USAGE', `another gateway is running here: it serves ${path}`, {
      value: path,
      expected: 'one gateway for a pair: stop the other one first, or give this one a ledger of its own',
    });
  }
  // Nobody answers there: what is left of a gateway that was killed.
  rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    answerLines(socket, options);
  });
  await listen(server, path);
  chmodSync(path, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve()); // removes the socket file
      }),
  };
}

/** True when a process listens at the path. */
function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // No such file, or a file that nobody listens on.
    socket.once('error', () => resolve(false));
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new CopycatError('CONFIG_INVALID', `cannot make the control socket ${path}: ${cause.message}`, {
          value: path,
          expected: 'a path in a folder that exists and that this user may write to',
          cause,
        }),
      ),
    );
    server.listen(path, resolve);
  });
}
