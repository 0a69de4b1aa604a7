import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { LedgerStats } from '../../src/ledger/reader/read-stats.js';
import { NewcomerMachine } from './newcomer-machine.js';
import { pairFile, RunningGateway } from './running-gateway.js';

/** `copycat run` as it is built, ended by somebody and killed; its boards are two processes, which live on. */

const machine = new NewcomerMachine();
const gateways: RunningGateway[] = [];

beforeAll(() => machine.setUp());
afterEach(async () => {
  for (const { process, ended } of gateways.splice(0)) {
    process.kill('SIGKILL');
    await ended;
  }
});
afterAll(() => machine.dispose());

interface Kept {
  readonly id: number;
  readonly code: string;
  readonly title: string;
  readonly event: boolean;
  readonly closedAt: string | null;
}

async function json(...command: string[]): Promise<unknown> {
  const { code, text } = await machine.run([...command, '-c', 'pair.yaml', '--json'], '');
  expect(code).toBe(0);
  return JSON.parse(text);
}

async function run(): Promise<RunningGateway> {
  const gateway = new RunningGateway(machine.spawn(['run', '-c', 'pair.yaml'], {}), machine.folder);
  gateways.push(gateway);
  await gateway.when((status) => status.protected);
  return gateway;
}

async function end(gateway: RunningGateway, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  gateway.process.kill(signal);
  await gateway.ended;
}

it('R26, R27: a clean restart and a switchover are events, closed by themselves; a killed gateway is an open fault', async () => {
  // A machine that is busy makes no board fail here.
  const patient = pairFile('every 200ms').replace('deadline: 2s', 'deadline: 20s');
  writeFileSync(join(machine.folder, 'pair.yaml'), patient);
  await end(await run(), 'SIGTERM');
  const second = await run();
  await json('switch');
  const { counters } = await second.when((status) => status.primary === 'b' && status.protected);
  expect(counters).toMatchObject({ events: 2, switchovers: 1 });
  expect(counters).not.toHaveProperty('faults');
  await end(second, 'SIGKILL');
  await end(await run(), 'SIGTERM');

  const open = (await json('faults', 'list')) as Kept[];
  expect(open.map(({ title }) => title)).toEqual(['the gateway was restarted']);
  const all = (await json('faults', 'list', '--all')) as Kept[];
  expect(all.map(({ title, event }) => [title, event])).toEqual([
    ['the gateway was restarted', false],
    ['planned switchover from board a to board b', true],
    ['planned restart of the gateway', true],
  ]);
  expect(all.map(({ closedAt }) => closedAt === null)).toEqual([true, false, false]);
  const [stats] = (await json('faults', 'stats')) as LedgerStats[];
  expect(stats).toMatchObject({ faults: 1, openFaults: 1, events: 2, takeovers: 0, switchovers: 1 });
});
