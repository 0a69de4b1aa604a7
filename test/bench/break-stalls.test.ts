import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { BenchClient } from '#built/bench/bench-client.js';
import { ScriptedBoard } from '#built/bench/scripted-board.js';
import { type BenchWorld, createWorld } from '#built/bench/world/world.js';
import type { Status } from '#built/control/contract/status.js';
import { heaterPayload } from '#built/model-board/heater-reference.js';
import { until } from '../until.js';
import { cleanUp, folder, readFaults } from './break-kit.js';

/** A gateway on the machine's own clock that stands still while its boards run on. */

const MAIN = fileURLToPath(new URL('fixtures/wall-gateway.mjs', import.meta.url));
/** Long beside what a busy machine may take from the boards, short beside the stalls. */
const DEADLINE_MS = 600;

let world: BenchWorld;
let gateway: ChildProcess;
let client: BenchClient;
let address = '';

const wallTime = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const heard = () => new Promise((resolve) => gateway.once('message', resolve));

async function statusNow(): Promise<Status> {
  const told = heard();
  gateway.send('status');
  return (await told) as Status;
}

beforeEach(async () => {
  mkdirSync(join(folder, 'stalls'), { recursive: true });
  const board = (seed: number) => new ScriptedBoard({ seed, silenceUs: 20_000_000 });
  world = await createWorld({ folder: join(folder, 'stalls'), seed: 1, boards: { a: board(1), b: board(2) } });
  world.fastForward(500_000);
  world.start();
  const file = join(folder, 'stalls', 'copycat.yaml');
  writeFileSync(
    file,
    `boards:
  a: { kind: uno, port: ${world.boards.a.portPath} }
  b: { kind: uno, port: ${world.boards.b.portPath} }
relay: { pin: GPIO17, at-rest: a }
input: tcp://127.0.0.1:0
deadline: ${DEADLINE_MS}ms
ledger: { path: ledger.sqlite, journal: journal }
`,
  );
  gateway = fork(MAIN, [file], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  ({ address } = (await heard()) as { address: string });
  client = new BenchClient(world, {
    inputs: 1_000_000,
    inFlight: 2,
    paceUs: 2_000,
    nextPayload: (id) => heaterPayload(960 + (id % 50), 640),
  });
  await client.connect(address);
});

afterEach(() => {
  client.disconnect();
  gateway.kill('SIGKILL');
  world.stop();
});

afterAll(cleanUp);

test('R14: a gateway that stands still for seconds, again and again, blames no board for it', async () => {
  // Both boards are in the pair before anything stands still.
  await until(async () => (await statusNow()).protected);
  for (const stallMs of [1_500, 700, 20, 1_000]) {
    gateway.kill('SIGSTOP');
    await wallTime(stallMs);
    gateway.kill('SIGCONT');
    await wallTime(100);
  }
  const answered = client.answered;
  await until(() => client.answered >= answered + 20);
  const status = await statusNow();
  const faults = readFaults(join(folder, 'stalls', 'ledger.sqlite'));
  // A repeat that went out late is counted; it accuses nobody.
  expect(faults.map(({ code }) => code).filter((code) => code !== 'link-degraded')).toEqual([]);
  expect(status).toMatchObject({ phase: 'serving', protected: true, primary: 'a', epoch: 1 });
});
