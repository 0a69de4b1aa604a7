import { writeFileSync } from 'node:fs';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLedgerReader } from '#built/ledger/reader.js';
import { CookedTerminal } from './cooked-terminal.js';
import { NewcomerMachine } from './newcomer-machine.js';
import { pairFile, RunningGateway, until } from './running-gateway.js';

/** `copycat run` as it is built, two processes as boards, and everybody who only watches or asks at his worst at once. */

const IDLE_IN_ALL = 10_000;
/** Of each wave; the sockets of this process are the limit. */
const IDLE_AT_A_TIME = 1_000;
const GARBAGE = 1_000;
const FLOODERS = 4;

const machine = new NewcomerMachine();
let gateway: RunningGateway;
const terminal = new CookedTerminal();

beforeAll(() => machine.setUp());
afterAll(async () => {
  gateway.process.kill('SIGKILL');
  await gateway.ended;
  terminal.close();
  machine.dispose();
});

function client(to: NetConnectOpts): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(to);
    socket.on('error', () => undefined); // being hung up on is what most of them are there for
    socket.resume();
    const ready = (): void => resolve(socket);
    socket.once('connect', ready).once('close', ready);
  });
}

/** Asks for the status again and again, as fast as it is let. */
async function flood(): Promise<Socket> {
  const socket = await client({ path: join(machine.folder, 'pair.sock') });
  const lines = '{"get":"status"}\n'.repeat(1000);
  const ask = (): void => {
    while (!socket.destroyed && socket.write(lines));
  };
  socket.on('drain', ask);
  ask();
  return socket;
}

async function connectInWaves(port: number): Promise<void> {
  for (let done = 0; done < IDLE_IN_ALL; done += IDLE_AT_A_TIME) {
    const wave = await Promise.all(Array.from({ length: IDLE_AT_A_TIME }, () => client({ port, host: '127.0.0.1' })));
    const garbage = await Promise.all(
      Array.from({ length: (GARBAGE * IDLE_AT_A_TIME) / IDLE_IN_ALL }, async (_, index) => {
        const socket = await client({ port, host: '127.0.0.1' });
        socket.write(Buffer.from(`\0\xff GET / HTTP/1.1 ${index} \n{"id":\n`.repeat(50), 'latin1'));
        return socket;
      }),
    );
    for (const socket of [...wave, ...garbage]) socket.destroy();
  }
}

/** What was in work just then is chance. */
const OF_INPUTS = ['first-input-given', 'first-answer'];

/** What was done about the last loss of a board, step by step. */
function lastTakeover(): string[] {
  const reader = openLedgerReader(join(machine.folder, 'pair.sqlite'));
  const [fault] = reader.listFaults().filter(({ timeline }) => timeline.some(({ step }) => step.includes('relay')));
  reader.close();
  return fault?.timeline.flatMap(({ step }) => (OF_INPUTS.includes(step) ? [] : [step])) ?? [];
}

async function lose(board: 'a' | 'b'): Promise<string[]> {
  const other = board === 'a' ? 'b' : 'a';
  await machine.unplug(board);
  const { inputs } = await gateway.when((status) => status.primary === other);
  await gateway.when((status) => status.inputs.answered > inputs.answered + 20);
  const steps = lastTakeover();
  await machine.plug(board);
  return steps;
}

it('R32: stopped terminal, flooded control socket, 10,000 idle and 1,000 garbage clients at once cost a takeover no step', async () => {
  writeFileSync(join(machine.folder, 'pair.yaml'), pairFile("['every 50ms', 'tcp://127.0.0.1:0']"));
  const stdio = ['ignore', terminal.slave, terminal.slave] as const;
  gateway = new RunningGateway(machine.spawn(['run', '-c', 'pair.yaml'], { stdio: [...stdio] }), machine.folder);
  await gateway.when((status) => status.protected);
  await until(() => /tcp:\/\/127\.0\.0\.1:\d+/.test(terminal.read()));
  const port = Number(/tcp:\/\/127\.0\.0\.1:(\d+)/.exec(terminal.read())?.[1]);
  const quiet = await lose('a');
  expect(quiet.length).toBeGreaterThan(0);
  await gateway.when((status) => status.protected);

  terminal.stop();
  const flooders = await Promise.all(Array.from({ length: FLOODERS }, flood));
  const waves = connectInWaves(port);
  const disturbed = await lose('b');
  await waves;
  for (const socket of flooders) socket.destroy();
  expect(disturbed).toEqual(quiet);

  const { inputs } = await gateway.when((status) => status.protected);
  expect(inputs.quarantined).toEqual([]);
  const polite = await client({ port, host: '127.0.0.1' });
  const answer = new Promise<string>((resolve) => polite.once('data', (chunk: Buffer) => resolve(chunk.toString())));
  polite.write('{"id":1,"payload":"40069001"}\n');
  expect(JSON.parse(await answer)).toMatchObject({ id: 1, payload: expect.stringMatching(/^[0-9a-f]+$/) });
  polite.destroy();
  gateway.process.kill('SIGTERM');
  expect(await gateway.ended).toEqual({ code: 0, signal: null });
});
