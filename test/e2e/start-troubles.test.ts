import { readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NewcomerMachine } from './newcomer-machine.js';
import { pairFile, RunningGateway } from './running-gateway.js';

/** `copycat run` as it is built, where something that it needs is not there yet: two processes are its boards. */

const machine = new NewcomerMachine();
const gateways: RunningGateway[] = [];
const servers: Server[] = [];

beforeAll(() => machine.setUp());
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  for (const { process, ended } of gateways.splice(0)) {
    process.kill('SIGKILL');
    await ended;
  }
});
afterAll(() => machine.dispose());

function run(file: string): RunningGateway {
  writeFileSync(join(machine.folder, 'pair.yaml'), file);
  const gateway = new RunningGateway(machine.spawn(['run', '-c', 'pair.yaml'], {}), machine.folder);
  gateways.push(gateway);
  return gateway;
}

/** A port that somebody else has. */
async function takenPort(): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, server };
}

function ask(port: number, id: number): Promise<{ id: number; payload?: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`{"id":${id},"payload":"40069001"}\n`));
    socket.once('error', reject);
    socket.once('data', (chunk: Buffer) => {
      socket.destroy();
      resolve(JSON.parse(chunk.toString()));
    });
  });
}

describe('copycat run with an input that cannot begin', () => {
  it('serves the others, says so in its status, and listens as soon as the port is free; the first SIGTERM ends it', async () => {
    const { port, server } = await takenPort();
    const gateway = run(pairFile(`['every 50ms', 'tcp://127.0.0.1:${port}']`));
    const served = await gateway.when((status) => status.protected && status.inputs.answered >= 5);
    expect(served.warnings.join('\n')).toContain(
      `nothing comes in: cannot listen on tcp://127.0.0.1:${port}: listen EADDRINUSE`,
    );
    expect(gateway.text).toContain('nothing comes in yet');

    await new Promise((resolve) => server.close(resolve));
    const listening = await gateway.when(({ warnings }) => !warnings.join('\n').includes('cannot listen'));
    expect(listening.protected).toBe(true);
    expect(await ask(port, 1)).toMatchObject({ id: 1, payload: expect.stringMatching(/^[0-9a-f]+$/) });

    gateway.process.kill('SIGTERM');
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
  });

  it('has a head though it is the only one, on an address that this host does not have, and ends in order', async () => {
    // Of TEST-NET-1: nobody has it.
    writeFileSync(join(machine.folder, 'token'), 'for whoever may drive it\n', { mode: 0o600 });
    const gateway = run(pairFile('{ listen: "tcp://192.0.2.7:7400", token-file: token }'));
    const status = await gateway.when((now) => now.protected);
    expect(status.warnings.join('\n')).toContain('cannot listen on tcp://192.0.2.7:7400: listen EADDRNOTAVAIL');
    gateway.process.kill('SIGINT');
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
  });
});

describe('signals', () => {
  it('a terminal that has gone (SIGHUP) ends it in order, and more signals meanwhile do not kill it', async () => {
    const gateway = run(pairFile('every 50ms'));
    await gateway.when((status) => status.protected);
    gateway.process.kill('SIGHUP');
    gateway.process.kill('SIGTERM');
    gateway.process.kill('SIGHUP');
    gateway.process.kill('SIGTERM');
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    expect(gateway.text).toContain('ended; the relay stays where it is');
  });
});

describe('copycat run whose lines cannot be had', () => {
  it('can be asked what it waits for, refuses commands, and ends in order while it waits for a board', async () => {
    const lines = pairFile('every 50ms').replace('pin: GPIO17', 'pin: D7').replace('feedback: GPIO27', 'feedback: D8');
    const gateway = run(`${lines}firmata: { port: usb-1.4 }\n`);
    const status = await gateway.when(({ why }) => why.includes('the lines of the relay'));
    expect(status).toMatchObject({ phase: 'starting', protected: false });
    const refused = await machine.run(['switch', '-c', 'pair.yaml'], '');
    expect(refused.code).toBe(1);
    expect(refused.text).toContain('the gateway is starting');
    gateway.process.kill('SIGTERM');
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    expect(gateway.text).toContain('ended before the gateway had begun');
  });

  it('ends by itself with the reason when there is no such line, and lets go of what it had opened', async () => {
    const gateway = run(pairFile('every 50ms').replace('feedback: GPIO27', 'feedback: GPIO60'));
    expect(await gateway.ended).toEqual({ code: 1, signal: null });
    expect(gateway.text).toContain('GPIO60');
    expect(readdirSync(machine.folder)).not.toContain('pair.sock');
  });
});
