import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoreRequest } from '../../../src/ledger/worker/store-messages.js';
import { FaultTable } from '../../../src/ledger/worker/tables/fault-table.js';
import { InputTable } from '../../../src/ledger/worker/tables/input-table.js';
import { LeaseTable } from '../../../src/ledger/worker/tables/lease-table.js';
import { readSnapshot } from '../../../src/ledger/worker/tables/snapshot.js';
import { bytes, commit, input, newStore, valuesOf } from './store-kit.js';

let database: Database;
let table: LeaseTable;
beforeEach(() => {
  database = newStore();
  table = new LeaseTable(database);
});
afterEach(() => database.close());

const FENCE = {
  ...{ type: 'recordFence', from: 'a', to: 'b', faultId: 3, epoch: 2, revision: 9, locksOut: true, answer: true },
} as const satisfies StoreRequest;

describe('R10: a fence', () => {
  it('gives the lease to the other board, locks the old owner out, and lists what it found unfinished', () => {
    const inputs = new InputTable(database, 10);
    for (const seq of [2, 1]) inputs.record(input(seq));
    inputs.commit(commit(2));
    inputs.finish(2);
    expect(table.fence(FENCE)).toMatchObject({ type: 'fenceRecorded', epoch: 2, owner: 'b', inputs: [{ seq: 1 }] });
    const { boards, takeovers } = readSnapshot(database);
    expect(boards).toMatchObject([
      { board: 'a', standing: 'locked-out', revision: 9 },
      { board: 'b', standing: 'in-sync', revision: 0 },
    ]);
    expect(takeovers).toEqual([
      { faultId: 3, from: 'a', to: 'b', epoch: 2, planned: false, ended: false, reason: null },
    ]);
    table.endTakeover(3);
    expect(readSnapshot(database).takeovers[0]?.ended).toBe(true);
  });

  it('R26: of a switchover locks nobody out, and in a file that is not asked answers nothing', () => {
    expect(table.fence({ ...FENCE, locksOut: false, answer: false })).toBeNull();
    const { boards, takeovers, lease } = readSnapshot(database);
    expect(lease).toEqual({ epoch: 2, owner: 'b' });
    expect(boards[0]?.standing).toBe('in-sync');
    expect(takeovers[0]?.planned).toBe(true);
  });
});

describe('what outlives every input', () => {
  it('is recorded of the board that it is of', () => {
    table.recordSession({ type: 'recordSession', board: 'b', session: 4, boot: 77, revision: 2 });
    table.recordMemberState({ type: 'recordMemberState', board: 'a', state: 'joining', revision: 3 });
    table.recordHealth({ type: 'recordHealth', board: 'a', exits: [5, 60], revision: 4 });
    expect(readSnapshot(database).boards).toEqual([
      { board: 'a', standing: 'joining', session: 0, boot: null, exits: [5, 60], revision: 4 },
      { board: 'b', standing: 'in-sync', session: 4, boot: 77, exits: [], revision: 2 },
    ]);
  });

  it('is whether the pair was stopped', () => {
    table.recordStopped({ type: 'recordStopped', stopped: true, revision: 5, reason: 'x', seq: null } as never);
    expect(readSnapshot(database)).toMatchObject({ stopped: true, stoppedRevision: 5 });
    table.recordStopped({ type: 'recordStopped', stopped: false, revision: 6, reason: 'x', seq: null } as never);
    expect(readSnapshot(database)).toMatchObject({ stopped: false, stoppedRevision: 6 });
  });

  it('is a fact, under a name that no setting has; the last one counts', () => {
    table.keepFact({ type: 'keepFact', name: 'journal', value: 'one' } as never);
    table.keepFact({ type: 'keepFact', name: 'journal', value: 'two' } as never);
    expect(readSnapshot(database).settings).toEqual({ 'fact.journal': 'two' });
  });

  it('R1: are reserved seqs, which never go back, with a pair time', () => {
    expect(table.reserve({ type: 'reserveSeqs', throughSeq: 200_000, pairTimeMs: 50, answer: true })).toEqual({
      ...{ type: 'seqsReserved', throughSeq: 200_000 },
    });
    expect(table.reserve({ type: 'reserveSeqs', throughSeq: 5, pairTimeMs: 5, answer: true })).toEqual({
      ...{ type: 'seqsReserved', throughSeq: 200_000 },
    });
    expect(table.reserve({ type: 'reserveSeqs', throughSeq: 300_000, pairTimeMs: 5, answer: false })).toBeNull();
    expect(readSnapshot(database)).toMatchObject({ reservedThroughSeq: 300_000, pairTimeMs: 50 });
  });
});

describe('a snapshot', () => {
  it('of a file that is new knows nothing', () => {
    database.exec(`DELETE FROM pair; DELETE FROM board; DROP TRIGGER lease_stays; DELETE FROM lease`);
    expect(readSnapshot(database)).toEqual({
      ...{ bootId: null, hostRestarted: false, lease: null, boards: [], takeovers: [], inputs: [], settings: {} },
      ...{ reservedThroughSeq: 0, highestSeq: 0, pairTimeMs: 0, executionCount: 0, line: 1, highestFaultId: 0 },
      ...{ stopped: false, stoppedRevision: 0, counters: [] },
    });
  });

  it('knows what each table has', () => {
    const inputs = new InputTable(database, 10);
    database.exec(`UPDATE pair SET host_restarted = 1, line = 4`);
    const faults = new FaultTable(database, 5, 'boot');
    const fault = { type: 'openFault', board: 'a', seq: null, atUs: 1, evidence: '{}', wallTime: 'w' } as const;
    faults.open({ ...fault, faultId: 4, code: 'silent', wallTimeTrusted: true });
    table.fence({ ...FENCE, faultId: 4 });
    database.exec(`INSERT INTO counter VALUES ('c', 'a', 3); UPDATE board SET exits = '1,x,22,9999999999999999'`);
    expect(readSnapshot(database)).toMatchObject({
      ...{ bootId: 'boot', hostRestarted: true, line: 4, highestFaultId: 4, reservedThroughSeq: 100_000 },
      takeovers: [{ faultId: 4, reason: 'silent' }],
      counters: [{ counter: 'c', board: 'a', total: 3 }],
      // A damaged file may hold anything.
      boards: [{ exits: [1, 22] }, { exits: [1, 22] }],
    });
    database.exec(`UPDATE takeover SET fault_id = 8`);
    inputs.record(input(6, { pairTimeMs: 900 }));
    inputs.record(input(5, { pairTimeMs: 800 }));
    expect(readSnapshot(database)).toMatchObject({
      ...{ highestFaultId: 8, highestSeq: 6, pairTimeMs: 900, hostRestarted: false },
      inputs: [{ seq: 5 }, { seq: 6 }],
    });
  });
});

describe('the fault log', () => {
  const open = (faultId: number, seq: number | null = null) => ({
    ...({ type: 'openFault', faultId, code: 'silent', board: 'a', seq, atUs: 5, evidence: '{}' } as const),
    ...{ wallTime: '2026-01-01T00:00:00.000Z', wallTimeTrusted: faultId % 2 === 1 },
  });
  const ids = (from: string) => valuesOf(database, from);

  it('R6: keeps so many faults, prunes the oldest with their steps in batches, and says how many', () => {
    const pruned: number[] = [];
    const faults = new FaultTable(database, 4, 'boot', (count) => pruned.push(count));
    for (let id = 1; id <= 19; id++) {
      faults.open(open(id));
      faults.open(open(id));
      faults.note({ type: 'noteFault', faultId: id, step: 's', atUs: 6, detail: '{}' });
    }
    expect(pruned).toEqual([]);
    faults.open(open(20));
    expect(pruned).toEqual([16]);
    expect(ids('SELECT id FROM fault')).toEqual([17, 18, 19, 20]);
    expect(ids('SELECT fault_id FROM fault_step')).toEqual([17, 18, 19]);
    for (let id = 21; id <= 35; id++) faults.open(open(id));
    expect(pruned).toEqual([16]);
    faults.open(open(36));
    expect(pruned).toEqual([16, 16]);
  });

  it('counts what a file had before, and anew after rows have come by another way', () => {
    const first = new FaultTable(database, 4, 'boot');
    for (let id = 1; id <= 19; id++) first.open(open(id));
    const pruned: number[] = [];
    const second = new FaultTable(database, 4, 'boot', (count) => pruned.push(count));
    database.exec('DELETE FROM fault WHERE id < 10');
    second.recount();
    second.open(open(20));
    expect(pruned).toEqual([]);
    const third = new FaultTable(database, 0, 'boot', (count) => pruned.push(count));
    for (let id = 21; id <= 25; id++) third.open(open(id));
    expect(pruned).toEqual([16]);
  });

  it('R6: keeps 200 steps of a fault, each once, and none of a fault that is not there', () => {
    const faults = new FaultTable(database, 4, 'boot');
    faults.open(open(1));
    const note = (faultId: number, atUs: number) =>
      faults.note({ type: 'noteFault', faultId, step: 's', atUs, detail: '{}' });
    for (let atUs = 1; atUs <= 201; atUs++) note(1, atUs);
    note(1, 1);
    note(2, 1);
    expect(ids('SELECT count(*) FROM fault_step')).toEqual([200]);
  });

  it('has repeats, whether the wall clock was set, and the input it speaks of with the result that came last', () => {
    const faults = new FaultTable(database, 4, 'boot');
    faults.open(open(1, 7));
    faults.open(open(2));
    faults.addRepeats(1, 3);
    faults.addRepeats(1, 2);
    const copy = { seq: 7, ref: 'tcp:7', kind: 'input', payload: bytes(1) };
    faults.keepInput({ ...copy, result: bytes(9) });
    faults.keepInput({ ...copy, result: null });
    expect(
      database
        .prepare('SELECT repeats, wall_time_trusted AS trusted, boot_id, input_ref, input_result FROM fault')
        .all(),
    ).toEqual([
      { repeats: 5, trusted: 1, boot_id: 'boot', input_ref: 'tcp:7', input_result: Buffer.from([9]) },
      { repeats: 0, trusted: 0, boot_id: 'boot', input_ref: null, input_result: null },
    ]);
  });
});
