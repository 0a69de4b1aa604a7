import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openLedgerReader } from '#built/ledger/reader/reader.js';
import { until } from '../until.js';
import { CookedTerminal } from './cooked-terminal.js';
import { NewcomerMachine } from './newcomer-machine.js';
import { pairFile, RunningGateway } from './running-gateway.js';

/** `copycat run` as it is built, two processes as boards, and everybody who only watches or asks at his worst at once. */

/** Of each wave; the sockets of this process are the limit. */
const IDLE_AT_A_TIME = 1_000;
const GARBAGE_AT_A_TIME = 100;
const FLOODERS = 4;
/** 10,000 idle and 1,000 garbage ones. */
const WAVES = 10;

const machine = new NewcomerMachine();
let gateway: RunningGateway;

beforeAll(async () => {
  await machine.setUp();
  writeFileSync(
    join(machine.folder, 'pair.yaml'),
    pairFile("['every 50ms', 'tcp://127.0.0.1:0', { listen: 'unix:inputs.sock' }]"),
  );
});
afterEach(async () => {
  gateway.process.kill('SIGKILL');
  await gateway.ended;
  // R19: a board that was unplugged again and again is kept out, and each of these unplugs two.
  for (const name of ['pair.sqlite', 'pair.sqlite-wal', 'pair.sqlite-shm', 'journal']) {
    rmSync(join(machine.folder, name), { recursive: true, force: true });
  }
});
afterAll(() => machine.dispose());

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

async function connectInWaves(to: NetConnectOpts, waves: number): Promise<void> {
  for (let wave = 0; wave < waves; wave++) {
    const idle = await Promise.all(Array.from({ length: IDLE_AT_A_TIME }, () => client(to)));
    const garbage = await Promise.all(
      Array.from({ length: GARBAGE_AT_A_TIME }, async (_, index) => {
        const socket = await client(to);
        socket.write(Buffer.from(`\0\xff GET / HTTP/1.1 ${index} \n{"id":\n`.repeat(50), 'latin1'));
        return socket;
      }),
    );
    for (const socket of [...idle, ...garbage]) socket.destroy();
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

async function run(log: 'pipe' | number): Promise<void> {
  gateway = new RunningGateway(
    machine.spawn(['run', '-c', 'pair.yaml'], { stdio: ['ignore', log, log] }),
    machine.folder,
  );
  await gateway.when((status) => status.protected);
}

function portIn(text: string): number {
  return Number(/tcp:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1]);
}

/** A board is lost in quiet, then the other one while `stopLog` has taken the log's reader away and everybody does his worst. */
async function storm(to: NetConnectOpts, waves: number, stopLog: () => void): Promise<void> {
  const quiet = await lose('a');
  expect(quiet.length).toBeGreaterThan(0);
  await gateway.when((status) => status.protected);

  stopLog();
  const flooders = await Promise.all(Array.from({ length: FLOODERS }, flood));
  const coming = connectInWaves(to, waves);
  const disturbed = await lose('b');
  await coming;
  for (const socket of flooders) socket.destroy();
  expect(disturbed).toEqual(quiet);

  const { inputs } = await gateway.when((status) => status.protected);
  expect(inputs.quarantined).toEqual([]);
  const polite = await client(to);
  const answer = new Promise<string>((resolve) => polite.once('data', (chunk: Buffer) => resolve(chunk.toString())));
  polite.write(`{"id":"polite ${waves}","payload":"40069001"}\n`);
  expect(JSON.parse(await answer)).toMatchObject({ payload: expect.stringMatching(/^[0-9a-f]+$/) });
  polite.destroy();
  gateway.process.kill('SIGTERM');
  expect(await gateway.ended).toEqual({ code: 0, signal: null });
}

describe('R32: a flooded control socket, idle clients and garbage at once cost a takeover no step', () => {
  it('10,000 idle and 1,000 garbage ones, with the terminal stopped', async () => {
    const terminal = new CookedTerminal();
    await run(terminal.slave);
    await until(() => portIn(terminal.read()) > 0);
    await storm({ port: portIn(terminal.read()), host: '127.0.0.1' }, WAVES, () => terminal.stop());
    terminal.close();
  });

  it('so too with whoever read the log killed', async () => {
    await run('pipe');
    await until(() => portIn(gateway.text) > 0);
    await storm({ port: portIn(gateway.text), host: '127.0.0.1' }, 1, () => {
      gateway.process.stdout?.destroy();
      gateway.process.stderr?.destroy();
    });
  });

  it('so too with the disk full that the log goes to', async () => {
    const full = openSync('/dev/full', 'a');
    await run(full);
    closeSync(full);
    await storm({ path: join(machine.folder, 'inputs.sock') }, 1, () => undefined);
  });
});
