import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LedgerKit } from './ledger-kit.js';

// Every statement here goes to the file past our code: what refuses is SQLite.

let kit: LedgerKit;
let path: string;

beforeEach(async () => {
  kit = new LedgerKit();
  const ledger = await kit.open();
  await ledger.accept(1, 2);
  await ledger.commit({ seq: 1 });
  path = kit.journalPath();
});
afterEach(() => kit.dispose());

const REQUEST = `INSERT INTO commit_request (board, epoch, seq, hash, execution_count, digest, result, observed)`;
const UPDATE = `UPDATE input SET commit_board = 'a', commit_epoch = 1, commit_hash = 102 WHERE seq = 2`;

function refusalOf(statement: string, before = ''): string {
  return kit.raw(path, (database: Database) => {
    if (before !== '') database.exec(before);
    try {
      database.exec(statement);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return 'taken';
  });
}

const JOINING_A = `UPDATE board SET standing = 'joining' WHERE board = 'a'`;
const JOINING_B = `UPDATE board SET standing = 'joining' WHERE board = 'b'`;
const KEEP_OUT_B = `UPDATE board SET standing = 'kept-out' WHERE board = 'b'`;
const DROP_2 = `UPDATE input SET quarantined = 1 WHERE seq = 2; UPDATE input SET dropped = 1, finished = 1 WHERE seq = 2`;
const LOCK_OUT_A = `INSERT INTO fence_request VALUES ('a', 'b', 1, 2, 1, 1)`;

test.each([
  ['a request by the owner', '', `${REQUEST} VALUES ('a', 1, 2, 102, 2, 0, x'', '[]')`, 'taken'],
  ['a request without the lease', '', `${REQUEST} VALUES ('b', 1, 2, 102, 2, 0, x'', '[]')`, 'NOT_OWNER'],
  ['a request in another epoch', '', `${REQUEST} VALUES ('a', 2, 2, 102, 2, 0, x'', '[]')`, 'NOT_OWNER'],
  ['a request for an unknown input', '', `${REQUEST} VALUES ('a', 1, 9, 102, 2, 0, x'', '[]')`, 'UNKNOWN_INPUT'],
  ['a later request with another hash', '', `${REQUEST} VALUES ('b', 1, 1, 5, 1, 0, x'', '[]')`, 'DIFFERENT'],
  ['a request by a fenced board', LOCK_OUT_A, `${REQUEST} VALUES ('a', 1, 2, 102, 2, 0, x'', '[]')`, 'LOCKED_OUT'],
  ['a repeat by a fenced board', LOCK_OUT_A, `${REQUEST} VALUES ('a', 1, 1, 101, 1, 0, x'', '[]')`, 'LOCKED_OUT'],
  ['a request by a board kept out', KEEP_OUT_B, `${REQUEST} VALUES ('b', 1, 1, 101, 1, 0, x'', '[]')`, 'LOCKED_OUT'],
  [
    'a first request by a joining owner',
    JOINING_A,
    `${REQUEST} VALUES ('a', 1, 2, 102, 2, 0, x'', '[]')`,
    'OUT_OF_SYNC',
  ],
  ['a repeat by a joining board', JOINING_B, `${REQUEST} VALUES ('b', 1, 1, 101, 1, 0, x'', '[]')`, 'taken'],
  ['another hash of a joining board', JOINING_B, `${REQUEST} VALUES ('b', 1, 1, 5, 1, 0, x'', '[]')`, 'DIFFERENT'],
  ['a request for a dropped input', DROP_2, `${REQUEST} VALUES ('a', 1, 2, 102, 2, 0, x'', '[]')`, 'DROPPED'],
  ['writing the row itself when out of sync', JOINING_A, UPDATE, 'OUT_OF_SYNC'],
  ['writing the row itself when kept out', `UPDATE board SET standing = 'kept-out'`, UPDATE, 'LOCKED_OUT'],
  ['moving a commit to another line', '', `UPDATE input SET line = 9 WHERE seq = 1`, 'DIFFERENT'],
  ['writing the row itself as the owner', '', UPDATE, 'taken'],
  ['writing the row itself without the lease', '', UPDATE.replace("'a'", "'b'"), 'NOT_OWNER'],
  ['writing the row itself when fenced', LOCK_OUT_A, UPDATE, 'LOCKED_OUT'],
  ['changing a committed hash', '', `UPDATE input SET commit_hash = 5 WHERE seq = 1`, 'DIFFERENT'],
  ['taking a commit back', '', `UPDATE input SET commit_hash = NULL, commit_board = NULL WHERE seq = 1`, 'DIFFERENT'],
  ['changing a committed result', '', `UPDATE input SET result = x'00' WHERE seq = 1`, 'DIFFERENT'],
])('R8: the file answers %s', (_what, before, statement, outcome) => {
  expect(refusalOf(statement, before)).toBe(outcome);
});

const INSERT = `INSERT INTO input (seq, ref, kind, pair_time_ms, payload)`;

test.each<readonly [string, string, string | RegExp]>([
  ['R1: a seq twice', `${INSERT} VALUES (1, 'x', 'tick', 0, x'')`, 'UNIQUE constraint failed: input.seq'],
  ['R1: a seq that was not reserved', `${INSERT} VALUES (1001, 'x', 'tick', 0, x'')`, 'NOT_RESERVED'],
  ['R1: a reservation that shrinks', `UPDATE pair SET reserved_through_seq = 5`, 'RESERVATION_BACKWARDS'],
  ['R6: dropping an accepted input', `DELETE FROM input WHERE seq = 2`, 'UNFINISHED'],
  ['R8: an epoch that goes backwards', `UPDATE lease SET epoch = 0`, 'EPOCH_BACKWARDS'],
  ['R8: an owner that changes within an epoch', `UPDATE lease SET owner = 'b'`, 'EPOCH_BACKWARDS'],
  ['R8: a second lease', `INSERT INTO lease VALUES (2, 9, 'b')`, 'LEASE_EXISTS'],
  ['R8: a lease that is replaced', `INSERT OR REPLACE INTO lease VALUES (1, 9, 'b')`, 'LEASE_EXISTS'],
  ['R8: a lease that is removed', `DELETE FROM lease`, 'LEASE_STAYS'],
  ['R9: an emission that is taken back', `UPDATE input SET emitted = 1; UPDATE input SET emitted = 0`, 'EMITTED_ONCE'],
  ['R10: a fence towards nobody', `INSERT INTO fence_request VALUES ('a', 'c', 1, 2, 1, 1)`, 'OWNER_UNFIT'],
  ['R10: a fence towards itself', `INSERT INTO fence_request VALUES ('a', 'a', 1, 2, 1, 1)`, 'OWNER_UNFIT'],
  ...(['joining', 'set-aside', 'locked-out', 'kept-out'] as const).map(
    (standing) =>
      [
        `R25: a fence towards a board that is ${standing}`,
        `UPDATE board SET standing = '${standing}' WHERE board = 'b'; INSERT INTO fence_request VALUES ('a', 'b', 1, 2, 1, 1)`,
        'OWNER_UNFIT',
      ] as const,
  ),
  [
    'R26: a switchover to a joining board',
    `${JOINING_B}; INSERT INTO fence_request VALUES ('a', 'b', 1, 2, 1, 0)`,
    'OWNER_UNFIT',
  ],
  ['R6: finishing an input that nobody committed', `UPDATE input SET finished = 1 WHERE seq = 2`, 'UNFINISHED'],
  ['R22: dropping an input that is not in quarantine', DROP_2.split('; ')[1] ?? '', 'NOT_QUARANTINED'],
  ['R22: dropping a committed input', DROP_2.replaceAll('seq = 2', 'seq = 1'), 'NOT_QUARANTINED'],
  ['R22: dropping an input that goes on', DROP_2.replace(', finished = 1', ''), 'UNFINISHED'],
  ['R22: taking a drop back', `${DROP_2}; UPDATE input SET dropped = 0 WHERE seq = 2`, 'UNFINISHED'],
  ['R25: a standing that nobody knows', `UPDATE board SET standing = 'fine'`, /^CHECK constraint failed/],
  ['R23: a ref twice', `${INSERT} VALUES (3, 'tcp:1', 'input', 0, x'')`, 'UNIQUE constraint failed: input.ref'],
])('%s is refused by the file', (_what, statement, refusal) => {
  expect(refusalOf(statement)).toEqual(typeof refusal === 'string' ? refusal : expect.stringMatching(refusal));
});

test('R10: the fence moves the lease, locks out and notes the takeover in one statement', () => {
  const found = kit.raw(path, (database) => {
    database.exec(LOCK_OUT_A);
    return {
      lease: database.prepare('SELECT epoch, owner FROM lease').get(),
      locked: database.prepare(`SELECT board FROM board WHERE standing = 'locked-out'`).pluck().all(),
      takeovers: database.prepare('SELECT from_board, to_board, epoch, ended FROM takeover').all(),
    };
  });
  expect(found).toEqual({
    lease: { epoch: 2, owner: 'b' },
    locked: ['a'],
    takeovers: [{ from_board: 'a', to_board: 'b', epoch: 2, ended: 0 }],
  });
});

test('R26: a planned fence moves the lease and leaves the old owner in the pair', () => {
  const found = kit.raw(path, (database) => {
    database.exec(`INSERT INTO fence_request VALUES ('a', 'b', 1, 2, 1, 0)`);
    return {
      lease: database.prepare('SELECT epoch, owner FROM lease').get(),
      standings: database.prepare('SELECT standing FROM board').pluck().all(),
      planned: database.prepare('SELECT planned FROM takeover').pluck().all(),
    };
  });
  expect(found).toEqual({ lease: { epoch: 2, owner: 'b' }, standings: ['in-sync', 'in-sync'], planned: [1] });
});
