import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLedgerReader } from '#built/ledger/reader/reader.js';
import { ToldFaults } from '../../src/gateway/log/fault-lines.js';
import { logEffect } from '../../src/gateway/log/log-lines.js';
import type { LedgerRequest } from '../../src/pair/state/effects.js';
import { LedgerKit } from './ledger-kit.js';

let kit: LedgerKit;

beforeEach(() => {
  kit = new LedgerKit();
});
afterEach(() => kit.dispose());

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly fault?: number;
  readonly event?: number;
}

/** What the log says of requests as the ledger takes them. */
async function logged(requests: readonly LedgerRequest[]): Promise<Line[]> {
  const lines: Line[] = [];
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(String(chunk)) as Line);
      done();
    },
  });
  const log = pino({ base: null }, to);
  const opened = await kit.open();
  const { ledger } = opened;
  const told = new ToldFaults((faultId) => ledger.keptAs(faultId));
  for (const request of requests) {
    ledger.submit(request);
    logEffect(log, request, told);
  }
  await opened.close();
  return lines;
}

function opened(faultId: number, code: string, evidence = {}): LedgerRequest {
  const fault = { faultId, code, board: 'a', seq: null, atUs: faultId, evidence };
  return { type: 'openFault', fault } as LedgerRequest;
}

test('no number is printed that is not stored: what is counted on another fault is told as that one, again', async () => {
  const steps = (id: number): LedgerRequest[] => [
    opened(id, 'backup-behind'),
    { type: 'noteFault', faultId: id, step: 'set-aside', atUs: id, detail: { board: 'a' } },
  ];
  const lines = await logged([1, 2, 3, 4, 5, 6, 7].flatMap(steps));
  const reader = openLedgerReader(kit.path);
  const stored = reader.listFaults().map(({ id }) => id);
  reader.close();
  expect(stored).toEqual([5, 4, 3, 2, 1]);
  const numbers = lines.flatMap(({ msg, fault }) => [
    ...(msg.match(/\d+/g) ?? []).map(Number),
    ...(fault ? [fault] : []),
  ]);
  expect(numbers.filter((number) => !stored.includes(number))).toEqual([]);
  expect(lines.at(-2)).toMatchObject({ fault: 5, msg: 'fault 5 again: backup-behind (board a)' });
  expect(lines.at(-1)).not.toHaveProperty('fault');
});

test('R26: what was planned is told as an event, with its steps, and is no warning', async () => {
  const lines = await logged([
    opened(1, 'silent'),
    opened(2, 'updating'),
    { type: 'noteFault', faultId: 2, step: 'flashed', atUs: 3, detail: {} },
    { type: 'noteFault', faultId: 1, step: 'joined', atUs: 3, detail: {} },
  ]);
  expect(lines).toMatchObject([
    { level: 40, fault: 1, msg: 'fault 1: silent (board a)' },
    { level: 30, event: 2, msg: 'event 2: updating (board a)' },
    { level: 30, event: 2, msg: 'flashed' },
    { level: 30, fault: 1, msg: 'joined' },
  ]);
  expect(lines.filter(({ fault, event }) => fault !== undefined && event !== undefined)).toEqual([]);
});
