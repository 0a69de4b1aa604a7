import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '#built/ledger/worker/open-store.js';
import { GuardedStore } from '#built/ledger/worker/standby/guarded-store.js';
import type { Store } from '#built/ledger/worker/store.js';
import { readSnapshot } from '#built/ledger/worker/tables/snapshot.js';
import type { Alignment, StoreOptions, StoreRequest } from '../../src/ledger/worker/store-messages.js';
import { bytes, LedgerKit } from './ledger-kit.js';

let kit: LedgerKit;
beforeEach(() => {
  kit = new LedgerKit();
});
afterEach(() => kit.dispose());

const ALIGNMENT: Alignment = {
  bootId: 'boot',
  hostRestarted: false,
  lease: { epoch: 1, owner: 'a' },
  boards: ['a', 'b'].map((board) => ({ board, standing: 'in-sync', session: 0, boot: null, exits: [], revision: 0 })),
  takeovers: [],
  reservedThroughSeq: 12,
  pairTimeMs: 0,
  executionCount: 0,
  line: 1,
  stopped: false,
  stoppedRevision: 0,
  counters: [],
  settings: { journalId: 'x' },
  keepsInputs: true,
  keepsFaults: true,
};

interface Sides {
  readonly guarded: GuardedStore;
  readonly path: string;
  /** What a file that never was in trouble would have made of it. */
  readonly model: Store;
}

/** The file that is open at the moment, for a look past the guard: it changes where the first one was removed. */
function fileOf(guarded: GuardedStore): Database {
  if (guarded.file === null) throw new Error('no file is open');
  return guarded.file;
}

let number = 0;
function open(more: Partial<StoreOptions> = {}, standbyBytes?: number): Sides {
  const path = join(kit.folder, `standby-${++number}`);
  const options = { synchronous: 'off', keepInputs: 1000, keepFaults: 100, bootId: 'boot', ...more } as const;
  const opened = openStore({ ...options, path });
  const guarded = new GuardedStore({ ...options, path }, opened, standbyBytes);
  const model = openStore({ ...options, path: `${path}.model` }).store;
  const align: StoreRequest = { type: 'align', alignment: ALIGNMENT };
  expect(guarded.write([align])).toMatchObject({ type: 'written', refusals: [] });
  model.write([align]);
  return { guarded, path, model };
}

function everythingIn(database: Database): unknown {
  const rows = (sql: string): unknown[] => database.prepare(sql).all();
  // Pair time may have got further by what was refused: it only must not go back.
  const { pairTimeMs: _, inputs: __, counters: ___, ...rest } = readSnapshot(database);
  return {
    ...rest,
    inputs: rows(`SELECT * FROM input ORDER BY seq`),
    attempts: rows(`SELECT * FROM attempt ORDER BY seq, board, session`),
    verdicts: rows(`SELECT * FROM verdict ORDER BY seq, board, hash`),
    faults: rows(`SELECT * FROM fault ORDER BY id`),
    steps: rows(`SELECT fault_id, step, at_us, detail FROM fault_step ORDER BY fault_id, step, at_us, detail`),
    counters: rows(`SELECT * FROM counter ORDER BY counter, board`),
  };
}

const PROBE = 9;
const seq = fc.integer({ min: 1, max: PROBE });
const board = fc.constantFrom('a', 'b');
const request: fc.Arbitrary<StoreRequest> = fc.oneof(
  fc
    .record({
      type: fc.constant('recordInput' as const),
      seq,
      ref: fc.integer({ min: 1, max: 11 }).map((ref) => `tcp:${ref}`),
      kind: fc.constantFrom('input' as const, 'tick' as const, 'recovered' as const),
      pairTimeMs: fc.integer({ min: 0, max: 99 }),
      payload: fc.constantFrom(bytes(1), bytes(2)),
    })
    .map((input) => (input.seq === PROBE ? { ...input, kind: 'probe' as const } : input)),
  fc.record({
    type: fc.constant('requestCommit' as const),
    ...{ board, session: fc.constant(1), epoch: fc.constantFrom(1, 2, 3), seq, hash: fc.constantFrom(7, 8) },
    executionCount: fc.integer({ min: 1, max: 9 }),
    digest: fc.constant(5),
    result: fc.constant(bytes(0, 1, 0, 0, 0, 9)),
    observed: fc.constant('[]'),
  }),
  fc.record({ type: fc.constant('recordDone' as const), board, seq }),
  fc.constant<StoreRequest>({ type: 'beginLine' }),
  fc.record({ type: fc.constantFrom('recordEmitted' as const, 'finishInput' as const, 'quarantine' as const), seq }),
  // Nobody drops a probe.
  fc.record({
    type: fc.constantFrom('releaseInput' as const, 'dropInput' as const),
    seq: fc.integer({ min: 1, max: PROBE - 1 }),
  }),
  fc.record({
    type: fc.constant('recordVerdict' as const),
    ...{ seq, board, hash: fc.constantFrom(7, 8), verdict: fc.constant('match' as const) },
  }),
  fc.record({ type: fc.constant('recordAttempt' as const), board, session: fc.constantFrom(1, 2), seq }),
);
/** Rarer, and numbered as the gateway does. */
const lasting = (revision: number): fc.Arbitrary<StoreRequest> =>
  fc.oneof(
    fc.record({
      type: fc.constant('recordFence' as const),
      ...{ from: board, to: board, faultId: fc.constant(revision), epoch: fc.constantFrom(2, 3) },
      ...{ locksOut: fc.boolean(), revision: fc.constant(revision), answer: fc.boolean() },
    }),
    fc.record({
      type: fc.constant('recordMemberState' as const),
      ...{ board, state: fc.constantFrom('in-sync' as const, 'set-aside' as const, 'locked-out' as const) },
      revision: fc.constant(revision),
    }),
    fc.record({
      type: fc.constant('openFault' as const),
      ...{ faultId: fc.integer({ min: 1, max: 5 }), code: fc.constant('silent'), board, seq, atUs: fc.constant(1) },
      ...{ evidence: fc.constant('{}'), wallTime: fc.constant(''), wallTimeTrusted: fc.constant(true) },
    }),
    fc.record({
      type: fc.constant('noteFault' as const),
      ...{ faultId: fc.integer({ min: 1, max: 5 }), step: fc.constantFrom('fenced', 'ended') },
      ...{ atUs: fc.constant(revision), detail: fc.constant('{}') },
    }),
    fc.record({
      type: fc.constant('addRepeats' as const),
      ...{ faultId: fc.integer({ min: 1, max: 5 }), repeats: fc.constant(2) },
    }),
    fc.constant<StoreRequest>({ type: 'recordTakeoverEnded', faultId: revision - 1 }),
    fc.constant<StoreRequest>({ type: 'reserveSeqs', throughSeq: 12 + revision, pairTimeMs: 0, answer: true }),
    fc.constant<StoreRequest>({
      type: 'setCounters',
      totals: [{ counter: 'probes', board: '', total: revision }],
    }),
  );

type Trouble = 'readOnly' | 'removed' | 'logRemoved' | 'well';
const act = (revision: number): fc.Arbitrary<StoreRequest[] | Trouble> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.array(fc.oneof({ weight: 5, arbitrary: request }, lasting(revision)), { maxLength: 8 }),
    },
    { weight: 1, arbitrary: fc.constantFrom<Trouble>('readOnly', 'removed', 'logRemoved', 'well') },
  );

test('R17, R8: whatever becomes of the file, answers are those of a file that is well, and in the end it has the same rows', () => {
  const story = fc
    .tuple(...Array.from({ length: 25 }, (_, index) => act(index + 1)))
    .map((acts) => [...acts] as (StoreRequest[] | Trouble)[]);
  fc.assert(
    fc.property(story, (acts) => {
      const { guarded, path, model } = open();
      for (const one of acts) {
        if (one === 'readOnly') guarded.file?.pragma('query_only = ON');
        else if (one === 'removed') for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
        else if (one === 'logRemoved') rmSync(`${path}-wal`, { force: true });
        else if (one === 'well') guarded.file?.pragma('query_only = OFF');
        else expect(guarded.write(one)).toMatchObject(model.write(one));
        if (typeof one === 'string') guarded.checkFile();
      }
      guarded.file?.pragma('query_only = OFF');
      guarded.checkFile();
      expect(guarded.checkFile().standby).toBeNull();
      expect(everythingIn(fileOf(guarded))).toEqual(everythingIn(model.database));
      expect(readSnapshot(fileOf(guarded)).pairTimeMs).toBeGreaterThanOrEqual(readSnapshot(model.database).pairTimeMs);
      guarded.close();
      // Closed and opened again by a new gateway: it is on disk, under its own name.
      const { store } = openStore({ path, synchronous: 'off', keepInputs: 1000, keepFaults: 100, bootId: 'boot' });
      expect(everythingIn(store.database)).toEqual(everythingIn(model.database));
      store.close();
      model.close();
    }),
    { numRuns: 40, seed: 22, endOnFailure: true },
  );
});
