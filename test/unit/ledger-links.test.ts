import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, linkSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileLocks, fileIdentity } from '#built/ledger/file-locks.js';
import { userFolder } from '#built/private-files/private-folder.js';
import { LedgerKit, type TestLedger } from './ledger-kit.js';

let kit: LedgerKit;

beforeEach(() => {
  kit = new LedgerKit();
});
afterEach(() => kit.dispose());

async function gateway(): Promise<TestLedger> {
  const ledger = await kit.open();
  await ledger.accept(1, 2);
  return ledger;
}

const inputsOf = async (ledger: TestLedger): Promise<number[]> =>
  (await ledger.ledger.restore()).inputs.map(({ seq }) => seq);

test.each([
  ['symbolic', symlinkSync],
  ['hard', linkSync],
] as const)(
  'a ledger that is reached by a %s link is the same ledger: one gateway has it, and its journal stays',
  async (_kind, link) => {
    const ledger = await gateway();
    const path = join(kit.folder, 'other-name');
    link(kit.path, path);
    const journal = kit.journalPath();
    await expect(kit.open({ path })).rejects.toMatchObject({
      code: 'LEDGER_LOCKED',
      message: expect.stringContaining(`process ${process.pid}`) as string,
    });
    expect(existsSync(journal)).toBe(true);
    await ledger.accept(3);
    await ledger.close();
    // One after the other they may use it, and nothing is lost between them.
    const again = await kit.open({ path });
    expect(await inputsOf(again)).toEqual([1, 2, 3]);
  },
);

test('a gateway in another process that has the ledger by a hard link is as much in its place', async () => {
  await (await kit.open()).close();
  const path = join(kit.folder, 'other-name');
  linkSync(kit.path, path);
  const script = fileURLToPath(new URL('ledger-child.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(kit.options({ path }))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await expect(kit.open()).rejects.toMatchObject({
    code: 'LEDGER_LOCKED',
    message: expect.stringContaining(`process ${child.pid}`) as string,
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  // The lock is the kernel's: a killed gateway has none.
  expect((await inputsOf(await kit.open())).length).toBeGreaterThanOrEqual(0);
});

test('a copy of a ledger does not take the journal away from the ledger that it is a copy of', async () => {
  const ledger = await gateway();
  await ledger.close();
  const path = join(kit.folder, 'copy');
  copyFileSync(kit.path, path);

  const running = await kit.open();
  await expect(kit.open({ path })).rejects.toMatchObject({
    code: 'LEDGER_LOCKED',
    message: expect.stringContaining('names as its own') as string,
  });
  await running.close();

  const copy = await kit.open({ path });
  expect(await inputsOf(copy)).toEqual([1, 2]);
  await copy.close();
  const rows = await (await kit.open()).ledger.restore();
  expect(rows).toMatchObject({ hostRestarted: false, inputs: [{ seq: 1 }, { seq: 2 }] });
});

test('R17: a file that comes into the place of the ledger while it runs is not used while another gateway has it', async () => {
  const first = await kit.open({ durability: 'power' });
  const path = join(kit.folder, 'second');
  await kit.open({ path, durability: 'power' });
  const told = new Promise<string>((resolve) => {
    first.ledger.health.subscribe(({ standby }) => {
      const message = standby[0]?.message ?? '';
      if (message.includes('Another gateway')) resolve(message);
    });
  });
  renameSync(path, kit.path);
  expect(await told).toContain(`process ${process.pid}`);
});

test('what locks leave behind goes with them', async () => {
  const ledger = await kit.open();
  // Other tests, and this user's gateways, have locks in the same folder: these are by the files that this one has open.
  const files = [kit.path, kit.journalPath()].map(fileIdentity);
  const mine = (): string[] =>
    readdirSync(userFolder()).filter((name) => files.some((file) => name.startsWith(`${file}.`)));
  expect(mine().length).toBeGreaterThanOrEqual(4);
  await ledger.close();
  expect(mine()).toEqual([]);
  expect(readdirSync(kit.folder).filter((name) => /\.(lock|pid)/.test(name))).toEqual([]);
});

test('a new ledger whose number is locked for a file that is gone gets another one', async () => {
  // Another gateway's file of this number, still there under another name: the system gives numbers out again as it likes.
  const theirs = new FileLocks(userFolder());
  const gone = join(kit.folder, 'gone');
  writeFileSync(gone, '');
  theirs.take(gone);
  const mine = new FileLocks(userFolder());
  linkSync(gone, kit.path);
  const taken = mine.takeNew(kit.path);
  expect(taken).not.toBe(fileIdentity(gone));
  expect(taken).toBe(fileIdentity(kit.path));
  mine.releaseAll();
  // With a byte in it, it is no new one.
  linkSync(gone, `${kit.path}-2`);
  writeFileSync(gone, 'x');
  expect(() => mine.takeNew(`${kit.path}-2`)).toThrow('Another gateway');
  theirs.releaseAll();
});
