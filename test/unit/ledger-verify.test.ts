import { spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findingLine } from '#built/ledger/verify/finding.js';
import { verifyLedger } from '#built/ledger/verify/verify-ledger.js';
import { resultHash } from '#built/protocol/result-hash.js';
import type { LedgerRequest } from '../../src/pair/state/effects.js';
import { bytes, commit, input, LedgerKit, type TestLedger } from './ledger-kit.js';

const kit = new LedgerKit();
let copies = 0;

beforeAll(async () => {
  const ledger = await kit.open();
  await play(ledger);
  await ledger.close();
});
afterAll(() => kit.dispose());

/** A run with everything a ledger keeps: commits, a takeover with its fault, an input in quarantine, one dropped, a verdict. */
async function play(ledger: TestLedger): Promise<void> {
  const { ask } = ledger;
  await ledger.accept(1, 2, 3, 4, 5, 6, 7);
  const request = (...requests: LedgerRequest[]): Promise<unknown> => ask.call(ledger, requests);
  const session = (board: string, number: number): LedgerRequest => ({
    ...{ type: 'recordSession', board, session: number, boot: 1 },
  });
  await request(session('a', 1), session('b', 2));
  for (const seq of [1, 2]) {
    await request(sound(seq, 'a', 1));
    await request({ type: 'recordEmitted', seq }, done('a', seq), done('b', seq), { type: 'finishInput', seq });
  }
  const fault = { faultId: 1, code: 'silent', board: 'a', seq: 3, atUs: 5000, evidence: { seq: 3 } } as const;
  await request(
    { type: 'openFault', fault },
    { type: 'noteFault', faultId: 1, step: 'fenced', atUs: 6000, detail: {} },
  );
  await request({ type: 'recordFence', from: 'a', to: 'b', faultId: 1, epoch: 2, locksOut: true });
  await request({ type: 'recordAttempt', board: 'b', session: 2, seq: 3 }, sound(3, 'b', 2), done('b', 3));
  await request({ type: 'recordTakeoverEnded', faultId: 1 });
  // Input 5 differed and was decided for b; 6 waits in quarantine, 7 was dropped by a person.
  await request(sound(5, 'b', 2), { type: 'recordVerdict', seq: 5, board: 'b', hash: 9, verdict: 'match' });
  for (const seq of [6, 7]) {
    for (const board of ['a', 'b']) await request({ type: 'recordAttempt', board, session: 1, seq });
    await request({ type: 'quarantine', seq });
  }
  await request({ type: 'dropInput', seq: 7 }, {
    type: 'recordStopped',
    stopped: true,
    reason: 'test',
    seq: 6,
  } as LedgerRequest);
  await request(input(8));
}

function done(board: string, seq: number): LedgerRequest {
  return { type: 'recordDone', board, seq };
}

/** A commit whose hash is that of its result, as a link makes it. */
function sound(seq: number, board: string, epoch: number): LedgerRequest {
  const hash = resultHash([{ part: 0, last: true, rejected: false, body: bytes(seq, 2) }], 7);
  return commit({ seq, board, epoch, hash });
}

/** A copy of the ledger, changed past its constraints, which are there again afterwards. */
function damaged(file: 'ledger' | 'journal', sql: string): string {
  const folder = join(kit.folder, `copy-${++copies}`);
  const paths = { ledger: join(folder, 'pair.ledger'), journal: join(folder, 'hot.journal') };
  cpSync(kit.path, paths.ledger);
  cpSync(kit.journalPath(), paths.journal);
  kit.raw(paths.ledger, (database) =>
    database.prepare(`UPDATE setting SET value = ? WHERE name = 'journal'`).run(paths.journal),
  );
  kit.raw(paths[file], (database) => pastConstraints(database, sql));
  return paths.ledger;
}

function pastConstraints(database: Database, sql: string): void {
  database.pragma('synchronous = off');
  const triggers = database.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`).all() as {
    name: string;
    sql: string;
  }[];
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  database.exec(sql);
  for (const trigger of triggers) database.exec(trigger.sql);
}

const codesOf = (path: string): string[] => [...new Set(verifyLedger(path).findings.map(({ code }) => code))].sort();

test('R8, R9: nothing is found in a ledger that only its gateway has written', () => {
  expect(verifyLedger(kit.path)).toEqual({ path: kit.path, journal: kit.journalPath(), findings: [], notes: [] });
  expect(codesOf(damaged('ledger', ''))).toEqual([]);
});

describe.each<[rule: string, code: string, file: 'ledger' | 'journal', sql: string]>([
  ['R8, R17', 'not-one-pair', 'ledger', `DELETE FROM pair`],
  ['R8, R17', 'not-one-pair', 'journal', `INSERT INTO board (board) VALUES ('c')`],
  ['R8', 'constraints-switched-off', 'journal', `UPDATE pair SET carrying = 1`],
  ['R8', 'owner-unknown takeover-within-a-board', 'ledger', `UPDATE board SET board = 'x' WHERE board = 'b'`],
  [
    'R8, R10',
    'owner-locked-out two-standings',
    'journal',
    `UPDATE pair SET stopped = 0; UPDATE board SET standing = 'kept-out'`,
  ],
  ['R10, R17', 'takeover-past-the-lease two-takeovers', 'ledger', `UPDATE takeover SET epoch = 3`],
  [
    'R10',
    'epoch-used-twice',
    'journal',
    `INSERT INTO takeover SELECT 2, from_board, to_board, epoch, ended, planned FROM takeover`,
  ],
  [
    'R10',
    'takeover-within-a-board two-takeovers commit-not-of-the-owner',
    'journal',
    `UPDATE takeover SET from_board = 'b', epoch = 2`,
  ],
  [
    'R8, R10',
    'lease-changed-without-a-takeover commit-not-of-the-owner',
    'journal',
    `UPDATE lease SET epoch = 3; INSERT INTO takeover VALUES (2, 'a', 'b', 3, 1, 0)`,
  ],
  [
    'R8, R10',
    'lease-not-of-the-heir two-owners two-standings',
    'ledger',
    `UPDATE lease SET owner = 'a'; UPDATE board SET standing = 'in-sync'`,
  ],
  [
    'R10, R12',
    'fenced-board-in-the-pair two-standings',
    'ledger',
    `UPDATE takeover SET ended = 0; UPDATE board SET standing = 'in-sync'`,
  ],
  [
    'R10',
    'takeover-never-ended',
    'journal',
    `UPDATE takeover SET ended = 0; UPDATE lease SET epoch = 3, owner = 'a'; INSERT INTO takeover VALUES (2, 'b', 'a', 3, 1, 1)`,
  ],
  ['R12, R25', 'session-impossible', 'journal', `UPDATE board SET exits = 'x1'`],
  ['R17', 'settings-contradict', 'ledger', `UPDATE setting SET value = 'never' WHERE name = 'durability'`],
  ['R1', 'seq-not-reserved', 'journal', `UPDATE pair SET reserved_through_seq = 7`],
  [
    'R23',
    'id-used-twice constraint-missing',
    'journal',
    `DROP INDEX input_ref; UPDATE input SET ref = 'tcp:1' WHERE seq = 2`,
  ],
  ['R21, R27', 'pair-time-went-back', 'journal', `UPDATE input SET pair_time_ms = 5 WHERE seq = 4`],
  ['R4, R6', 'finished-without-a-result', 'journal', `UPDATE input SET finished = 1, done_by = 'b' WHERE seq = 4`],
  ['R2, R4', 'finished-without-a-board', 'journal', `UPDATE input SET done_by = '' WHERE seq = 1`],
  ['R1, R9', 'answered-without-a-commit', 'journal', `UPDATE input SET emitted = 1 WHERE seq = 4`],
  ['R6, R22', 'dropped-without-a-cause', 'journal', `UPDATE input SET dropped = 1, finished = 1 WHERE seq = 4`],
  [
    'R22',
    'finished-without-a-result quarantine-left-by-itself',
    'journal',
    `UPDATE input SET quarantined = 1, finished = 1, done_by = 'b' WHERE seq = 4`,
  ],
  ['R22', 'quarantine-without-a-death', 'journal', `DELETE FROM attempt WHERE seq = 6`],
  ['R11', 'done-by-a-stranger', 'journal', `UPDATE input SET done_by = 'a,b,a' WHERE seq = 1`],
  ['R11', 'done-by-a-stranger', 'journal', `UPDATE input SET done_by = 'a,x' WHERE seq = 1`],
  ['R22', 'attempt-left-behind', 'journal', `INSERT INTO attempt VALUES (1, 'a', 1)`],
  ['R22', 'attempt-left-behind', 'journal', `UPDATE attempt SET session = 9 WHERE seq = 3`],
  ['R19', 'verdict-left-behind', 'journal', `UPDATE verdict SET seq = 1`],
  ['R4, R8', 'commit-in-part', 'journal', `UPDATE input SET observed = NULL WHERE seq = 1`],
  ['R8', 'commit-of-no-epoch', 'journal', `UPDATE input SET commit_epoch = 3 WHERE seq = 5`],
  ['R8, R10', 'commit-not-of-the-owner', 'journal', `UPDATE input SET commit_epoch = 1 WHERE seq = 5`],
  ['R8, R10', 'commit-not-of-the-owner', 'journal', `UPDATE input SET commit_board = 'a' WHERE seq = 5`],
  ['R3, R9', 'executed-twice', 'journal', `UPDATE input SET execution_count = 1 WHERE seq = 2`],
  ['R3, R27', 'execution-past-the-count', 'journal', `UPDATE input SET execution_count = 6 WHERE seq = 5`],
  ['R8, R9', 'result-not-as-committed', 'journal', `UPDATE input SET commit_hash = commit_hash + 1 WHERE seq = 2`],
  ['R8, R9', 'result-not-as-committed', 'journal', `UPDATE input SET result = x'00020000000103' WHERE seq = 1`],
  ['R4, R9', 'result-not-as-committed', 'journal', `UPDATE input SET result = x'' WHERE seq = 1`],
  ['R9, R21', 'result-not-as-committed', 'journal', `UPDATE input SET observed = '["x"]' WHERE seq = 1`],
  ['R19, R24', 'fault-unreadable', 'ledger', `UPDATE fault SET evidence = '{'`],
  ['R6', 'step-without-a-fault', 'ledger', `UPDATE fault_step SET fault_id = 9`],
  ['R6', 'input-of-a-fault-in-part', 'ledger', `UPDATE fault SET input_payload = NULL`],
  [
    'R10, R15',
    'takeover-without-a-fault',
    'ledger',
    `INSERT INTO takeover VALUES (4, 'a', 'b', 2, 1, 0); DELETE FROM takeover WHERE fault_id = 1; DELETE FROM fault_step`,
  ],
  ['R1', 'seq-used-twice', 'journal', `UPDATE input SET ref = 'tcp:another' WHERE seq = 3`],
  [
    'R8, R17',
    'two-owners',
    'ledger',
    `UPDATE lease SET owner = 'a'; UPDATE board SET standing = 'in-sync', revision = 99; DELETE FROM takeover`,
  ],
  ['R10, R17', 'two-takeovers', 'ledger', `UPDATE lease SET epoch = 4; UPDATE takeover SET epoch = 4`],
  ['R17', 'two-standings', 'ledger', `UPDATE board SET standing = 'joining' WHERE board = 'a'`],
  [
    'R9, R17',
    'inputs-in-both',
    'ledger',
    `INSERT INTO input (seq, ref, kind, pair_time_ms, payload) VALUES (1, 'x', 'input', 1, x'')`,
  ],
])('%s: %s in the %s', (rule, code, file, sql) => {
  test(sql, () => {
    const { findings } = verifyLedger(damaged(file, sql));
    expect([...new Set(findings.map((finding) => finding.code))].sort()).toEqual(code.split(' ').sort());
    expect(findings.some((finding) => finding.rule.includes(rule.split(', ')[0] ?? ''))).toBe(true);
    for (const finding of findings) expect(findingLine(finding)).not.toMatch(/null|undefined|\n/);
  });
});

describe('R8: the constraints that decide are those of the version', () => {
  const withConstraints = (sql: string): string[] => {
    const path = damaged('ledger', '');
    kit.raw(path, (database) => database.exec(sql));
    return verifyLedger(path).findings.map(({ code, found }) => `${code}: ${found}`);
  };
  test('one is gone, one is another, one is new', () => {
    expect(withConstraints(`DROP TRIGGER commit_is_final`)).toEqual([
      'constraint-missing: trigger commit_is_final is missing',
    ]);
    expect(
      withConstraints(`DROP TRIGGER commit_is_final;
        CREATE TRIGGER commit_is_final BEFORE UPDATE ON input WHEN 0 BEGIN SELECT 1; END`),
    ).toEqual(['constraint-missing: trigger commit_is_final is another one']);
    expect(withConstraints(`CREATE TRIGGER mine AFTER INSERT ON fault BEGIN DELETE FROM fault; END`)).toEqual([
      `constraint-missing: a trigger mine that is none of Copycat's`,
    ]);
    expect(withConstraints(`CREATE INDEX mine ON fault (code)`)).toEqual([]);
  });
});

describe('SQLite itself', () => {
  test('a page that is not what SQLite wrote is a finding, and the other file is still looked at', () => {
    const path = damaged('journal', `UPDATE pair SET reserved_through_seq = 7`);
    const pageOf = kit.raw(path, (database) =>
      Number(database.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'fault'`).pluck().get()),
    );
    overwrite(path, (pageOf - 1) * 4096);
    expect(codesOf(path)).toEqual(['seq-not-reserved', 'sqlite-damaged']);
  });

  test('an index that has lost a row is a finding', () => {
    const path = damaged('journal', '');
    const journal = kit.raw(path, (database) =>
      String(database.prepare(`SELECT value FROM setting WHERE name = 'journal'`).pluck().get()),
    );
    const page = kit.raw(journal, (database) =>
      Number(database.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'input_unfinished'`).pluck().get()),
    );
    overwrite(journal, (page - 1) * 4096 + 3, 2);
    expect(codesOf(path)).toContain('sqlite-damaged');
  });

  test('what is no ledger is refused', () => {
    const text = join(kit.folder, 'letter.txt');
    writeFileSync(text, 'Dear reader, '.repeat(600));
    const other = join(kit.folder, 'other.sqlite');
    kit.raw(other, (database) => database.exec(`CREATE TABLE t (x)`));
    const empty = join(kit.folder, 'empty.sqlite');
    writeFileSync(empty, '');
    for (const path of [text, other, empty, join(kit.folder, 'nothing')]) {
      expect(() => verifyLedger(path)).toThrow(expect.objectContaining({ code: 'LEDGER_UNAVAILABLE' }));
    }
  });

  function overwrite(path: string, at: number, count = 64): void {
    const database = new Sqlite(path);
    const image = database.serialize();
    database.close();
    image.fill(0xee, at, at + count);
    writeFileSync(path, image);
  }
});

describe('while a gateway has the files', () => {
  test('a running ledger is read beside its writers, and they are not held up', async () => {
    const own = new LedgerKit();
    try {
      const ledger = await own.open();
      await play(ledger);
      const path = own.path;
      expect(verifyLedger(path)).toMatchObject({ findings: [], notes: [], journal: own.journalPath() });
      expect(await ledger.ask([sound(8, 'b', 2)])).toMatchObject([{ outcome: 'granted' }]);
      expect(verifyLedger(path).findings).toEqual([]);
    } finally {
      await own.dispose();
    }
  });

  test('R27: without its journal the ledger is checked as far as it goes, and that is said', async () => {
    const path = damaged('ledger', `UPDATE setting SET value = '/nowhere/x.journal' WHERE name = 'journal'`);
    expect(verifyLedger(path)).toMatchObject({ findings: [], journal: null });
    expect(verifyLedger(path).notes[0]).toContain('/nowhere/x.journal is not there');
    const another = damaged('journal', `UPDATE setting SET value = 'another' WHERE name = 'journalId'`);
    expect(verifyLedger(another).notes[0]).toContain('is of another run');
  });

  test('with durability power everything is in one file', async () => {
    const own = new LedgerKit();
    try {
      const ledger = await own.open({ durability: 'power' });
      await play(ledger);
      expect(verifyLedger(own.path)).toMatchObject({ findings: [], notes: [], journal: null });
      await ledger.close();
      own.raw(own.path, (database) => pastConstraints(database, `UPDATE input SET ref = 'tcp:9' WHERE seq = 3`));
      expect(codesOf(own.path)).toEqual(['seq-used-twice']);
    } finally {
      await own.dispose();
    }
  });
});

describe('copycat ledger verify', () => {
  function copycat(...args: string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [resolve('dist/cli/main.js'), 'ledger', 'verify', ...args],
      {
        cwd: kit.folder,
        env: { ...process.env, XDG_STATE_HOME: kit.folder },
        encoding: 'utf8',
      },
    );
    return { code: status, out: stdout, err: stderr };
  }

  test('exit code 0, 1 and 2: sound, one line a finding, no ledger', () => {
    expect(copycat(kit.path)).toMatchObject({ code: 0, out: 'pair.ledger: nothing found\n', err: '' });
    const path = damaged('journal', `UPDATE pair SET reserved_through_seq = 7`);
    const found = copycat(path);
    expect(found.code).toBe(1);
    expect(found.out.trimEnd().split('\n')).toEqual([
      'seq-not-reserved: journal, input 8: reserved through 7; expected a number within what was reserved beforehand (R1)',
      expect.stringMatching(/1 finding$/),
    ]);
    const json = JSON.parse(copycat(path, '--json').out) as { findings: object[] }[];
    expect(json[0]?.findings[0]).toMatchObject({
      code: 'seq-not-reserved',
      rule: 'R1',
      file: 'journal',
      seq: 8,
      epoch: null,
    });
    expect(copycat(join(kit.folder, 'nothing')).code).toBe(2);
    expect(copycat().code).toBe(2);
  });
});
