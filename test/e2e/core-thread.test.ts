import { execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, statfsSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { removePairFolder } from '../remove-pair-folder.js';
import { NewcomerMachine } from './newcomer-machine.js';
import { pairFile, RunningGateway } from './running-gateway.js';

// R32: the thread in which the core runs calls nothing that could wait for a device. What it opens, reads, writes and syncs is watched
// from underneath, in the C library (core-thread/watch-files.c), while a pair is served, taken over, mended and asked.

const HEAD_BYTES = 16;
const BEGUN_AT = 4;
const TMPFS = 0x01021994;

const machine = new NewcomerMachine();
const folder = mkdtempSync(join(tmpdir(), 'copycat-core-thread-'));
const report = join(folder, 'report');
// As a user's, in memory; the ledger is on a disk.
const journal = mkdtempSync('/dev/shm/copycat-core-thread-');
const library = join(folder, 'watch-files.so');
let gateway: RunningGateway;

beforeAll(async () => {
  await machine.setUp();
  const config = pairFile('every 20ms').replace('journal: journal', `journal: ${journal}`);
  writeFileSync(join(machine.folder, 'pair.yaml'), config);
  writeFileSync(report, new Uint8Array(HEAD_BYTES));
  const source = join(import.meta.dirname, 'core-thread/watch-files.c');
  execFileSync('gcc', [
    '-std=gnu11',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-shared',
    '-fPIC',
    '-O1',
    '-o',
    library,
    source,
    '-ldl',
  ]);
  gateway = new RunningGateway(
    machine.spawn(['run', '-c', 'pair.yaml'], {
      env: { ...process.env, LD_PRELOAD: library, WATCH_FILES: report, WATCH_FILES_ALLOWED: machine.hostFolder },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
    machine.folder,
  );
  await gateway.when((status) => status.protected);
});
afterAll(async () => {
  gateway.process.kill('SIGKILL');
  await gateway.ended;
  machine.dispose();
  removePairFolder(folder, journal);
});

/** Each once, in the order of their first time. */
function findings(path = report): string[] {
  const lines = readFileSync(path).subarray(HEAD_BYTES).toString().split('\n');
  return [...new Set(lines)].filter((line) => line !== '');
}

const ask = async (...words: string[]): Promise<void> => {
  const { code, text } = await machine.run([...words, '-c', 'pair.yaml'], '');
  if (code !== 0) throw new Error(text);
};

it('R32: the core’s thread opens, reads, writes and syncs nothing that is on a disk, whatever the pair goes through', async () => {
  expect(statfsSync(machine.folder).type, 'the ledger has to lie on a disk').not.toBe(TMPFS);
  writeSync(openSync(report, 'r+'), Uint8Array.of(1), 0, 1, BEGUN_AT);
  const before = await gateway.when(({ inputs }) => inputs.answered > 50);
  await ask('switch');
  await gateway.when((now) => now.primary !== before.primary && now.protected);
  // Unplugged: a fault, a takeover; the board that comes back joins.
  await machine.unplug('b');
  await gateway.when((now) => now.primary === 'a' && !now.protected);
  await machine.plug('b');
  const { inputs } = await gateway.when((now) => now.protected);
  await ask('faults', 'list');
  await ask('relay', 'test');
  await gateway.when((now) => now.inputs.answered > inputs.answered + 50);
  // It was this process that was watched, and not one that it had started.
  expect(readFileSync(report).readInt32LE(0)).toBe(gateway.process.pid);
  expect(findings()).toEqual([]);
});

it('the watch sees what a first thread does to a file on a disk, and not what another thread does', () => {
  const path = join(folder, 'seen');
  const begun = new Uint8Array(HEAD_BYTES);
  begun[BEGUN_AT] = 1;
  writeFileSync(path, begun);
  const program = `
    const { appendFileSync, fsyncSync, openSync, writeFileSync } = require('node:fs');
    const { Worker } = require('node:worker_threads');
    writeFileSync('${journal}/seen', 'in memory');
    const file = openSync('first', 'w');
    appendFileSync(file, 'x');
    fsyncSync(file);
    new Worker("require('node:fs').writeFileSync('second', 'x')", { eval: true });`;
  execFileSync(process.execPath, ['-e', program], {
    cwd: folder,
    env: { ...process.env, LD_PRELOAD: library, WATCH_FILES: path },
  });
  const first = join(folder, 'first');
  const seen = findings(path);
  expect(seen).toEqual(expect.arrayContaining([`open64 ${first}`, `write ${first}`, `fsync ${first}`]));
  expect(seen.filter((line) => line.includes('second') || line.includes('/dev/shm'))).toEqual([]);
});
