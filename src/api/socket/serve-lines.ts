import { chmodSync, closeSync, constants, lstatSync, openSync, renameSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import { CopycatError } from '../../errors/copycat-error.js';
import { isServed } from '../../private-files/is-served.js';
import { LONGEST_SOCKET_PATH } from '../../private-files/socket-path.js';
import { type AnswerLine, answerLines } from './answer-lines.js';
import { FairTurns, type Turns } from './fair-turns.js';

export interface ServeLinesOptions {
  readonly answer: AnswerLine;
  /** Path of the unix-domain socket; its folder must exist. At most 107 bytes, says Linux. */
  readonly path: string;
  /** Who gives the turns; `FairTurns` when not given, whose clock is the wall's. The bench has a time of its own. */
  readonly turns?: Turns;
}

export interface LineServer {
  /** False once somebody has removed the socket's file, or put another one there. */
  readonly isAtPath: boolean;
  /** Stops serving and removes the socket, if it is still this one's. */
  close(): Promise<void>;
}

/** R32: of more, whoever is owed no answer and was silent longest gives way. A command line is here for one answer. */
const MOST_CLIENTS = 64;

/**
 * Answers each line of whoever may open the socket (this user) with one of its own. Rejects with LEDGER_LOCKED when another
 * gateway serves at this path; the socket of a dead one is replaced.
 */
export async function serveLines(options: ServeLinesOptions): Promise<LineServer> {
  const { path, answer } = options;
  if (Buffer.byteLength(path) > LONGEST_SOCKET_PATH) {
    throw new CopycatError('CONFIG_INVALID', 'the path of the control socket is too long', {
      value: path,
      expected: `at most ${LONGEST_SOCKET_PATH} bytes`,
    });
  }
  if (await isServed(path)) {
    // Not USAGE: a service that is started again later finds the place free.
    throw new CopycatError('LEDGER_LOCKED', `another gateway is running here: it serves ${path}`, {
      value: path,
      expected: 'one gateway for a pair: stop the other one first, or give this one a ledger of its own',
    });
  }
  const turns = options.turns ?? new FairTurns();
  /** The one that was silent longest first. */
  const clients = new Map<Socket, { readonly isBusy: boolean }>();
  const server = createServer((socket) => {
    if (clients.size >= MOST_CLIENTS) {
      const [longestIdle] = [...clients].find(([, { isBusy }]) => !isBusy) ?? [socket];
      longestIdle.destroy();
      clients.delete(longestIdle);
      if (longestIdle === socket) return;
    }
    const client = answerLines(socket, answer, turns);
    clients.set(socket, client);
    socket.on('data', () => {
      clients.delete(socket);
      clients.set(socket, client);
    });
    socket.on('close', () => clients.delete(socket));
  });
  const inode = await listen(server, path);
  const isAtPath = (): boolean => lstatSync(path, { throwIfNoEntry: false })?.ino === inode;
  return {
    get isAtPath() {
      return isAtPath();
    },
    close: () =>
      new Promise((resolve) => {
        if (isAtPath()) rmSync(path, { force: true });
        for (const socket of clients.keys()) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Only a socket is replaced: a path that was mistyped may name anything. */
function refuseOtherFile(path: string): void {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined || facts.isSocket()) return;
  throw new CopycatError('CONFIG_INVALID', `${path} is no socket, and stays as it is`, {
    value: path,
    expected: 'a path for the control socket (control: …) where there is nothing yet',
  });
}

/**
 * The socket gets its name when it is ready: what is left of a gateway that was killed is replaced in one step, and Node,
 * which removes the file of a server by the name it was made with, never removes that of another gateway.
 */
async function listen(server: Server, path: string): Promise<number> {
  const name = `.${basename(path)}.${process.pid}`;
  let folder: number | null = null;
  try {
    refuseOtherFile(path);
    folder = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
    // Never too long for a socket's address, however long the folder's path is.
    const made = `/proc/self/fd/${folder}/${name}`;
    rmSync(made, { force: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(made, resolve);
    });
    chmodSync(made, 0o600);
    const { ino } = lstatSync(made);
    renameSync(made, path);
    return ino;
  } catch (error) {
    if (error instanceof CopycatError) throw error;
    const cause = error instanceof Error ? error : new Error(String(error));
    throw new CopycatError('CONFIG_INVALID', `cannot make the control socket ${path}: ${cause.message}`, {
      value: path,
      expected: 'a path in a folder that exists and that this user may write to',
      cause,
    });
  } finally {
    if (folder !== null) closeSync(folder);
  }
}
