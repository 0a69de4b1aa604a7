import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readStatus } from '../../src/control/read-status.js';
import { serveStatus } from '../../src/control/serve-status.js';
import type { Status } from '../../src/control/status.js';

const STATUS: Status = {
  name: 'oven',
  phase: 'serving',
  protected: true,
  why: 'both boards agree',
  primary: 'a',
  epoch: 1,
  boards: [],
  relay: { commanded: 'a', proved: true },
  warnings: [],
  ledger: { path: 'ledger.sqlite', recordedToDisk: true, waiting: 0 },
  inputs: { pending: 0, answered: 3, refused: 0 },
  counters: {},
  upMs: 5,
};

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-control-'));
  path = join(folder, 'control.sock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const serve = () => serveStatus({ path, status: () => STATUS });

/** Leaves a socket file behind, as a gateway that was killed does. */
async function leaveStaleSocket(): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${path}.alive`, resolve));
  // Closing removes the file under the name it was made with: under another name it stays, with nobody behind it.
  const { renameSync } = await import('node:fs');
  renameSync(`${path}.alive`, path);
  await new Promise((resolve) => server.close(resolve));
}

/** Sends text and gives what comes back until the other side is silent or gone. */
function ask(text: string, answers: number): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let held = '';
    const done = (): void => {
      const lines = held.split('\n').slice(0, -1);
      if (lines.length < answers && !socket.destroyed) return;
      socket.destroy();
      resolve(lines.map((line) => JSON.parse(line)));
    };
    socket.on('connect', () => socket.write(text));
    socket.on('error', reject);
    socket.on('close', done);
    socket.on('data', (chunk: Buffer) => {
      held += chunk.toString();
      done();
    });
  });
}

describe('the control socket', () => {
  it('tells the status as it is when asked', async () => {
    let upMs = 0;
    const server = await serveStatus({ path, status: () => ({ ...STATUS, upMs: ++upMs }) });
    expect(await readStatus(path)).toEqual({ ...STATUS, upMs: 1 });
    expect(await readStatus(path)).toEqual({ ...STATUS, upMs: 2 });
    await server.close();
  });

  it('belongs to this user alone', async () => {
    const server = await serve();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await server.close();
  });

  it('answers every line of a connection, the wrong ones with an error', async () => {
    const server = await serve();
    expect(await ask('{"get":"status"}\n{"get":"moon"}\nnonsense\n{"get":"status"}\n', 4)).toEqual([
      { status: STATUS },
      { error: expect.any(String) },
      { error: expect.any(String) },
      { status: STATUS },
    ]);
    await server.close();
  });

  it('R6: hangs up on a request without end', async () => {
    const server = await serve();
    expect(await ask('x'.repeat(5000), 1)).toEqual([]);
    expect(await readStatus(path)).toEqual(STATUS);
    await server.close();
  });

  it('replaces the socket of a gateway that was killed', async () => {
    await leaveStaleSocket();
    expect(existsSync(path)).toBe(true);
    const server = await serve();
    expect(await readStatus(path)).toEqual(STATUS);
    await server.close();
    expect(existsSync(path)).toBe(false);
  });

  it('refuses to serve where another gateway serves, which goes on', async () => {
    const server = await serve();
    await expect(serve()).rejects.toMatchObject({
      code: 'USAGE',
      message: `another gateway is running here: it serves ${path}`,
    });
    expect(await readStatus(path)).toEqual(STATUS);
    await server.close();
  });

  it('closes while somebody is connected', async () => {
    const server = await serve();
    const socket = connect(path);
    await new Promise((resolve) => socket.once('connect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    await server.close();
    await closed;
  });

  it('says why it cannot be made', async () => {
    await expect(serveStatus({ path: join(folder, 'x'.repeat(120)), status: () => STATUS })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      expected: 'at most 107 bytes',
    });
    await expect(serveStatus({ path: join(folder, 'no', 'such'), status: () => STATUS })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });
});

describe('asking for the status', () => {
  it('says that no gateway is running, and whether one was', async () => {
    await expect(readStatus(path)).rejects.toMatchObject({
      code: 'USAGE',
      message: `no gateway is running: there is no ${path}`,
    });
    await leaveStaleSocket();
    await expect(readStatus(path)).rejects.toMatchObject({
      code: 'USAGE',
      message: `no gateway is running: the one that made ${path} is gone`,
    });
  });

  it('does not wait for ever for a gateway that stands still, and takes no nonsense', async () => {
    let say: string | null = null;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      if (say !== null) socket.write(say);
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    await expect(readStatus(path, { timeoutMs: 20 })).rejects.toMatchObject({
      message: expect.stringContaining('does not answer'),
    });
    say = 'hello\n';
    await expect(readStatus(path)).rejects.toMatchObject({ message: `what answers at ${path} is no gateway` });
    say = '{"error":"broken"}\n';
    await expect(readStatus(path)).rejects.toMatchObject({ code: 'USAGE' });
    server.close();
  });
});
