import { isDeepStrictEqual } from 'node:util';
import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MirroredInputs } from '../../../src/ledger/worker/standby/mirrored-inputs.js';
import { Store, type StoreOutcome } from '../../../src/ledger/worker/store.js';
import type { StoreRequest } from '../../../src/ledger/worker/store-messages.js';
import { bytes, commit, input, newStore } from './store-kit.js';

// R17: memory follows by rules of its own what SQLite's triggers make of the inputs. Here the one is held to the other.

const HISTORIES = 5000;
const KINDS = ['input', 'input', 'input', 'tick', 'probe', 'recovered'] as const;
const BOARDS = ['a', 'b'] as const;

/** One request of a history, of numbers that are small so that requests meet: the same seq, board, hash and id again. */
function requestOf(
  [what, at, n, more]: readonly [number, number, number, number],
  revision: number,
  beginEpoch: number,
): StoreRequest[] {
  const seq = at + 1;
  const board = BOARDS[n % 2] ?? 'a';
  const hash = 100 + (more % 3);
  const epoch = beginEpoch + (more % 2);
  const asked = (): StoreRequest =>
    commit(seq, { board, epoch, hash, executionCount: 1 + n, digest: more, result: bytes(0, hash) });
  switch (what) {
    case 0: {
      const ref = more === 0 ? 'tcp:1' : `tcp:${seq}`;
      return [input(seq, { kind: KINDS[n] ?? 'input', ref, pairTimeMs: more, payload: bytes(more % 2) })];
    }
    case 1:
    case 2:
    case 3:
      return [asked()];
    case 4:
      // As an arbitration ends: what was found, and the commit that rests on it.
      return [{ type: 'recordVerdict', seq, board, hash, verdict: n < 2 ? 'match' : 'arbitrated' }, asked()];
    case 5:
      return [{ type: 'recordAttempt', seq, board, session: more }];
    case 6:
      return [{ type: 'recordDone', board, seq, ...(more === 0 ? {} : { readBack: [more, -n] }) }];
    case 7:
      return [{ type: n < 4 ? 'finishInput' : 'recordEmitted', seq }];
    case 8:
      return [{ type: (['quarantine', 'releaseInput', 'dropInput'] as const)[n % 3] ?? 'quarantine', seq }];
    case 9:
      return [n < 5 ? { type: 'setCounters', totals: [{ counter: 'c', board, total: more }] } : { type: 'beginLine' }];
    default: {
      if (n > 3) return [{ type: 'recordMemberState', board, state: more === 0 ? 'set-aside' : 'in-sync', revision }];
      const [from, to] = board === 'a' ? (['a', 'b'] as const) : (['b', 'a'] as const);
      return [
        { type: 'recordFence', from, to, faultId: revision, epoch, locksOut: more === 0, revision, answer: more === 1 },
      ];
    }
  }
}

/** In the order in which memory has them. */
const COLUMNS = `seq, ref, kind, pair_time_ms, payload, commit_board, commit_epoch, commit_hash, execution_count, line, digest,
  result, observed, emitted, done_by, read_back, quarantined, finished, dropped`;

/** What SQLite has, and what memory must have. */
function rowsOf(database: Database): unknown {
  const all = (sql: string): unknown[] => database.prepare(sql).raw().all();
  return {
    inputs: all(`SELECT ${COLUMNS} FROM input ORDER BY seq`),
    attempts: all('SELECT seq, board, session FROM attempt ORDER BY seq, board, session'),
    verdicts: all('SELECT seq, board, hash, verdict FROM verdict ORDER BY seq, board, hash'),
    // A total of nothing is as good as none.
    counters: all('SELECT counter, board, total FROM counter WHERE total > 0 ORDER BY counter, board'),
    pair: all('SELECT execution_count, line FROM pair'),
  };
}

const ordered = (rows: Iterable<object>, ...by: readonly string[]): unknown[][] => {
  const key = (row: object): string =>
    by.map((name) => String((row as Record<string, unknown>)[name]).padStart(9)).join();
  return [...rows].toSorted((one, other) => (key(one) < key(other) ? -1 : 1)).map((row) => Object.values(row));
};

function rowsIn(mirror: MirroredInputs): unknown {
  const columns = (row: object): unknown[] =>
    Object.values(row).map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value));
  return {
    inputs: [...mirror.rows].toSorted((one, other) => one.seq - other.seq).map(columns),
    attempts: ordered(mirror.attempts, 'seq', 'board', 'session'),
    verdicts: ordered(mirror.verdicts, 'seq', 'board', 'hash'),
    counters: ordered(
      mirror.counters.map(({ counter, board, total }) => ({ counter, board, total })),
      'counter',
      'board',
    ),
    pair: [[mirror.executionCount, mirror.line]],
  };
}

test('R17: what memory has followed is what SQLite has, after thousands of random histories', () => {
  const database = newStore();
  const store = new Store(database, { keepInputs: 1000, keepFaults: 10, bootId: 'boot' });
  const history = fc.array(fc.tuple(fc.nat(10), fc.nat(2), fc.nat(5), fc.nat(3)), { maxLength: 24, size: 'max' });
  let granted = 0;
  let decidedAnew = 0;
  let fenced = 0;
  fc.assert(
    fc.property(history, (numbers) => {
      const beginEpoch = begin(database);
      store.recount();
      const mirror = new MirroredInputs();
      mirror.load(database);
      const begun = [1, 2, 3].map((seq) => input(seq));
      const rest = numbers.flatMap((number, index) => requestOf(number, index + 1, beginEpoch));
      for (const request of [...begun, ...rest]) {
        const [outcome = null] = outcomesOf(store, request);
        if (outcome === 'refused') continue;
        const before = request.type === 'requestCommit' ? hashIn(mirror, request.seq) : null;
        mirror.follow(request, outcome);
        if (outcome?.type === 'commitAnswered' && outcome.outcome === 'granted') granted++;
        if (request.type === 'requestCommit' && before !== null && hashIn(mirror, request.seq) !== before)
          decidedAnew++;
        if (request.type === 'recordFence') fenced++;
      }
      const [followed, kept] = [rowsIn(mirror), rowsOf(database)];
      // Quicker by far than what `expect` does to tell the difference.
      if (!isDeepStrictEqual(followed, kept)) expect(followed).toEqual(kept);
    }),
    { numRuns: HISTORIES },
  );
  // A search that never gets to what is hard to follow would find nothing.
  expect(Math.min(granted, decidedAnew, fenced), `${[granted, decidedAnew, fenced]}`).toBeGreaterThan(HISTORIES / 50);
  store.close();
});

function outcomesOf(store: Store, request: StoreRequest): StoreOutcome[] {
  const outcomes: StoreOutcome[] = [];
  store.write([request], outcomes);
  return outcomes;
}

function hashIn(mirror: MirroredInputs, seq: number): number | null {
  for (const row of mirror.rows) if (row.seq === seq) return row.commit_hash;
  return null;
}

/** As a start leaves the file, with a's lease; one file serves all histories, and its epochs go on. */
function begin(database: Database): number {
  database.exec(`UPDATE pair SET carrying = 1;
    DELETE FROM input; DELETE FROM attempt; DELETE FROM verdict; DELETE FROM counter; DELETE FROM takeover;
    UPDATE pair SET carrying = 0, execution_count = 0, line = 1, pair_time_ms = 0;
    UPDATE board SET standing = 'in-sync'; UPDATE lease SET epoch = epoch + 1, owner = 'a'`);
  return database.prepare('SELECT epoch FROM lease').pluck().get() as number;
}
