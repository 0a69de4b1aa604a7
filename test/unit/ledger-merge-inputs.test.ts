import Sqlite, { type Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '../../src/ledger/schema/migrations.js';
import { mergeInputs } from '../../src/ledger/worker/standby/merge-inputs.js';
import type { InputRecord } from '../../src/ledger/worker/standby/mirrored-inputs.js';

// What memory has learnt goes back to the file (R17). Two databases with the ledger's own schema, and a look at the rows.

let memory: Database;
let file: Database;

beforeEach(() => {
  [memory, file] = [new Sqlite(':memory:'), new Sqlite(':memory:')];
  for (const database of [memory, file]) {
    migrate(database);
    database.exec(`INSERT INTO pair (id, boot_id, reserved_through_seq, carrying) VALUES (1, 'boot', 1000, 1)`);
  }
});
afterEach(() => {
  memory.close();
  file.close();
});

const UNCOMMITTED: InputRecord = {
  seq: 1,
  ref: 'tcp:1',
  kind: 'input',
  pair_time_ms: 10,
  payload: Buffer.of(1),
  commit_board: null,
  commit_epoch: null,
  commit_hash: null,
  execution_count: null,
  line: 0,
  digest: null,
  result: null,
  observed: null,
  emitted: 0,
  done_by: '',
  read_back: '',
  quarantined: 0,
  finished: 0,
  dropped: 0,
};

function committedBy(board: string, epoch: number, hash: number): Partial<InputRecord> {
  return {
    commit_board: board,
    commit_epoch: epoch,
    commit_hash: hash,
    execution_count: hash,
    line: epoch,
    digest: hash + 1,
    result: Buffer.of(hash),
    observed: `[${hash}]`,
  };
}

function put(database: Database, row: Partial<InputRecord> = {}): void {
  const whole = { ...UNCOMMITTED, ...row };
  const names = Object.keys(whole);
  database
    .prepare(`INSERT INTO input (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`)
    .run(whole);
}

const rows = (): InputRecord[] => file.prepare('SELECT * FROM input ORDER BY seq').all() as InputRecord[];
const inMemory = committedBy('b', 2, 22);
const inFile = committedBy('a', 1, 11);
const DIFFERS = 'Input 1 was committed with another result in memory than in the file.';

describe('an input that both have', () => {
  test.each<readonly [string, Partial<InputRecord>, Partial<InputRecord>, Partial<InputRecord>, string[]]>([
    ['of memory, where its epoch is the higher one', inMemory, inFile, inMemory, [DIFFERS]],
    ['of the file, where its epoch is the higher one', inFile, inMemory, inMemory, [DIFFERS]],
    [
      'of the file, where both are of one epoch',
      inMemory,
      { ...inFile, commit_epoch: 2 },
      { ...inFile, commit_epoch: 2 },
      [DIFFERS],
    ],
    ['of memory, where the file has none', inMemory, {}, inMemory, []],
    ['of the file, where memory has none', {}, inFile, inFile, []],
    ['that both have, once', inFile, inFile, inFile, []],
    ['of nobody, where neither has one', {}, {}, {}, []],
  ])('R8, R9: gets the result %s', (_which, here, there, kept, notes) => {
    put(memory, here);
    put(file, there);
    expect(mergeInputs(memory, file)).toEqual(notes);
    expect(rows()).toEqual([{ ...UNCOMMITTED, ...kept }]);
  });

  test('R17: nothing that is recorded in either is taken back', () => {
    const over = { ...inFile, emitted: 1, finished: 1, done_by: 'a', read_back: 'a=255,0' };
    put(memory, { ...inFile, done_by: 'b', read_back: 'b=255,-1' });
    put(file, over);
    mergeInputs(memory, file);
    expect(rows()).toEqual([{ ...UNCOMMITTED, ...over, done_by: 'a,b', read_back: 'a=255,0 b=255,-1' }]);
    put(memory, { seq: 2, ref: 'tcp:2', ...inMemory, emitted: 1, finished: 1, done_by: 'a,b' });
    put(file, { seq: 2, ref: 'tcp:2', done_by: 'a' });
    put(memory, { seq: 3, ref: 'tcp:3', quarantined: 1, dropped: 1, finished: 1 });
    put(file, { seq: 3, ref: 'tcp:3' });
    mergeInputs(memory, file);
    expect(rows().slice(1)).toMatchObject([
      { seq: 2, ...inMemory, emitted: 1, finished: 1, done_by: 'a,b' },
      { seq: 3, quarantined: 1, dropped: 1, finished: 1 },
    ]);
  });

  test('R22: whether it is in quarantine memory knows, which a person has decided about', () => {
    put(memory);
    put(file, { quarantined: 1 });
    mergeInputs(memory, file);
    expect(rows()).toMatchObject([{ quarantined: 0 }]);
  });
});

describe('an input that one of them has', () => {
  test('R17: comes to the file from memory; in work in the file alone it was finished and pruned in memory, and goes', () => {
    put(memory, { seq: 5, ref: 'tcp:5', ...inMemory });
    put(file, { seq: 6, ref: 'tcp:6' });
    put(file, { seq: 7, ref: 'tcp:7', ...inFile, finished: 1 });
    put(memory, { seq: 8, ref: 'tcp:8', ...inMemory, finished: 1 });
    put(file, { seq: 8, ref: 'tcp:8' });
    mergeInputs(memory, file);
    expect(rows().map(({ seq, finished }) => [seq, finished])).toEqual([
      [5, 0],
      [7, 1],
      [8, 1],
    ]);
  });

  test('R23: an id that memory took anew is its own; an old answer under it goes from the file, what is in work there stays', () => {
    put(file, { ...inFile, finished: 1 });
    put(memory, { seq: 9 });
    mergeInputs(memory, file);
    expect(rows()).toMatchObject([{ seq: 9, ref: 'tcp:1' }]);
  });

  test('R27, R23: under an id whose input was dropped without quarantine, both stay', () => {
    put(file, { finished: 1, dropped: 1 });
    put(memory, { seq: 9 });
    put(memory, { seq: 10, ref: 'tick', kind: 'tick' });
    put(file, { seq: 11, ref: 'tick', kind: 'tick', ...inFile, finished: 1 });
    mergeInputs(memory, file);
    expect(rows().map(({ seq }) => seq)).toEqual([1, 9, 10, 11]);
  });

  test('R23: an old answer stays in the file under an id that memory has for what was lost, or for no input of a client', () => {
    put(file, { ...inFile, finished: 1 });
    put(memory, { seq: 9, dropped: 1, finished: 1 });
    put(memory, { seq: 10, kind: 'tick' });
    mergeInputs(memory, file);
    expect(rows().map(({ seq }) => seq)).toEqual([1, 9, 10]);
  });

  test('R22, R23: an id that a person has given up is used up: an old answer under it goes from the file', () => {
    put(file, { ...inFile, finished: 1 });
    put(memory, { seq: 9, dropped: 1, quarantined: 1, finished: 1 });
    mergeInputs(memory, file);
    expect(rows().map(({ seq }) => seq)).toEqual([9]);
  });

  test('R23: ids that have changed places in memory do so in the file', () => {
    const lost = { finished: 1, dropped: 1 };
    put(file, { seq: 1 });
    put(memory, { seq: 1, ...lost });
    put(memory, { seq: 2 });
    mergeInputs(memory, file);
    expect(rows().map(({ seq, dropped }) => [seq, dropped])).toEqual([
      [1, 1],
      [2, 0],
    ]);
  });
});

test('R8, R22: verdicts and attempts are those of memory, which has followed the file from the start', () => {
  const note = (database: Database, seq: number): void => {
    database.prepare(`INSERT INTO attempt VALUES (?, 'a', 1)`).run(seq);
    database.prepare(`INSERT INTO verdict VALUES (?, 'b', 5, 'match')`).run(seq);
  };
  note(memory, 1);
  note(memory, 2);
  note(file, 2);
  note(file, 3);
  mergeInputs(memory, file);
  const seqs = (table: string): unknown[] => file.prepare(`SELECT seq FROM ${table} ORDER BY seq`).pluck().all();
  expect([seqs('attempt'), seqs('verdict')]).toEqual([
    [1, 2],
    [1, 2],
  ]);
});
