import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findingLine, findingOf, select } from '../../../src/ledger/verify/finding.js';
import { SQLITE_CHECKS } from '../../../src/ledger/verify/sqlite-checks.js';
import { found, verifyTables } from '../../../src/ledger/verify/verify-tables.js';
import { FaultTable } from '../../../src/ledger/worker/tables/fault-table.js';
import { InputTable } from '../../../src/ledger/worker/tables/input-table.js';
import { resultHash } from '../../../src/protocol/result-hash.js';
import { bytes, commit, input, newStore } from './store-kit.js';

// The checks on tables in memory; test/unit/ledger-verify.test.ts has every rule on files, and the command.

let ledger: Database;
let journal: Database;
beforeEach(() => {
  ledger = newStore();
  journal = newStore();
  for (const database of [ledger, journal])
    database.exec(`INSERT INTO setting VALUES ('durability', 'process'), ('journal', '/j')`);
});
afterEach(() => {
  ledger.close();
  journal.close();
});

/** A commit whose hash is that of its result. */
function sound(seq: number) {
  const hash = resultHash([{ part: 0, last: true, rejected: false, body: bytes(seq) }], 7);
  return commit(seq, { hash });
}

function fill(database: Database, ...seqs: number[]): void {
  const table = new InputTable(database, 1000);
  for (const seq of seqs) {
    table.record(input(seq));
    table.commit(sound(seq));
    table.recordDone('a', seq);
    table.finish(seq);
  }
}

function addFault(database: Database, seq: number, ref: string, payload: Uint8Array, faultId = 1): void {
  const faults = new FaultTable(database, 1000, 'boot');
  const fault = { type: 'openFault', faultId, code: 'silent', board: 'a', seq, atUs: 1, evidence: '{}' } as const;
  faults.open({ ...fault, wallTime: '2026-01-01T00:00:00.000Z', wallTimeTrusted: true });
  faults.keepInput({ seq, ref, kind: 'input', payload, result: null });
}

/** What is done past the constraints. */
function damage(database: Database, sql: string): void {
  for (const name of [
    'commit_is_final',
    'first_commit_needs_the_lease',
    'seq_is_final',
    'finished_for_good',
    'lease_never_backwards',
  ])
    database.exec(`DROP TRIGGER IF EXISTS ${name}`);
  database.exec(sql);
}

const two = () => verifyTables({ ledger, journal });
const one = () => verifyTables({ ledger, journal: null });
const linesOf = (findings: ReturnType<typeof two>) =>
  findings.map(({ code, file, found: what }) => `${code} ${file}: ${what}`);

describe('tables that hold what was promised', () => {
  it('are without a finding, in one file and in two', () => {
    fill(journal, 1, 2);
    addFault(ledger, 1, 'tcp:1', bytes(1));
    expect(two()).toEqual([]);
    ledger.exec(
      `UPDATE setting SET value = 'power' WHERE name = 'durability'; UPDATE setting SET value = '' WHERE name = 'journal'`,
    );
    fill(ledger, 1, 2);
    expect(one()).toEqual([]);
  });
});

describe('what does not hold', () => {
  it('R8, R17: is looked for in the file that has the rows, and where both have them in each', () => {
    damage(ledger, `UPDATE pair SET carrying = 1`);
    damage(journal, `UPDATE pair SET carrying = 2`);
    expect(linesOf(two())).toEqual([
      'constraints-switched-off ledger: carrying is 1',
      'constraints-switched-off journal: carrying is 2',
    ]);
    expect(linesOf(one())).toEqual(['constraints-switched-off ledger: carrying is 1']);
  });

  it('R6, R9, R19: is found among inputs, commits and faults', () => {
    fill(journal, 1);
    damage(journal, `UPDATE input SET done_by = ''; UPDATE input SET commit_epoch = 9`);
    damage(ledger, `INSERT INTO fault_step (fault_id, step, at_us, detail) VALUES (9, 's', 1, '{}')`);
    // Of a file that is not asked about them nothing is said.
    damage(ledger, `INSERT INTO verdict VALUES (9, 'a', 1, 'match')`);
    expect(two().map(({ code }) => code)).toEqual([
      ...['step-without-a-fault', 'finished-without-a-board', 'commit-of-no-epoch'],
    ]);
    expect(one().map(({ code }) => code)).toEqual(['verdict-left-behind', 'step-without-a-fault']);
  });

  it('says a hundred times the same of one kind, and no more', () => {
    fill(journal, ...Array.from({ length: 102 }, (_, index) => index + 1));
    damage(journal, `UPDATE input SET commit_hash = commit_hash + 1`);
    expect(two()).toHaveLength(100);
    damage(journal, `UPDATE input SET done_by = ''`);
    expect(
      two()
        .map(({ code }) => code)
        .filter((code) => code === 'finished-without-a-board'),
    ).toHaveLength(100);
  });
});

describe('R8, R9: a result that is not the one that was committed', () => {
  const foundAfter = (sql: string) => {
    fill(journal, 1, 2);
    damage(journal, `${sql} WHERE seq = 2`);
    return two().map(({ code, seq, found: what }) => `${code} ${seq}: ${what}`);
  };

  it.each([
    ['has no part', `UPDATE input SET result = x''`, 'the result has no part'],
    ['is cut short', `UPDATE input SET result = x'000100000002' || x'00'`, 'the result ends within a part'],
    ['has numbers that are none', `UPDATE input SET observed = '["1"]'`, 'the observed values are no list of numbers'],
    ['has no list', `UPDATE input SET observed = '{}'`, 'the observed values are no list of numbers'],
    ['has no JSON', `UPDATE input SET observed = '['`, 'the observed values are no list of numbers'],
  ])('%s', (_name, sql, what) => {
    const found = foundAfter(sql.replace(`x'000100000002' || x'00'`, `CAST(x'00010000000200' AS BLOB)`));
    expect(found).toEqual([`result-not-as-committed 2: ${what}`]);
  });

  it('has another hash, whose eight digits are told', () => {
    const [found] = foundAfter(`UPDATE input SET commit_hash = 10`);
    expect(found).toMatch(/^result-not-as-committed 2: the result has the hash [0-9a-f]{8}, committed was 0000000a$/);
  });

  it('has a hash that its link made, which nobody else can make: boards that tell no life do not run the harness', () => {
    journal.exec(`UPDATE board SET session = 1, boot = NULL`);
    expect(foundAfter(`UPDATE input SET commit_hash = 10`)).toEqual([]);
    journal.exec(`UPDATE board SET boot = 7 WHERE board = 'a'`);
    expect(two().map(({ code }) => code)).toEqual(['result-not-as-committed']);
  });

  it('was rejected, or is of several parts: the hash is of all of it', () => {
    const parts = [
      { part: 0, last: false, rejected: true, body: bytes(4) },
      { part: 1, last: true, rejected: false, body: bytes() },
    ];
    const table = new InputTable(journal, 10);
    table.record(input(1));
    table.commit(
      commit(1, { hash: resultHash(parts, 7), result: bytes(1, 1, 0, 0, 0, 4, 0, 0, 0, 0, 0), observed: '[]' }),
    );
    expect(two()).toEqual([]);
  });
});

describe('two files that contradict each other', () => {
  it('R1: an input is another than the one that was copied beside a fault, by its id or by its bytes', () => {
    fill(journal, 1, 2, 3);
    addFault(ledger, 1, 'tcp:1', bytes(1), 1);
    addFault(ledger, 2, 'tcp:another', bytes(2), 2);
    addFault(ledger, 3, 'tcp:3', bytes(9), 3);
    addFault(ledger, 99, 'tcp:99', bytes(9), 4);
    expect(two()).toMatchObject([
      {
        code: 'seq-used-twice',
        file: 'both',
        seq: 2,
        fault: 2,
        found: 'it is "tcp:2", and was "tcp:another" when the fault was written',
      },
      { code: 'seq-used-twice', file: 'both', seq: 3, fault: 3, expected: 'one input for a number, for ever' },
    ]);
    fill(ledger, 2);
    expect(one().map(({ code, file }) => `${code} ${file}`)).toEqual(['seq-used-twice ledger']);
  });

  it('says so a hundred times at most', () => {
    const seqs = Array.from({ length: 102 }, (_, index) => index + 1);
    fill(journal, ...seqs);
    for (const seq of seqs) addFault(ledger, seq, 'x', bytes(seq), seq);
    expect(two()).toHaveLength(100);
  });

  it('R8, R17: two owners in one epoch; in two epochs one is only behind', () => {
    damage(journal, `UPDATE lease SET owner = 'b'`);
    expect(two()).toMatchObject([
      { code: 'two-owners', rule: 'R8, R17', file: 'both', epoch: 1, found: 'a in the ledger, b in the journal' },
    ]);
    damage(journal, `UPDATE lease SET epoch = 2`);
    expect(two()).toEqual([]);
    ledger.exec(`DROP TRIGGER lease_stays; DELETE FROM lease`);
    expect(two().map(({ code }) => code)).toEqual(['not-one-pair']);
  });

  it('R10, R17: another takeover for a fault; one that the other does not have is only behind', () => {
    const add = (database: Database, faultId: number, from: string, to: string, epoch: number) =>
      database.exec(
        `INSERT INTO takeover (fault_id, from_board, to_board, epoch, ended) VALUES (${faultId}, '${from}', '${to}', ${epoch}, 1)`,
      );
    for (const database of [ledger, journal]) damage(database, `UPDATE lease SET epoch = 3`);
    add(ledger, 1, 'a', 'b', 2);
    add(journal, 1, 'a', 'b', 2);
    add(journal, 2, 'b', 'a', 3);
    expect(two()).toEqual([]);
    add(ledger, 2, 'a', 'b', 3);
    damage(ledger, `UPDATE lease SET owner = 'b'`);
    expect(linesOf(two()).filter((line) => line.startsWith('two-takeovers'))).toEqual([
      'two-takeovers both: from a to b in epoch 3, and from b to a in epoch 3 in the journal',
    ]);
  });

  it('R17: two standings after the same change, and not after different ones', () => {
    ledger.exec(`UPDATE board SET standing = 'joining' WHERE board = 'b'`);
    expect(two()).toMatchObject([
      { code: 'two-standings', board: 'b', found: 'joining in the ledger, in-sync in the journal' },
    ]);
    ledger.exec(`UPDATE board SET revision = 1 WHERE board = 'b'`);
    expect(two()).toEqual([]);
    ledger.exec(`UPDATE board SET board = 'c', revision = 0 WHERE board = 'b'`);
    expect(two()).toEqual([]);
  });

  it('R9, R17: inputs in the file that has none', () => {
    new InputTable(ledger, 10).record(input(1));
    new InputTable(ledger, 10).record(input(2));
    expect(linesOf(two())).toEqual(["inputs-in-both both: 2 in the ledger's file"]);
  });
});

describe('what SQLite itself can tell', () => {
  const spots = (code: string) => [...(SQLITE_CHECKS.find((check) => check.code === code)?.spots(ledger) ?? [])];

  it('is nothing of a sound file', () => {
    expect(SQLITE_CHECKS.flatMap((check) => [...check.spots(ledger)])).toEqual([]);
    expect(SQLITE_CHECKS.map(({ code, rule, file }) => [code, rule, file])).toEqual([
      ['sqlite-damaged', 'SQLite', 'each'],
      ['row-without-its-other', 'SQLite', 'each'],
      ['constraint-missing', 'R8', 'each'],
    ]);
  });

  it('is what its own check finds, in one line', () => {
    ledger.exec(`PRAGMA ignore_check_constraints = ON; INSERT INTO verdict VALUES (1, 'a', 1, 'nonsense')`);
    ledger.exec(`PRAGMA ignore_check_constraints = OFF`);
    expect(spots('sqlite-damaged')).toEqual([{ found: 'CHECK constraint failed in verdict' }]);
  });

  it('is a row without its other, a hundred at most', () => {
    ledger.exec(`PRAGMA foreign_keys = OFF; CREATE TABLE mine (id INTEGER REFERENCES fault (id))`);
    for (let id = 1; id <= 101; id++) ledger.exec(`INSERT INTO mine VALUES (${id})`);
    const found = spots('row-without-its-other');
    expect(found).toHaveLength(100);
    expect(found[0]).toEqual({ found: 'row 1 of mine has none in fault' });
  });

  it('R8: is a constraint that is gone, is another, or is not ours; spaces and indexes of somebody’s own change nothing', () => {
    ledger.exec(`DROP TRIGGER commit_is_final; DROP TRIGGER emitted_once;
      CREATE TRIGGER emitted_once BEFORE UPDATE OF emitted ON input WHEN 0 BEGIN SELECT 1; END;
      CREATE TRIGGER mine AFTER INSERT ON fault BEGIN SELECT 1; END; CREATE INDEX own ON fault (code)`);
    expect(spots('constraint-missing')).toEqual([
      { found: 'trigger commit_is_final is missing' },
      { found: 'trigger emitted_once is another one' },
      { found: "a trigger mine that is none of Copycat's", expected: 'no other triggers' },
    ]);
  });
});

describe('a finding', () => {
  const check = { code: 'c', rule: 'R1', expected: 'e' };

  it('has of its place what is known, and says it in one line', () => {
    expect(findingOf(check, 'journal', { found: 'f' })).toEqual({
      ...{
        code: 'c',
        rule: 'R1',
        file: 'journal',
        seq: null,
        epoch: null,
        fault: null,
        board: null,
        found: 'f',
        expected: 'e',
      },
    });
    const whole = findingOf(check, 'both', { seq: 1, epoch: 2, fault: 0, board: 'a', found: 'f', expected: 'other' });
    expect(findingLine(whole)).toBe(
      'c: ledger and journal, input 1, epoch 2, fault 0, board a: f; expected other (R1)',
    );
    expect(findingLine(findingOf(check, 'ledger', { found: 'f' }))).toBe('c: ledger: f; expected e (R1)');
  });

  it('is also a page that cannot be read; a mistake of ours is none', () => {
    const spotsOf = (error: Error) => () => {
      throw error;
    };
    const damaged = Object.assign(new (ledgerErrorOf())('bad page', 'SQLITE_CORRUPT'));
    expect(found(check, 'ledger', spotsOf(damaged))).toMatchObject([
      { code: 'sqlite-damaged', rule: 'SQLite', file: 'ledger', found: 'c could not be looked at: bad page' },
    ]);
    expect(() => found(check, 'ledger', spotsOf(new Error('ours')))).toThrow('ours');
  });

  it('is a row of a SELECT', () => {
    expect(select(`SELECT 5 AS seq, 'x' AS found`)(ledger)).toEqual([{ seq: 5, found: 'x' }]);
  });
});

function ledgerErrorOf(): new (message: string, code: string) => Error {
  try {
    ledger.exec('nonsense');
  } catch (error) {
    return (error as Error).constructor as new (
      message: string,
      code: string,
    ) => Error;
  }
  throw new Error('it was understood');
}
