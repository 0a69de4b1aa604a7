import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLedgerReader } from '../../src/ledger/reader/reader.js';
import { PosixGateway } from './posix-gateway.js';

// What a client and a person are told of an input: two real boards (processes of this machine), a whole gateway, a real socket.

let gateway: PosixGateway;
let client: Socket;
let lines: AsyncIterator<string>;

beforeAll(async () => {
  gateway = await PosixGateway.start('tcp://127.0.0.1:0');
  await gateway.until(() => gateway.status.protected);
  client = connect(gateway.port, '127.0.0.1');
  lines = createInterface({ input: client })[Symbol.asyncIterator]();
});
afterAll(async () => {
  client.destroy();
  await gateway.dispose();
});

async function ask(id: string, payload: string): Promise<unknown> {
  client.write(`${JSON.stringify({ id, payload })}\n`);
  return JSON.parse(String((await lines.next()).value));
}

function read<Found>(look: (reader: ReturnType<typeof openLedgerReader>) => Found): Found {
  const reader = openLedgerReader(join(gateway.heater.folder, 'ledger.sqlite'));
  try {
    return look(reader);
  } finally {
    reader.close();
  }
}

it('R4: what the sketch rejects is no empty success: not for the client, not in the ledger, not in the counts', async () => {
  expect(await ask('well', '40069001')).toEqual({ id: 'well', payload: 'ff0000000000' });
  const rejected = { id: 'five bytes', payload: '', rejected: true, reason: 'the sketch gave none' };
  expect(await ask('five bytes', '9001900190')).toEqual(rejected);
  // R23: who asks again is told the same.
  expect(await ask('five bytes', '9001900190')).toEqual({ ...rejected, repeat: true });
  expect(gateway.status.inputs).toMatchObject({ answered: 2, rejected: 1, refused: 0 });
  expect(gateway.status.boards[0]?.live).toMatchObject({ rejected: true, values: [] });
  await gateway.until(() => read((reader) => reader.readInputs({ state: 'rejected' }).length) === 1);
  const [found] = read((reader) => reader.readInputs({ state: 'rejected' }));
  expect(found).toMatchObject({ ref: 'tcp:five bytes', state: 'rejected', commit: { parts: [{ rejected: true }] } });
  const [well, ...more] = read((reader) => reader.readInputs({ state: 'finished' }));
  expect([well?.ref, more]).toEqual(['tcp:well', []]);
  // What went to the pins: full heat at 25 °C, no trip; the rejection has moved nothing.
  const levels = ['a', 'b'].map((board) => ({ board, levels: [255, 0] }));
  expect([well?.readBacks, found?.readBacks]).toEqual([levels, levels]);
  // Totals are written now and then.
  await gateway.until(() => read((reader) => reader.stats().counters['inputs-rejected']) !== undefined);
  expect(read((reader) => reader.stats())).toMatchObject({
    inputs: { finished: 2, rejected: 1 },
    counters: { 'inputs-rejected': 1 },
  });
});
