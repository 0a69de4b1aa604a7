import { describe, expect, it } from 'vitest';
import { alignmentsOf } from '../../../src/ledger/files/align-files.js';
import { type MergeOptions, mergeSnapshots } from '../../../src/ledger/worker/standby/merge-snapshots.js';
import type { RevisedBoardRow, Snapshot, TakeoverRow } from '../../../src/ledger/worker/store-messages.js';
import type { InputRow } from '../../../src/pair/result/ledger-rows.js';

const EMPTY: Snapshot = {
  ...{ bootId: null, hostRestarted: false, lease: null, boards: [], takeovers: [], inputs: [] },
  ...{ reservedThroughSeq: 0, highestSeq: 0, pairTimeMs: 0, executionCount: 0, line: 1, highestFaultId: 0 },
  ...{ stopped: false, stoppedRevision: 0, counters: [], settings: {} },
};
const board = (name: string, more: Partial<RevisedBoardRow> = {}): RevisedBoardRow => ({
  ...{ board: name, standing: 'in-sync', session: 1, boot: 5, exits: [], revision: 1, ...more },
});
const USED: Snapshot = {
  ...EMPTY,
  ...{ bootId: 'boot', lease: { epoch: 3, owner: 'b' }, boards: [board('a'), board('b')] },
  ...{ reservedThroughSeq: 100, highestSeq: 40, pairTimeMs: 500, executionCount: 40, line: 2, highestFaultId: 6 },
};
const takeover = (faultId: number, epoch: number, more: Partial<TakeoverRow> = {}): TakeoverRow => ({
  ...{ faultId, from: 'a', to: 'b', epoch, planned: false, reason: null, ended: true, ...more },
});
const input = (seq: number): InputRow => ({
  ...{ seq, ref: `tcp:${seq}`, kind: 'input', pairTimeMs: seq, payload: new Uint8Array(), commit: null },
  ...{ emitted: false, doneBy: [], quarantined: false, finished: false, attemptedBy: [] },
});
const OPTIONS: MergeOptions = { boards: ['a', 'b'], firstOwner: 'a', bootId: 'boot', journalGone: false };
const merge = (disk: Partial<Snapshot>, journal: Partial<Snapshot> | null, more: Partial<MergeOptions> = {}) =>
  mergeSnapshots({ ...USED, ...disk }, journal && { ...USED, ...journal }, { ...OPTIONS, ...more });

describe('a ledger that is new', () => {
  it('begins with epoch 1, the first owner, and two boards in sync', () => {
    const { rows, alignment, revision } = mergeSnapshots(EMPTY, null, { ...OPTIONS, firstOwner: 'b', bootId: 'now' });
    expect(rows).toMatchObject({
      epoch: 1,
      owner: 'b',
      fresh: true,
      hostRestarted: false,
      highestSeq: 0,
      nextFaultId: 1,
    });
    expect(rows.boards).toEqual([
      { board: 'a', standing: 'in-sync', session: 0, boot: null, exits: [] },
      { board: 'b', standing: 'in-sync', session: 0, boot: null, exits: [] },
    ]);
    expect(rows.unfinishedTakeover).toBeNull();
    expect(alignment).toMatchObject({ bootId: 'now', lease: { epoch: 1, owner: 'b' }, line: 1, takeovers: [] });
    expect(revision).toBe(0);
  });
});

describe('what two files know together', () => {
  it('R8, R17: the lease of the higher epoch, whichever file has it', () => {
    const low = { epoch: 2, owner: 'a' };
    expect(merge({ lease: low }, {}).rows).toMatchObject({ epoch: 3, owner: 'b', fresh: false });
    expect(merge({}, { lease: low }).rows).toMatchObject({ epoch: 3, owner: 'b' });
    expect(merge({}, { lease: null }).rows).toMatchObject({ epoch: 3, owner: 'b', fresh: false });
    expect(merge({ lease: null }, {}).alignment.lease).toEqual({ epoch: 3, owner: 'b' });
    // In one epoch there is one owner; where files contradict each other the disk's is kept, and verify finds it.
    expect(merge({}, { lease: { epoch: 3, owner: 'a' } }).rows.owner).toBe('b');
  });

  it('R12: of each board the row that was changed last, and the highest session that was ever given', () => {
    const { rows, alignment, revision } = merge(
      { boards: [board('a', { standing: 'locked-out', revision: 7, session: 4 }), board('b', { revision: 2 })] },
      { boards: [board('b', { standing: 'joining', revision: 3, boot: 9, exits: [5] }), board('a', { session: 6 })] },
    );
    expect(rows.boards).toEqual([
      { board: 'a', standing: 'locked-out', session: 6, boot: 5, exits: [] },
      { board: 'b', standing: 'joining', session: 1, boot: 9, exits: [5] },
    ]);
    expect(alignment.boards.map((row) => row.revision)).toEqual([7, 3]);
    expect(revision).toBe(7);
  });

  it('R1: seqs through the highest that any file has reserved or used', () => {
    expect(merge({ reservedThroughSeq: 200 }, {}).rows.reservedThroughSeq).toBe(200);
    expect(merge({}, { reservedThroughSeq: 300 }).rows.reservedThroughSeq).toBe(300);
    expect(merge({}, { highestSeq: 400 })).toMatchObject({
      rows: { reservedThroughSeq: 400, highestSeq: 400 },
      alignment: { reservedThroughSeq: 400 },
    });
    expect(merge({ highestSeq: 41 }, {}).rows.highestSeq).toBe(41);
  });

  it('R21, R27: pair time and executions as the journal has them exactly; the reservation is the larger', () => {
    const { rows, alignment } = merge(
      { pairTimeMs: 9000, executionCount: 3, line: 1 },
      { pairTimeMs: 700, executionCount: 44, line: 5 },
    );
    expect(rows).toMatchObject({ pairTimeMs: 700, reservedPairTimeMs: 9000, executionCount: 44 });
    expect(alignment).toMatchObject({ pairTimeMs: 700, executionCount: 44, line: 5 });
    expect(merge({ pairTimeMs: 9000 }, null).rows).toMatchObject({ pairTimeMs: 9000, reservedPairTimeMs: 9000 });
  });

  it('whether the pair was stopped as the later change says', () => {
    const stopped = { stopped: true, stoppedRevision: 8 };
    expect(merge(stopped, { stoppedRevision: 7 })).toMatchObject({ rows: { stopped: true }, revision: 8 });
    expect(merge({ stoppedRevision: 7 }, stopped).alignment).toMatchObject({ stopped: true, stoppedRevision: 8 });
    expect(merge({ stopped: true, stoppedRevision: 2 }, { stoppedRevision: 3 }).rows.stopped).toBe(false);
    expect(merge({ stopped: true, stoppedRevision: 3 }, { stoppedRevision: 3 }).rows.stopped).toBe(true);
  });

  it('inputs of both, in the order of their seqs', () => {
    const { rows } = merge({ inputs: [input(5), input(2)] }, { inputs: [input(4)] });
    expect(rows.inputs.map(({ seq }) => seq)).toEqual([2, 4, 5]);
  });

  it('faults are numbered above all that either has', () => {
    expect(merge({ highestFaultId: 9 }, {}).rows.nextFaultId).toBe(10);
    expect(merge({}, { highestFaultId: 11 }).rows.nextFaultId).toBe(12);
  });

  it('facts of the installation are the disk’s', () => {
    const { rows } = merge({ settings: { 'fact.board': 'uno', journal: '/x' } }, { settings: { 'fact.other': 'no' } });
    expect(rows.facts).toEqual({ board: 'uno' });
  });

  it('counters of both are carried, for the larger one to win', () => {
    const counter = (total: number) => ({ counter: 'c', board: 'a', total });
    expect(merge({ counters: [counter(1)] }, { counters: [counter(2)] }).alignment.counters).toEqual([
      counter(1),
      counter(2),
    ]);
  });
});

describe('R10: takeovers', () => {
  it('are ended where either file says so, with the reason that either has, in the order of their epochs', () => {
    const { alignment, rows } = merge(
      { takeovers: [takeover(4, 3, { ended: false, reason: 'silent' }), takeover(2, 2)] },
      { takeovers: [takeover(4, 3), takeover(3, 1)] },
    );
    expect(alignment.takeovers).toEqual([takeover(3, 1), takeover(2, 2), takeover(4, 3, { reason: 'silent' })]);
    expect(rows.unfinishedTakeover).toBeNull();
    const other = merge({ takeovers: [takeover(4, 3)] }, { takeovers: [takeover(4, 3, { ended: false })] });
    expect(other.alignment.takeovers).toEqual([takeover(4, 3)]);
  });

  it('the last one is unfinished where no file says that it has ended; an older one is not', () => {
    const open = takeover(4, 3, { ended: false, planned: true, reason: 'switchover' });
    expect(merge({ takeovers: [open] }, { takeovers: [takeover(2, 2)] }).rows.unfinishedTakeover).toEqual({
      ...{ faultId: 4, from: 'a', to: 'b', planned: true, reason: 'switchover' },
    });
    const late = { takeovers: [takeover(2, 2, { ended: false }), takeover(4, 3)] };
    expect(merge(late, null).rows.unfinishedTakeover).toBeNull();
  });
});

describe('R27: a host that has restarted', () => {
  it('is one whose journal is gone, whose boot is another, or that had not been dealt with', () => {
    expect(merge({}, {}).rows.hostRestarted).toBe(false);
    expect(merge({}, null, { journalGone: true }).rows.hostRestarted).toBe(true);
    expect(merge({ bootId: 'before' }, {}).rows.hostRestarted).toBe(true);
    expect(merge({}, { hostRestarted: true }).rows.hostRestarted).toBe(true);
    // The journal knows better than the disk whether it was dealt with.
    expect(merge({ hostRestarted: true }, {}).rows.hostRestarted).toBe(false);
    expect(merge({ hostRestarted: true }, null).rows.hostRestarted).toBe(true);
  });

  it('means nothing to a ledger that is new', () => {
    const fresh = mergeSnapshots(EMPTY, null, { ...OPTIONS, journalGone: true });
    expect(fresh.rows.hostRestarted).toBe(false);
  });
});

describe('a ledger of another pair', () => {
  it.each([
    [{ boards: [board('a'), board('x')] }, 'x'],
    [{ lease: { epoch: 9, owner: 'y' } }, 'y'],
  ])('is refused by the name that is strange to it: %j', (disk, stranger) => {
    expect(() => merge(disk, {})).toThrow(
      expect.objectContaining({
        ...{ code: 'LEDGER_UNAVAILABLE', value: stranger, expected: 'a, b' },
        message: expect.stringContaining(`with the board ${stranger}, the configuration names a and b`),
      }),
    );
  });

  it('is not that of a file that knows only one of them', () => {
    expect(merge({ boards: [board('b')] }, null).rows.boards.map((row) => row.session)).toEqual([0, 1]);
  });
});

describe('R17: what each file is brought to', () => {
  const names = { journal: { path: '/run/j', id: 'id' }, file: 'inode' };
  const restarted = merge({ bootId: 'before' }, {});

  it('with a journal: the inputs and the restart there, the faults on the disk', () => {
    const { hot, disk } = alignmentsOf(restarted, { durability: 'process', fields: null }, names);
    expect(hot).toMatchObject({ hostRestarted: true, keepsInputs: true, keepsFaults: false });
    expect(disk).toMatchObject({ hostRestarted: false, keepsInputs: false, keepsFaults: true });
    const settings = { durability: 'process', journal: '/run/j', journalId: 'id', file: 'inode', fields: 'null' };
    expect([hot.settings, disk?.settings]).toEqual([settings, settings]);
    expect(hot.lease).toEqual({ epoch: 3, owner: 'b' });
    expect(disk?.boards).toEqual(hot.boards);
  });

  it('with durability power: everything in one', () => {
    const fields = { input: [], result: [] };
    const { hot, disk } = alignmentsOf(restarted, { durability: 'power', fields }, names);
    expect(disk).toBeNull();
    expect(hot).toMatchObject({ hostRestarted: true, keepsInputs: true, keepsFaults: true });
    expect(hot.settings['fields']).toBe('{"input":[],"result":[]}');
  });
});
