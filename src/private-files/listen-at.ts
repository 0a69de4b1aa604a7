import { lstatSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { CopycatError } from '../errors/copycat-error.js';
import { isServed } from './is-served.js';

export type ListenAddress =
  /** Port 0: any free one. */
  | { readonly type: 'tcp'; readonly host: string; readonly port: number }
  | { readonly type: 'unix'; readonly path: string };

/** Nobody but this user may connect to a socket. */
const OTHERS = 0o177;

/** `tcp://[::1]:7400`, `unix:/run/copycat/in.sock`. */
export function addressText(address: ListenAddress): string {
  if (address.type === 'unix') return `unix:${address.path}`;
  return `tcp://${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
}

/**
 * Begins to listen, and resolves with where. A Unix socket that nobody listens on any more, of a gateway that was killed, is
 * replaced; any other file at its path is not. @throws CopycatError UPSTREAM_UNAVAILABLE
 */
export async function listenAt(server: Server, address: ListenAddress): Promise<string> {
  try {
    if (address.type === 'unix') await removeStale(address.path);
    await listen(server, address);
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    const expected =
      address.type === 'unix'
        ? 'a path that is free, in a folder that exists and that this user may write to'
        : 'an address of this machine and a port that nothing else uses';
    const value = addressText(address);
    throw new CopycatError('UPSTREAM_UNAVAILABLE', `cannot listen on ${value}: ${cause.message}`, {
      ...{ value, expected, cause },
    });
  }
  const bound = server.address();
  if (bound === null || typeof bound === 'string') return addressText(address);
  return addressText({ type: 'tcp', host: bound.address, port: bound.port });
}

function listen(server: Server, address: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    const begun = (): void => {
      server.off('error', failed);
      resolve();
    };
    const failed = (cause: Error): void => {
      server.off('listening', begun);
      reject(cause);
    };
    server.once('error', failed);
    server.once('listening', begun);
    if (address.type === 'tcp') {
      server.listen({ host: address.host, port: address.port });
      return;
    }
    // The file is made within this call: at no instant may others connect.
    const before = process.umask(OTHERS);
    try {
      server.listen(address.path);
    } finally {
      process.umask(before);
    }
  });
}

async function removeStale(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error('a file that is no socket is there');
  if (await isServed(path)) throw new Error('another program listens there');
  rmSync(path, { force: true });
}
