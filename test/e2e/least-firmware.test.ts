import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PosixGateway } from './posix-gateway.js';

// A pair whose firmware was built with all left out that can be (firmware-harness/include/copycat/features.h): one kept result, no
// self-test, no log lines of its own, and no state that could be given from board to board.

const LEAST = '-DCC_WINDOW=1 -DCC_WITH_SELF_TEST=0 -DCC_WITH_STATE_TRANSFER=0 -DCC_WITH_TEXTS=0';

let gateway: PosixGateway;
let client: Socket;
let lines: AsyncIterator<string>;
let next = 1;

beforeAll(async () => {
  gateway = await PosixGateway.start('tcp://127.0.0.1:0', '', undefined, LEAST);
  await gateway.until(() => gateway.status.protected);
  client = connect(gateway.port, '127.0.0.1');
  lines = createInterface({ input: client })[Symbol.asyncIterator]();
});
afterAll(async () => {
  client.destroy();
  await gateway.dispose();
});

/** A tenth of a degree is missing: what the heater's integrator has summed up tells how often it was asked. */
async function ask(count: number): Promise<string[]> {
  const answers: string[] = [];
  for (let n = 0; n < count; n++) {
    client.write(`${JSON.stringify({ id: `i${next++}`, payload: '90018f01' })}\n`);
    answers.push(JSON.parse(String((await lines.next()).value)).payload);
  }
  return answers;
}

it('R25: a board that has lost its state is given again what the pair has executed, takes over, and goes on where that was', async () => {
  const before = await ask(20);
  expect(new Set(before.slice(-2)).size).toBe(2);
  const [a, b] = gateway.heater.boards;
  b?.process.stdin.write('reset\n');
  await gateway.until(() => !gateway.status.protected);
  const meanwhile = await ask(10);
  await gateway.until(() => gateway.status.protected);
  const joined = await ask(5);
  a?.process.kill('SIGSTOP');
  const after = await ask(5);
  a?.process.kill('SIGCONT');
  expect(gateway.status.primary).toBe('b');
  // Each answer follows from the one before it, whoever gave it: nothing was executed twice, nothing was left out.
  const sums = [...before, ...meanwhile, ...joined, ...after].map((payload) =>
    Buffer.from(payload, 'hex').readInt32LE(2),
  );
  const steps = sums.slice(1).map((sum, index) => sum - (sums[index] ?? 0));
  expect(sums).toHaveLength(40);
  expect(new Set(steps).size).toBe(1);
});
