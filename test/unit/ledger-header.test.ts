import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { versionBySchema } from '#built/ledger/schema/known-schemas.js';
import { STEPS } from '#built/ledger/schema/schema-steps.js';
import { type OpenedStore, openStore } from '#built/ledger/worker/open-store.js';
import { bytes, LedgerKit } from './ledger-kit.js';

let kit: LedgerKit;

beforeEach(() => {
  kit = new LedgerKit();
});
afterEach(() => kit.dispose());

const open = (path: string): OpenedStore =>
  openStore({ path, synchronous: 'off', keepInputs: 99, keepFaults: 99, bootId: 'boot' });

/** A ledger with something in every important table, closed in good order. */
async function filled(): Promise<string> {
  const ledger = await kit.open({ durability: 'power' });
  await ledger.accept(1, 2, 3);
  await ledger.commit({ seq: 1 });
  await ledger.fence('a', 'b', 7);
  await ledger.close();
  return kit.path;
}

/** What a start finds in the file; the notes say whether it was salvaged. */
function found(path: string): { readonly knows: unknown; readonly notes: readonly string[] } {
  const { store, snapshot, notes } = open(path);
  const reserved = store.write([{ type: 'reserveSeqs', throughSeq: 1000, pairTimeMs: 0, answer: false }]);
  expect(reserved).toMatchObject({ type: 'written', refusals: [] });
  store.close();
  const { lease, reservedThroughSeq, inputs, takeovers } = snapshot;
  return {
    knows: { lease, reservedThroughSeq, takeovers, inputs: inputs.map(({ seq, payload }) => [seq, payload]) },
    notes,
  };
}

const KNOWN = {
  lease: { epoch: 2, owner: 'b' },
  reservedThroughSeq: 1000,
  inputs: [1, 2, 3].map((seq) => [seq, bytes(seq)]),
  takeovers: [{ faultId: 7, from: 'a', to: 'b' }],
};

/** Every field of the header, each byte where a field has several meanings. */
const PLACES = [
  0, 9, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 28, 31, 32, 35, 39, 40, 44, 47, 52, 55, 56, 59, 60, 63, 64, 68, 71, 75,
  92, 96, 99,
];

test('damage to any byte of the header costs no row: the file is used, or set aside and salvaged', async () => {
  const ledger = await filled();
  const salvaged: number[] = [];
  for (const at of PLACES) {
    const path = join(kit.folder, `damaged-at-${at}`);
    const content = readFileSync(ledger);
    content[at] = (content[at] ?? 0) ^ 0x81;
    writeFileSync(path, content);
    const { knows, notes } = found(path);
    expect({ at, knows }).toMatchObject({ at, knows: KNOWN });
    if (notes.length > 0) {
      expect(notes).toEqual([
        expect.stringMatching(/was damaged\. It is kept as .*\.damaged-1; all \d+ rows could be read\.$/),
      ]);
      expect(readFileSync(`${path}.damaged-1`).equals(content)).toBe(true);
      salvaged.push(at);
    }
    expect(readdirSync(kit.folder).filter((name) => /\.(salvaged|mended)/.test(name))).toEqual([]);
  }
  // The marks of SQLite, of the version and of the program, the size of a page, the format of the schema.
  expect(salvaged).toEqual(expect.arrayContaining([0, 15, 16, 18, 19, 20, 21, 47, 60, 63, 68, 71]));
});

test('R8: a word of the schema that is another one, which no check of the pages notices, costs no row and is not decided by', async () => {
  const ledger = await filled();
  const content = readFileSync(ledger);
  const statements = statementsIn(ledger);
  expect(statements.length).toBeGreaterThan(20);
  let damages = 0;
  for (const [number, sql] of statements.entries()) {
    // Its first word, its name, and somewhere in it: letters stay letters, so that SQLite may well take it for something.
    const places = [2, 8, Math.floor(sql.length / 2), sql.length - 3];
    for (const offset of [places[number % 4] ?? 0, places[(number + 2) % 4] ?? 0]) {
      const path = join(kit.folder, `schema-${number}-${offset}`);
      const damaged = Buffer.from(content);
      const from = Math.max(0, offset - 12);
      const at = damaged.lastIndexOf(sql.slice(from, offset + 12)) + offset - from;
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      writeFileSync(path, damaged);
      // What a migration has dropped still stands in free places, and long statements on several pages.
      if (statementsIn(path).join() === statements.join()) continue;
      damages++;
      const { knows, notes } = found(path);
      expect({ sql, offset, knows }).toMatchObject({ sql, offset, knows: KNOWN });
      expect(notes.join()).toMatch(/all \d+ rows could be read\.$/);
      expect(statementsIn(path)).toEqual(statements);
    }
  }
  expect(damages).toBeGreaterThan(statements.length);
});

/** As they stand there, understood or not. */
function statementsIn(path: string): string[] {
  const database = new Sqlite(path);
  database.unsafeMode(true);
  database.pragma('writable_schema = ON');
  const select = 'SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid';
  const statements = database.prepare(select).pluck().all() as string[];
  database.close();
  return statements;
}

test('a view that somebody has added to a ledger is no damage', async () => {
  const ledger = await filled();
  const database = new Sqlite(ledger);
  database.exec('CREATE VIEW of_mine AS SELECT count(*) FROM input');
  database.close();
  expect(found(ledger)).toMatchObject({ knows: KNOWN, notes: [] });
});

test.each([
  ['zeros', Buffer.alloc(100)],
  ['noise', Buffer.from(Array.from({ length: 100 }, (_, index) => (index * 151 + 7) & 0xff))],
])('a header that is %s throughout costs no row', async (_name, header) => {
  const path = await filled();
  const content = readFileSync(path);
  header.copy(content);
  writeFileSync(path, content);
  const { knows, notes } = found(path);
  expect(knows).toMatchObject(KNOWN);
  expect(notes).toHaveLength(1);
});

test('a version of 0, or of long ago, in a file with tables is damage, and not a table that already exists', async () => {
  const path = await filled();
  for (const version of [0, 1, 2]) {
    kit.raw(path, (database) => database.pragma(`user_version = ${version}`));
    expect(found(path)).toMatchObject({ knows: KNOWN, notes: [expect.stringContaining('was damaged')] });
  }
});

test('each version has a schema of its own: by it a damaged number is told from a newer version', () => {
  const database = new Sqlite(':memory:');
  STEPS.forEach((step, index) => {
    database.exec(step);
    expect(versionBySchema(database)).toBe(index + 1);
  });
  database.exec('CREATE TABLE later (x)');
  expect(versionBySchema(database)).toBeNull();
  database.close();
});

test('a start that was killed between the two renames of a salvage finds what was salvaged', async () => {
  const path = await filled();
  renameSync(path, `${path}.salvaged`);
  writeFileSync(path, '');
  expect(found(path)).toMatchObject({ knows: KNOWN, notes: [] });
});

describe('what is no ledger stays as it is', () => {
  const SQL = STEPS.join('\n');
  const foreignDatabase = (path: string): void => {
    const database = new Sqlite(path);
    database.pragma('journal_mode = WAL');
    database.exec('CREATE TABLE lease (theirs); INSERT INTO lease VALUES (1)');
    database.close();
  };
  const damagedForeignDatabase = (path: string): void => {
    foreignDatabase(path);
    const content = readFileSync(path);
    content.fill(0xa5, 0, 64);
    writeFileSync(path, content);
  };
  test.each<[string, (path: string) => void]>([
    ['a short text', (path) => writeFileSync(path, 'milk, bread\n')],
    ['a long text', (path) => writeFileSync(path, 'dear diary\n'.repeat(2000))],
    ['the text of our own schema', (path) => writeFileSync(path, `${SQL}\n-- CpyC`.repeat(3))],
    ['a program', (path) => copyFileSync(process.execPath, path)],
    ['a configuration', (path) => copyFileSync('example.yaml', path)],
    ['the database of another program', foreignDatabase],
    ['the damaged database of another program', damagedForeignDatabase],
  ])('%s', async (_name, make) => {
    const path = join(kit.folder, 'precious');
    make(path);
    const before = readFileSync(path);
    await expect(kit.open({ path, durability: 'power' })).rejects.toMatchObject({
      code: 'LEDGER_UNAVAILABLE',
      message: expect.stringMatching(
        /precious is (no ledger, and nothing in it|the database of another program)/,
      ) as string,
    });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(kit.folder).filter((name) => name.startsWith(basename(path)))).toEqual(['precious']);
  });
});

test('blocks without content, as a file system leaves them after a power loss, are a damaged ledger and not somebody’s file', async () => {
  writeFileSync(kit.path, Buffer.alloc(20_000));
  const ledger = await kit.open({ durability: 'power' });
  expect(ledger.ledger.notes).toEqual([expect.stringContaining('nothing of it could be read')]);
  expect(existsSync(`${kit.path}.damaged-1`)).toBe(true);
  rmSync(`${kit.path}.damaged-1`);
});
