import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '#built/ledger/worker/open-store.js';
import { GuardedStore } from '#built/ledger/worker/standby/guarded-store.js';
import type { LedgerHealth } from '../../src/ledger/ledger.js';
import type { Alignment, StoreRequest } from '../../src/ledger/worker/store-messages.js';
import { until } from '../until.js';
import { bytes, commit, input, LedgerKit, type TestLedger } from './ledger-kit.js';

let kit: LedgerKit;
beforeEach(() => {
  kit = new LedgerKit();
});
afterEach(() => kit.dispose());

function health(ledger: TestLedger, wanted: (health: LedgerHealth) => boolean): Promise<LedgerHealth> {
  return new Promise((resolve) => {
    const subscription = ledger.ledger.health.subscribe((next) => {
      if (!wanted(next)) return;
      resolve(next);
      queueMicrotask(() => subscription.unsubscribe());
    });
  });
}
const lost = (ledger: TestLedger) => health(ledger, ({ standby }) => standby.length > 0);
const recordedAgain = (ledger: TestLedger) => health(ledger, ({ standby }) => standby.length === 0);

test('R17, R8: with the journal and its folder removed inputs, commits and the fence go on, as strict as before, and come back to a file', async () => {
  const ledger = await kit.open();
  await ledger.accept(1, 2);
  expect(await ledger.commit({ seq: 1 })).toBe('granted');
  // What lies there now cannot be opened.
  rmSync(kit.journalFolder, { recursive: true });
  writeFileSync(kit.journalFolder, '');
  expect((await lost(ledger)).standby).toMatchObject([{ file: 'journal', code: 'GONE' }]);

  expect(await ledger.commit({ seq: 1, hash: 9 })).toBe('different');
  expect((await ledger.fence('a', 'b')).inputs.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(await ledger.commit({ seq: 2 })).toBe('locked-out');
  expect(await ledger.commit({ seq: 2, board: 'b', epoch: 2 })).toBe('granted');
  expect(await ledger.ask([input(3)])).toMatchObject([{ type: 'inputRecorded' }]);
  // R23: an id from before is known.
  expect(await ledger.ask([input(4, { ref: 'tcp:1', payload: bytes(1) })])).toMatchObject([
    { type: 'inputKnown', knownSeq: 1 },
  ]);
  expect(existsSync(`${kit.path}.in-memory`)).toBe(true);

  rmSync(kit.journalFolder);
  await recordedAgain(ledger);
  expect(existsSync(`${kit.path}.in-memory`)).toBe(false);
  const rows = kit.raw(kit.journalPath(), (database) =>
    database.prepare('SELECT seq, commit_board AS board, commit_epoch AS epoch FROM input ORDER BY seq').all(),
  );
  expect(rows).toEqual([
    { seq: 1, board: 'a', epoch: 1 },
    { seq: 2, board: 'b', epoch: 2 },
    { seq: 3, board: null, epoch: null },
  ]);
  expect(await ledger.commit({ seq: 3, board: 'a' })).toBe('locked-out');
  await ledger.close();
  expect(await (await kit.open()).ledger.restore()).toMatchObject({ epoch: 2, owner: 'b', hostRestarted: false });
});

test('R17: with the ledger removed, seqs are reserved, faults told and both are in the file that takes its place', async () => {
  const ledger = await kit.open();
  await ledger.accept(1);
  const fault = (faultId: number) =>
    ledger.ledger.submit({
      type: 'openFault',
      fault: { faultId, code: 'silent', board: 'a', seq: 1, atUs: faultId * 20_000_000, evidence: {} },
    });
  fault(1);
  await ledger.ask([{ type: 'reserveSeqs', throughSeq: 2000 }]);
  for (const suffix of ['', '-wal', '-shm']) rmSync(kit.path + suffix);
  mkdirSync(kit.path);
  expect((await lost(ledger)).standby).toMatchObject([{ file: 'ledger', path: kit.path }]);
  fault(2);
  ledger.ledger.submit({ type: 'noteFault', faultId: 1, step: 'took-over', atUs: 9, detail: {} });
  expect(await ledger.ask([{ type: 'reserveSeqs', throughSeq: 3000 }])).toEqual([
    { type: 'seqsReserved', throughSeq: 3000 },
  ]);

  rmSync(kit.path, { recursive: true });
  await recordedAgain(ledger);
  const found = kit.raw(kit.path, (database) => ({
    faults: database.prepare('SELECT id, input_ref AS ref FROM fault ORDER BY id').all(),
    steps: database.prepare('SELECT fault_id, step FROM fault_step').raw().all(),
    reserved: database.prepare('SELECT reserved_through_seq FROM pair').pluck().get(),
    journal: database.prepare(`SELECT value <> '' FROM setting WHERE name = 'journalId'`).pluck().get(),
  }));
  expect(found).toEqual({
    faults: [
      { id: 1, ref: 'tcp:1' },
      { id: 2, ref: 'tcp:1' },
    ],
    steps: [[1, 'took-over']],
    reserved: 3000,
    journal: 1,
  });
});

test('R17, R27: a start after a gateway that was killed with inputs in memory alone knows that the tail is lost', async () => {
  const ledger = await kit.open({ durability: 'power' });
  await ledger.accept(1);
  for (const suffix of ['', '-wal']) rmSync(kit.path + suffix);
  mkdirSync(kit.path);
  await lost(ledger);
  // As a kill leaves it: the marker lies there, and a copy of the file from before takes its place again.
  expect(existsSync(`${kit.path}.in-memory`)).toBe(true);
  rmSync(kit.path, { recursive: true });
  await recordedAgain(ledger);
  await ledger.close();
  writeFileSync(`${kit.path}.in-memory`, '');
  const again = await kit.open({ durability: 'power' });
  expect(again.ledger.notes).toEqual([expect.stringContaining('read back from the boards')]);
  expect(await again.ledger.restore()).toMatchObject({ hostRestarted: true, inputs: [{ seq: 1 }] });
  expect(existsSync(`${kit.path}.in-memory`)).toBe(false);
});

test('R17: a file whose pages are overwritten while it is open is left, and salvaged when it is returned to', async () => {
  const ledger = await kit.open({ durability: 'power', keepFaults: 2000 });
  await ledger.accept(...Array.from({ length: 900 }, (_, index) => index + 1));
  kit.raw(kit.path, (database) => database.pragma('wal_checkpoint(TRUNCATE)'));
  const file = openSync(kit.path, 'r+');
  writeSync(file, Buffer.alloc(statSync(kit.path).size - 8192, 0xa5), 0, undefined, 8192);
  closeSync(file);
  // Somebody has to read or write a damaged page for SQLite to see it; the batch that does is decided in memory.
  const answers = await ledger.ask(Array.from({ length: 900 }, (_, index) => commit({ seq: index + 1 })));
  expect(answers.every((answer) => answer.type === 'commitAnswered' && answer.outcome === 'granted')).toBe(true);
  await recordedAgain(ledger);
  await ledger.close();
  const committed = kit.raw(kit.path, (database) =>
    database.prepare('SELECT count(*) FROM input WHERE commit_hash = 100 + seq').pluck().get(),
  );
  expect(committed).toBe(900);
});

test('R17: a process that may not let any file grow (RLIMIT_FSIZE) goes on answering; freed, it has written everything', async () => {
  const options = kit.options({ durability: 'power' });
  const child = spawn(
    process.execPath,
    [new URL('ledger-child.mjs', import.meta.url).pathname, JSON.stringify(options)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const said: { type: string; seq?: number }[] = [];
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    said.push(...lines.map((line) => JSON.parse(line) as { type: string; seq?: number }).filter(({ type }) => type));
  });
  const commits = () => said.filter(({ type }) => type === 'commitAnswered').length;
  const limit = (bytesOf: string) => execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${bytesOf}:`]);
  try {
    await until(() => commits() > 20);
    limit('1');
    const before = commits();
    await until(() => commits() > before + 100);
    limit('unlimited');
    // The marker goes when memory has been brought to the file.
    await until(() => existsSync(`${kit.path}.in-memory`));
    await until(() => !existsSync(`${kit.path}.in-memory`));
  } finally {
    child.kill('SIGKILL');
  }
  await new Promise((resolve) => child.once('close', resolve));
  const answered = said.flatMap(({ type, seq }) => (type === 'commitAnswered' && seq !== undefined ? [seq] : []));
  const rows = kit.raw(kit.path, (database) =>
    database.prepare('SELECT seq FROM input WHERE commit_hash IS NOT NULL').pluck().all(),
  );
  expect(answered.filter((seq) => !rows.includes(seq))).toEqual([]);
}, 60_000);

const isRoot = process.getuid?.() === 0;
describe.skipIf(!isRoot)('a file system that becomes read-only', () => {
  test('R17: the ledger goes on in memory until it may be written again', async () => {
    const disk = join(kit.folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'copycat-test', disk]);
    try {
      const path = join(disk, 'pair.ledger');
      const ledger = await kit.open({ path, durability: 'power' });
      await ledger.accept(1);
      // The file is open for writing, so the mount cannot change: its file goes, and then the place is read-only.
      for (const name of readdirSync(disk).filter((file) => /ledger(-wal|-shm)?$/.test(file))) rmSync(join(disk, name));
      execFileSync('mount', ['--bind', '-o', 'ro', disk, disk]);
      execFileSync('mount', ['-o', 'remount,bind,ro', disk]);
      const { standby } = await health(ledger, (now) => now.standby.some(({ code }) => !/GONE/.test(code)));
      expect(standby[0]?.message).toMatch(/read-?only|unable to open/);
      expect(await ledger.commit({ seq: 1 })).toBe('granted');
      execFileSync('mount', ['-o', 'remount,bind,rw', disk]);
      await recordedAgain(ledger);
      const row = kit.raw(path, (database) => database.prepare('SELECT seq, commit_board FROM input').raw().all());
      expect(row).toEqual([[1, 'a']]);
      await ledger.close();
    } finally {
      // The bound one, and the one under it.
      for (const _ of [1, 2]) spawnSync('umount', ['-l', disk]);
    }
  }, 60_000);
});

describe('memory is bounded (R6)', () => {
  const ALIGNMENT: Alignment = {
    ...{ bootId: 'boot', hostRestarted: false, lease: { epoch: 1, owner: 'a' }, takeovers: [], pairTimeMs: 0 },
    ...{ reservedThroughSeq: 10_000, executionCount: 0, line: 1, stopped: false, stoppedRevision: 0, counters: [] },
    boards: ['a', 'b'].map((board) => ({ board, standing: 'in-sync', session: 0, boot: null, exits: [], revision: 0 })),
    settings: {},
    keepsInputs: true,
    keepsFaults: true,
  };

  function lostStore(standbyBytes: number): GuardedStore {
    const options = {
      path: join(kit.folder, 'store'),
      synchronous: 'off',
      keepInputs: 50,
      keepFaults: 10,
      bootId: 'x',
    } as const;
    const guarded = new GuardedStore(options, openStore(options), standbyBytes);
    guarded.write([{ type: 'align', alignment: ALIGNMENT }]);
    guarded.file?.pragma('query_only = ON');
    return guarded;
  }
  const record = (seq: number, size = 1): StoreRequest => {
    return { type: 'recordInput', seq, ref: `${seq}`, kind: 'input', pairTimeMs: 0, payload: new Uint8Array(size) };
  };
  const finish = (seq: number): StoreRequest[] => [
    {
      ...{ type: 'requestCommit', board: 'a', session: 1, epoch: 1, seq, hash: 1, executionCount: seq, digest: 1 },
      ...{ result: new Uint8Array(0), observed: '[]' },
    },
    { type: 'recordEmitted', seq },
    { type: 'finishInput', seq },
  ];

  test('finished inputs go first, and are counted', () => {
    const guarded = lostStore(1_000_000_000);
    for (let seq = 1; seq <= 400; seq++) guarded.write([record(seq), ...finish(seq)]);
    expect(guarded.standby).toMatchObject({ code: 'SQLITE_READONLY', droppedInputs: 256, heldInputs: 0 });
    guarded.close();
  });

  test('then new inputs wait, while those in work are committed; with room again they are taken in order', () => {
    const guarded = lostStore(600_000);
    let taken = 0;
    let seq = 0;
    for (; seq < 100; seq++) {
      const written = guarded.write([record(seq + 1, 20_000)]);
      if (written.type !== 'written' || written.answers.length === 0) break;
      taken++;
    }
    expect(taken).toBeGreaterThan(5);
    expect(taken).toBeLessThan(60);
    expect(guarded.standby?.heldInputs).toBe(1);
    expect(guarded.write([...finish(1)].slice(0, 1))).toMatchObject({ answers: [{ outcome: 'granted' }] });
    guarded.file?.pragma('query_only = OFF');
    expect(guarded.checkFile()).toMatchObject({ standby: null, answers: [{ type: 'inputRecorded', seq: taken + 1 }] });
    guarded.close();
  });
});
