import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pass } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { openLedgerReader } from '../../src/ledger/reader/reader.js';
import { FakeGpio } from '../unit/fake-gpio.js';
import { until } from '../until.js';
import { PosixGateway } from './posix-gateway.js';

// A whole gateway on two real boards (processes of this machine) without a relay: RESET in its place, or nothing to be switched.

const RESETS = { a: 'GPIO23', b: 'GPIO24' };

let gateway: PosixGateway | null = null;
let client: Socket | null = null;
afterEach(async () => {
  client?.destroy();
  await gateway?.dispose();
  [gateway, client] = [null, null];
});

/** The answers of a client, by its ids. */
function clientOf({ port }: PosixGateway): { readonly answers: Map<string, unknown>; ask(id: string): void } {
  const socket = connect(port, '127.0.0.1');
  client = socket;
  const answers = new Map<string, unknown>();
  createInterface({ input: socket }).on('line', (line) => {
    const answer = JSON.parse(line) as { id: string };
    answers.set(answer.id, answer);
  });
  return {
    answers,
    ask: (id) => void socket.write(`${JSON.stringify({ id, payload: '40069001' })}\n`),
  };
}

function faultsOf({ heater }: PosixGateway): readonly { readonly code: string; readonly steps: readonly string[] }[] {
  const reader = openLedgerReader(join(heater.folder, 'ledger.sqlite'));
  try {
    return reader.listFaults().map(({ code, timeline }) => ({ code, steps: timeline.map(({ step }) => step) }));
  } finally {
    reader.close();
  }
}

it('R10, R13: relay: none holds the old primary in RESET before the backup acts on what is left', async () => {
  const gpio = new FakeGpio();
  const pair = await PosixGateway.start('tcp://127.0.0.1:0', '', undefined, '', {
    ...{ relay: 'none', resets: RESETS, gpio },
  });
  gateway = pair;
  await pair.until(() => pair.status.protected);
  expect([gpio.line('GPIO23').level, gpio.line('GPIO24').level]).toEqual([0, 0]);
  expect(pair.status.relay).toMatchObject({ kind: 'none', fence: 'reset', commanded: 'a' });
  const { answers, ask } = clientOf(pair);
  ask('before');
  await until(() => answers.has('before'));
  const [a, b] = pair.heater.boards;
  let put = 0;
  b?.process.stdout.on('data', () => put++);
  // The line of its RESET cannot be had for a while: what is left waits for it, and so does who asked.
  gpio.line('GPIO23').refusal = 'EIO';
  a?.process.kill('SIGSTOP');
  ask('left');
  await pair.until(() => pair.status.phase === 'moving');
  const before = put;
  await pass(150);
  expect({ moved: put - before, answered: answers.has('left') }).toEqual({ moved: 0, answered: false });
  gpio.line('GPIO23').refusal = null;
  await until(() => answers.has('left'));
  expect(gpio.done).toContain('GPIO23=1');
  expect(answers.get('left')).toMatchObject({ id: 'left' });
  // It is let go, begins anew and joins.
  await pair.until(() => pair.status.protected && pair.status.primary === 'b');
  expect(gpio.done.filter((one) => one.startsWith('GPIO23'))).toEqual(['GPIO23=0', 'GPIO23=1', 'GPIO23=0']);
  expect(gpio.done.filter((one) => one.startsWith('GPIO24'))).toEqual(['GPIO24=0']);
  const silent = () => faultsOf(pair).find(({ code }) => code === 'silent');
  await pair.until(() => silent()?.steps.includes('held-in-reset') === true);
  expect(silent()?.steps).not.toContain('relay-moved');
});

it('R13: a RESET line that never follows stops the pair, and the backup has acted on nothing that is left', async () => {
  const gpio = new FakeGpio();
  const pair = await PosixGateway.start('tcp://127.0.0.1:0', '', undefined, '', {
    ...{ relay: 'none', resets: RESETS, gpio },
  });
  gateway = pair;
  await pair.until(() => pair.status.protected);
  const { answers, ask } = clientOf(pair);
  gpio.line('GPIO23').refusal = 'EIO';
  pair.heater.boards[0]?.process.kill('SIGSTOP');
  ask('left');
  await pair.until(() => pair.status.phase === 'stopped');
  expect(answers.get('left')).not.toMatchObject({ payload: expect.anything() });
  const codes = () => faultsOf(pair).map(({ code }) => code);
  await pair.until(() => codes().includes('relay-stuck') && codes().includes('pair-stopped'));
  expect(pair.status.warnings.join('\n')).toContain('the RESET line of board a (GPIO23) cannot be driven');
});

it('R10, R23: outputs: none: the backup takes over and answers, no line is touched, and the status says that nothing is switched', async () => {
  const gpio = new FakeGpio();
  const pair = await PosixGateway.start('tcp://127.0.0.1:0', 'outputs: none', undefined, '', { relay: 'none', gpio });
  gateway = pair;
  await pair.until(() => pair.status.protected);
  const { answers, ask } = clientOf(pair);
  ask('before');
  await until(() => answers.has('before'));
  pair.heater.boards[0]?.process.kill('SIGSTOP');
  ask('left');
  await until(() => answers.has('left'));
  await pair.until(() => pair.status.primary === 'b' && pair.status.phase === 'serving');
  expect(pair.status.relay).toMatchObject({ kind: 'none', fence: 'nothing', commanded: 'b' });
  expect(gpio.done).toEqual([]);
  // The ledger's thread writes it a little later.
  const silent = () => faultsOf(pair).find(({ code }) => code === 'silent');
  await pair.until(() => silent()?.steps.includes('took-over') === true);
  expect(silent()?.steps.some((step) => step.startsWith('relay-'))).toBe(false);
  expect(await pair.gateway.command({ command: 'relay-test', back: true })).toMatchObject({
    refused: expect.stringContaining('There is no relay'),
  });
});
