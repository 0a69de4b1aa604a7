import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLedgerReader } from '#built/ledger/reader/reader.js';
import type { LedgerReader } from '../../src/ledger/reader/reader.js';
import { FaultThinner } from '../../src/ledger/requests/fault-thinner.js';
import { wallTimeOf } from '../../src/ledger/requests/wall-time.js';
import type { FaultRecord, LedgerRequest } from '../../src/pair/state/effects.js';
import { bytes, input, LedgerKit, type TestLedger } from './ledger-kit.js';

let kit: LedgerKit;
let readers: LedgerReader[];

beforeEach(() => {
  kit = new LedgerKit();
  readers = [];
});
afterEach(async () => {
  for (const reader of readers) reader.close();
  await kit.dispose();
});

function read(): LedgerReader {
  const reader = openLedgerReader(kit.path, () => Date.UTC(2026, 4, 1));
  readers.push(reader);
  return reader;
}

function fault(faultId: number, more: Partial<FaultRecord> = {}): LedgerRequest {
  return {
    type: 'openFault',
    fault: { faultId, code: 'silent', board: 'a', seq: null, atUs: faultId, evidence: { waitedMs: 50 }, ...more },
  };
}

/** A request that the disk answers: what was submitted before it is in the file. */
async function onDisk(ledger: TestLedger, requests: readonly LedgerRequest[] = []): Promise<void> {
  await ledger.ask([...requests, { type: 'reserveSeqs', throughSeq: 1000 }]);
}

/** What passes through the hot file on its way takes another round. */
async function settled(ledger: TestLedger): Promise<void> {
  await ledger.ask([{ type: 'recordDone', board: 'b', seq: 0 }]);
  await onDisk(ledger);
}

test.each(['process', 'power'] as const)(
  'a fault is kept (%s) with its evidence, its timeline and its input',
  async (durability) => {
    const wallNowMs = (): number => Date.UTC(2026, 3, 1, 12);
    const ledger = await kit.open({ durability, bootId: 'this boot', wallNowMs });
    await ledger.accept(1, 2);
    await onDisk(ledger, [
      fault(1, { seq: 2 }),
      { type: 'noteFault', faultId: 1, step: 'evidence', atUs: 10, detail: { bytes: 3 } },
      { type: 'noteFault', faultId: 1, step: 'fenced', atUs: 12, detail: {} },
      { type: 'noteFault', faultId: 1, step: 'fenced', atUs: 12, detail: {} },
      { type: 'noteFault', faultId: 44, step: 'fenced', atUs: 12, detail: {} },
    ]);
    await settled(ledger);
    const reader = read();
    expect(reader.showFault(1)).toEqual({
      id: 1,
      code: 'silent',
      board: 'a',
      seq: 2,
      atUs: 1,
      wallTime: expect.stringMatching(/^2026-/) as string,
      wallTimeTrusted: true,
      bootId: 'this boot',
      evidence: { waitedMs: 50 },
      timeline: [
        { step: 'evidence', atUs: 10, detail: { bytes: 3 } },
        { step: 'fenced', atUs: 12, detail: {} },
      ],
      input: { ref: 'tcp:2', kind: 'input', payload: bytes(2), result: null },
      closedAt: null,
      repeats: 0,
    });

    await ledger.commit({ seq: 2 });
    ledger.ledger.submit({ type: 'finishInput', seq: 2 });
    await settled(ledger);
    expect(reader.showFault(1).input?.result).toEqual([bytes(2, 2)]);
  },
);

test("a fault keeps a probe's payload and result", async () => {
  const ledger = await kit.open();
  await ledger.ask([{ type: 'reserveSeqs', throughSeq: 10 }]);
  await ledger.ask([input(1, { kind: 'probe', ref: 'probe' })]);
  await onDisk(ledger, [fault(1, { seq: 1 })]);
  await ledger.commit({ seq: 1 });
  ledger.ledger.submit({ type: 'finishInput', seq: 1 });
  await settled(ledger);
  expect(read().showFault(1).input).toMatchObject({ kind: 'probe', result: [bytes(1, 2)] });
});

test('the reader lists, filters, exports and closes while a gateway runs and after it', async () => {
  const ledger = await kit.open();
  await onDisk(ledger, [fault(1), fault(2, { code: 'mismatch', board: null }), fault(3, { code: 'failed' })]);
  const reader = read();
  const ids = (faults: Iterable<{ id: number }>): number[] => [...faults].map(({ id }) => id);
  expect(ids(reader.listFaults())).toEqual([3, 2, 1]);
  expect(ids(reader.listFaults({ limit: 2 }))).toEqual([3, 2]);
  expect(ids(reader.exportFaults())).toEqual([1, 2, 3]);
  expect(reader.closeFault(2).closedAt).toBe('2026-05-01T00:00:00.000Z');
  expect(ids(reader.listFaults({ open: true }))).toEqual([3, 1]);
  expect(ids(reader.listFaults({ open: false }))).toEqual([2]);
  expect(() => reader.showFault(9)).toThrow(
    expect.objectContaining({ code: 'USAGE', value: 9, message: expect.stringMatching(/: its faults are 1 to 3$/) }),
  );
  expect(() => reader.closeFault(9)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  await ledger.close();
  const later = read();
  expect(ids(later.listFaults({ open: true }))).toEqual([3, 1]);
  expect(later.closeFault(1).closedAt).not.toBeNull();
  expect(later.showFault(2).closedAt).toBe('2026-05-01T00:00:00.000Z');
});

test('the reader gives a page of faults, by their numbers and their kind', async () => {
  const ledger = await kit.open();
  await onDisk(ledger, [fault(1), fault(2, { code: 'failed' }), fault(3), fault(4, { board: null }), fault(5)]);
  const reader = read();
  const ids = (faults: Iterable<{ id: number }>): number[] => [...faults].map(({ id }) => id);
  expect(ids(reader.nextFaults({ after: 2 }))).toEqual([3, 4, 5]);
  expect(ids(reader.nextFaults({ after: 1, limit: 2 }))).toEqual([2, 3]);
  expect(ids(reader.nextFaults({ after: 5 }))).toEqual([]);
  expect(ids(reader.listFaults({ before: 4, limit: 2 }))).toEqual([3, 2]);
  expect(ids(reader.listFaults({ after: 1, before: 5 }))).toEqual([4, 3, 2]);
  expect(ids(reader.listFaults({ code: 'failed' }))).toEqual([2]);
  expect(ids(reader.nextFaults({ code: 'silent', board: 'a', after: 1 }))).toEqual([3, 5]);
  expect(reader.newestFault()).toBe(5);
});

test('who closes a fault, and what he notes, is the last step of its story; who comes later changes nothing', async () => {
  const ledger = await kit.open({ wallNowMs: () => Date.UTC(2026, 3, 30, 23, 59) });
  await onDisk(ledger, [fault(1), fault(2)]);
  const reader = read();
  const { closedAt, timeline, atUs, wallTime } = reader.closeFault(1, { by: 'Anna', note: 'cable replaced' });
  const laterUs = (Date.UTC(2026, 4, 1) - Date.parse(wallTime)) * 1000;
  expect(closedAt).toBe('2026-05-01T00:00:00.000Z');
  // By the clock that it came by, and not by that of whoever closes it.
  expect(timeline.at(-1)).toEqual({
    ...{ step: 'closed', atUs: atUs + laterUs },
    detail: { by: 'Anna', note: 'cable replaced' },
  });
  expect(reader.closeFault(1, { by: 'Bert', note: '' }).timeline).toEqual(timeline);
  expect(reader.closeFault(2, { by: 'Bert', note: '' }).timeline.at(-1)?.detail).toEqual({ by: 'Bert' });
});

test('stats and fields are read from the files', async () => {
  const fields = { input: [], result: [{ name: 'duty', type: 'u8', offset: 0, scale: 1, unit: '%' }] };
  const ledger = await kit.open({ fields });
  await ledger.accept(1, 2);
  await ledger.ask([input(3, { kind: 'probe', ref: 'probe' }), input(4, { kind: 'probe', ref: 'probe' })]);
  await ledger.commit({ seq: 1 });
  await ledger.commit({ seq: 3 });
  await onDisk(ledger, [
    { type: 'finishInput', seq: 1 },
    { type: 'finishInput', seq: 3 },
    fault(1),
    fault(2),
    fault(3, { code: 'mismatch', board: null }),
    { type: 'count', counter: 'probes', board: null },
    { type: 'count', counter: 'probes', board: null },
    { type: 'count', counter: 'link-degraded', board: 'b' },
  ]);
  await ledger.fence('a', 'b', 1);
  await settled(ledger);
  const expected = {
    durability: 'process',
    epoch: 2,
    owner: 'b',
    boards: [
      { board: 'a', standing: 'locked-out', session: 0 },
      { board: 'b', standing: 'in-sync', session: 0 },
    ],
    faults: 3,
    openFaults: 3,
    byCode: [
      { code: 'silent', board: 'a', count: 2, repeats: 0, open: 2 },
      { code: 'mismatch', board: null, count: 1, repeats: 0, open: 1 },
    ],
    takeovers: 1,
    inputs: { unfinished: 1, finished: 1, rejected: 0 },
  };
  expect(read().stats()).toMatchObject(expected);
  expect(read().fields()).toEqual(fields);
  await ledger.close();
  expect(read().stats()).toMatchObject({ ...expected, counters: { probes: 2, 'link-degraded b': 1 } });
});

test('R26: a planned switchover, a relay test among them, is counted as one and never as a takeover', async () => {
  const ledger = await kit.open();
  const fence = (from: string, to: string, faultId: number, epoch: number, locksOut: boolean) =>
    ledger.ask([{ type: 'recordFence', from, to, faultId, epoch, locksOut }]);
  await onDisk(ledger, [
    fault(1, { code: 'switched-over', evidence: { from: 'a', to: 'b' } }),
    fault(2, { code: 'switched-over', evidence: { from: 'b', to: 'a' } }),
    fault(3),
  ]);
  await fence('a', 'b', 1, 2, false);
  await fence('b', 'a', 2, 3, false);
  await fence('a', 'b', 3, 4, true);
  await settled(ledger);
  expect(read().stats()).toMatchObject({ epoch: 4, owner: 'b', takeovers: 1, switchovers: 2 });
});

test('counters go on over a restart, and reach the disk for a host that loses the journal', async () => {
  for (let life = 0; life < 3; life++) {
    const ledger = await kit.open();
    await ledger.ask([{ type: 'count', counter: 'probes', board: 'a' }]);
    await ledger.close();
  }
  const total = kit.raw(kit.path, (database) => database.prepare('SELECT total FROM counter').pluck().all());
  expect(total).toEqual([3]);
});

test.each(['process', 'power'] as const)(
  'R32: what is counted a hundred thousand times costs no fault its record (%s), and crosses to the files once',
  async (durability) => {
    const ledger = await kit.open({ durability });
    const troubles = new Set<string | null>();
    let mostWaiting = 0;
    const health = ledger.ledger.health.subscribe(({ trouble, waiting }) => {
      troubles.add(trouble);
      mostWaiting = Math.max(mostWaiting, waiting);
    });
    const refused: LedgerRequest = { type: 'count', counter: 'inputs-refused', board: null };
    await onDisk(ledger, [...Array.from({ length: 100_000 }, () => refused), fault(1)]);
    health.unsubscribe();
    expect([...troubles]).toEqual([null]);
    expect(mostWaiting).toBeLessThanOrEqual(5);
    expect(read().listFaults()).toHaveLength(1);
    await ledger.close();
    expect(read().stats()).toMatchObject({ faults: 1, counters: { 'inputs-refused': 100_000 } });
  },
);

test('the sixth fault of a kind within ten seconds is counted, not written; another kind and a later one are written', async () => {
  const ledger = await kit.open();
  const faults = Array.from({ length: 40 }, (_, index) => fault(index + 1, { atUs: index * 1000 }));
  const note: LedgerRequest = { type: 'noteFault', faultId: 6, step: 'ended', atUs: 1, detail: {} };
  await onDisk(ledger, [...faults, note, fault(41, { board: 'b' }), fault(42, { atUs: 10_001_000 })]);
  await ledger.close();
  const reader = read();
  expect(reader.listFaults().map(({ id, repeats }) => [id, repeats])).toEqual([
    [42, 0],
    [41, 0],
    [5, 35],
    [4, 0],
    [3, 0],
    [2, 0],
    [1, 0],
  ]);
  expect(reader.stats().byCode[0]).toMatchObject({ code: 'silent', board: 'a', count: 41, repeats: 35 });
});

test('a fault is counted on one that says the same, not on one of the other direction, of another sensor or with another reason', async () => {
  const ledger = await kit.open();
  const inTurn = (first: number, more: readonly Partial<FaultRecord>[]): LedgerRequest[] =>
    Array.from({ length: 6 }, (_, index) =>
      fault(first + index, { board: null, ...more[index % more.length], atUs: index }),
    );
  await onDisk(ledger, [
    ...inTurn(1, [
      { code: 'switched-over', evidence: { from: 'a', to: 'b' } },
      { code: 'switched-over', evidence: { from: 'b', to: 'a' } },
    ]),
    ...inTurn(7, [
      { code: 'sensor-drift', evidence: { source: 'oven' } },
      { code: 'sensor-drift', evidence: { source: 'room' } },
    ]),
    ...inTurn(13, [
      { code: 'failed', board: 'a', evidence: { reason: 'stateCorrupt' } },
      { code: 'failed', board: 'a', evidence: { reason: 'localTrip' } },
    ]),
  ]);
  await ledger.close();
  expect(
    read()
      .listFaults()
      .filter(({ repeats }) => repeats > 0),
  ).toEqual([]);
  expect(read().showFault(6).evidence).toEqual({ from: 'b', to: 'a' });
});

test('R10, R15: a fault that began a takeover is written with its steps, however often its kind has come', async () => {
  const ledger = await kit.open();
  const faults = Array.from({ length: 8 }, (_, index) => [
    fault(index + 1, { atUs: index }),
    { type: 'noteFault', faultId: index + 1, step: 'declared-failed', atUs: index, detail: {} } as const,
  ]).flat();
  const fence = { type: 'recordFence', from: 'a', to: 'b', faultId: 8, epoch: 2, locksOut: true } as const;
  const fenced = { type: 'noteFault', faultId: 8, step: 'fenced', atUs: 9, detail: {} } as const;
  await onDisk(ledger, [...faults, fence, fenced]);
  await ledger.close();
  const reader = read();
  expect(reader.showFault(8).timeline.map(({ step }) => step)).toEqual(['declared-failed', 'fenced']);
  // The sixth and the seventh are counted on the fifth, the eighth is not.
  expect(reader.listFaults().map(({ id, repeats }) => [id, repeats])).toEqual([
    [8, 0],
    [5, 2],
    [4, 0],
    [3, 0],
    [2, 0],
    [1, 0],
  ]);
});

test('the thinner forgets kinds and unwritten faults at its bounds', () => {
  const thinner = new FaultThinner<never>();
  for (let id = 1; id <= 5000; id++) thinner.repeatOf(id, 'silent', 'a', 0);
  expect(thinner.isWritten(5)).toBe(true);
  expect(thinner.isWritten(5000)).toBe(false);
  expect(thinner.isWritten(6)).toBe(true);
  for (let kind = 0; kind < 200; kind++) thinner.repeatOf(9000 + kind, `kind ${kind}`, null, 0);
  expect(thinner.repeatOf(9999, 'silent', 'a', 0)).toBeNull();
});

test('the fault log is bounded: the oldest go, with their steps', async () => {
  const ledger = await kit.open({ keepFaults: 20 });
  const faults = Array.from({ length: 200 }, (_, index) => [
    fault(index + 1, { atUs: index * 20_000_000 }),
    { type: 'noteFault', faultId: index + 1, step: 'ended', atUs: 1, detail: {} } as const,
  ]).flat();
  await onDisk(ledger, faults);
  const ids = read()
    .listFaults()
    .map(({ id }) => id);
  expect(ids.length).toBeGreaterThanOrEqual(20);
  expect(ids.length).toBeLessThan(36);
  expect(ids[0]).toBe(200);
  const steps = kit.raw(kit.path, (database) => database.prepare('SELECT count(*) FROM fault_step').pluck().get());
  expect(steps).toBe(ids.length);
});

test('R26: events do not push out the faults: beyond a quarter of what is kept their oldest go first', async () => {
  const ledger = await kit.open({ keepFaults: 20 });
  const events = Array.from({ length: 200 }, (_, index) =>
    fault(index + 11, { code: 'switched-over', board: null, atUs: index * 20_000_000 }),
  );
  await onDisk(ledger, [
    ...Array.from({ length: 10 }, (_, index) => fault(index + 1, { board: `board ${index}` })),
    ...events,
  ]);
  const kept = read().listFaults();
  expect(kept.filter(({ code }) => code === 'silent')).toHaveLength(10);
  expect(kept[0]).toMatchObject({ id: 210, closedAt: expect.stringMatching(/^20/) as string });
  expect(kept.length).toBeLessThan(36);
});

test('a timeline is bounded', async () => {
  const ledger = await kit.open();
  const notes = Array.from({ length: 500 }, (_, index): LedgerRequest => {
    return { type: 'noteFault', faultId: 1, step: 'late-commit-refused', atUs: index, detail: {} };
  });
  await onDisk(ledger, [fault(1), ...notes]);
  expect(read().showFault(1).timeline).toHaveLength(200);
});

test('a clock that was never set is not trusted', () => {
  expect(wallTimeOf(Date.UTC(2026, 0, 1), 1_000_000)).toEqual({
    wallTime: '2025-12-31T23:59:59.000Z',
    wallTimeTrusted: true,
  });
  expect(wallTimeOf(Date.UTC(1970, 0, 2), 0)).toEqual({ wallTime: '1970-01-02T00:00:00.000Z', wallTimeTrusted: false });
});

test('without a ledger the reader says what to do', () => {
  expect(() => openLedgerReader(join(kit.folder, 'none'))).toThrow(
    expect.objectContaining({
      code: 'LEDGER_UNAVAILABLE',
      message: expect.stringContaining('copycat bench') as string,
    }),
  );
});
