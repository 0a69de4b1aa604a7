import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readStatus } from '../../src/api/socket/read-status.js';
import { type ControlServer, serveControl } from '../../src/api/socket/serve-control.js';
import type { Status } from '../../src/control/contract/status.js';

/** R32: whoever asks, however many and however often, takes a small share of the gateway's time. */

let folder: string;
let path: string;
let server: ControlServer;
let asked = 0;
let finish: () => void = () => undefined;
const sockets: Socket[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-flood-'));
  path = join(folder, 'control.sock');
  asked = 0;
  server = await serveControl({
    path,
    status: () => {
      asked++;
      return { name: 'oven' } as Status;
    },
    command: () =>
      new Promise((resolve) => {
        finish = () => resolve({ done: 'it is so' });
      }),
  });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
  rmSync(folder, { recursive: true });
});

function client(): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(path, () => resolve(socket));
    socket.on('error', () => undefined); // being hung up on is what some of them are there for
    socket.resume();
    sockets.push(socket);
  });
}

describe('the control socket under a flood', () => {
  it('R32: a client that asks 20,000 times at once gets turns, not the gateway; another is answered in between', async () => {
    const flooder = await client();
    flooder.resume();
    flooder.write('{"get":"status"}\n'.repeat(20_000));
    expect(await readStatus(path, { timeoutMs: 60_000 })).toEqual({ name: 'oven' });
    expect(await readStatus(path, { timeoutMs: 60_000 })).toEqual({ name: 'oven' });
    // Without turns the first chunk alone is some thousand answers, before anybody else is heard.
    expect(asked).toBeLessThan(2000);
  });

  it('R32: silent clients without number lock nobody out; who is longest silent and is owed nothing gives way', async () => {
    const busy = await client();
    busy.write('{"do":"switch"}\n');
    const silent: Socket[] = [];
    for (let count = 0; count < 300; count++) silent.push(await client());
    expect(await readStatus(path, { timeoutMs: 60_000 })).toEqual({ name: 'oven' });
    while (silent.filter(({ destroyed }) => destroyed).length < 300 - 63)
      await new Promise((resolve) => setTimeout(resolve, 10));
    // The longest silent went first.
    expect(silent.slice(0, 200).every(({ destroyed }) => destroyed)).toBe(true);
    const answered = new Promise<string>((resolve) => busy.once('data', (chunk: Buffer) => resolve(chunk.toString())));
    finish();
    expect(JSON.parse(await answered)).toEqual({ done: 'it is so' });
  });
});
