import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { addressText, type ListenAddress, listenAt } from '../../src/private-files/listen-at.js';

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

function newServer(): Server {
  const server = createServer((socket) => socket.destroy());
  toClose.push(() => new Promise((resolve) => server.close(resolve)));
  return server;
}

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'copycat-listen-'));
  toClose.push(() => rmSync(folder, { recursive: true }));
  return join(folder, 'in.sock');
}

describe('an address', () => {
  it.each<[ListenAddress, string]>([
    [{ type: 'tcp', host: '127.0.0.1', port: 7400 }, 'tcp://127.0.0.1:7400'],
    [{ type: 'tcp', host: '::1', port: 7400 }, 'tcp://[::1]:7400'],
    [{ type: 'unix', path: '/run/x.sock' }, 'unix:/run/x.sock'],
  ])('%j is written as %s', (address, text) => {
    expect(addressText(address)).toBe(text);
  });
});

describe('listening', () => {
  it('at port 0 says which port that became, and leaves no listener behind', async () => {
    const server = newServer();
    const where = await listenAt(server, { type: 'tcp', host: '127.0.0.1', port: 0 });
    expect(where).toMatch(/^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect([server.listenerCount('error'), server.listenerCount('listening')]).toEqual([0, 0]);
  });

  it('at a port that is in use says which, and why', async () => {
    const where = await listenAt(newServer(), { type: 'tcp', host: '127.0.0.1', port: 0 });
    const port = Number(where.split(':').at(-1));
    const server = createServer();
    const again = listenAt(server, { type: 'tcp', host: '127.0.0.1', port });
    await expect(again).rejects.toMatchObject({
      ...{ code: 'UPSTREAM_UNAVAILABLE', value: where, cause: expect.objectContaining({ code: 'EADDRINUSE' }) },
      message: expect.stringContaining(`cannot listen on ${where}: listen EADDRINUSE`),
      expected: 'an address of this machine and a port that nothing else uses',
    });
    expect([server.listenerCount('error'), server.listenerCount('listening')]).toEqual([0, 0]);
  });

  it('at a path makes a socket for this user alone, and leaves the mask of the process as it was', async () => {
    const before = process.umask();
    const path = newPath();
    expect(await listenAt(newServer(), { type: 'unix', path })).toBe(`unix:${path}`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(process.umask()).toBe(before);
  });

  it('at a path where another program listens, or where a file is, changes nothing there', async () => {
    const path = newPath();
    await listenAt(newServer(), { type: 'unix', path });
    const expected = 'a path that is free, in a folder that exists and that this user may write to';
    await expect(listenAt(createServer(), { type: 'unix', path })).rejects.toMatchObject({
      ...{ code: 'UPSTREAM_UNAVAILABLE', value: `unix:${path}`, expected },
      message: `cannot listen on unix:${path}: another program listens there`,
    });
    expect(existsSync(path)).toBe(true);
    const letter = newPath();
    writeFileSync(letter, 'mine');
    await expect(listenAt(createServer(), { type: 'unix', path: letter })).rejects.toMatchObject({
      message: `cannot listen on unix:${letter}: a file that is no socket is there`,
    });
    expect(readFileSync(letter, 'utf8')).toBe('mine');
  });

  it('in a folder that is not there says so', async () => {
    const path = join(newPath(), 'deeper', 'in.sock');
    await expect(listenAt(createServer(), { type: 'unix', path })).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    });
  });
});
