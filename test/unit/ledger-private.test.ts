import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { journalPathOf, markerPathsOf } from '#built/ledger/files/journal-path.js';
import { tryPrivateFolder, userFolder } from '#built/private-files/private-folder.js';
import { forgetStranger, isRoot, openLedgerAs, runAs, STRANGER } from './as-user.js';
import { LedgerKit } from './ledger-kit.js';

let kit: LedgerKit;

beforeEach(() => {
  kit = new LedgerKit();
});
afterEach(async () => {
  await kit.dispose();
  forgetStranger();
});

const refused = (message: string): object => ({
  code: 'LEDGER_UNAVAILABLE',
  message: expect.stringContaining(message) as string,
});

test('every file of a ledger is its user’s alone from its first moment, whatever the umask', async () => {
  const before = process.umask(0);
  try {
    const ledger = await kit.open();
    await ledger.accept(1, 2);
    const files = [kit.folder, kit.journalFolder].flatMap((folder) =>
      readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => join(folder, name)),
    );
    expect(files.map((file) => file.replace(/.*\./, '')).sort()).toEqual(
      expect.arrayContaining([
        'journal',
        'journal-shm',
        'journal-wal',
        'ledger',
        'ledger-shm',
        'ledger-wal',
        'lock',
        'pid',
      ]),
    );
    for (const file of files) expect([file, (statSync(file).mode & 0o777).toString(8)]).toEqual([file, '600']);
    expect((statSync(kit.journalFolder).mode & 0o777).toString(8)).toBe('700');
  } finally {
    process.umask(before);
  }
});

test('a link in the place of the journal’s folder is not followed, and nothing is made where it leads', async () => {
  const elsewhere = join(kit.folder, 'elsewhere');
  mkdirSync(elsewhere);
  symlinkSync(elsewhere, kit.journalFolder);
  await expect(kit.open()).rejects.toMatchObject(refused('is a link: nothing is kept there. Remove it'));
  expect(readdirSync(elsewhere)).toEqual([]);
});

test('a link in the place of the journal, or of its write-ahead log, is not followed', async () => {
  const theirs = join(kit.folder, 'theirs');
  writeFileSync(theirs, '');
  for (const suffix of ['', '-wal']) {
    mkdirSync(kit.journalFolder, { mode: 0o700 });
    symlinkSync(theirs, journalPathOf(kit.path, kit.journalFolder) + suffix);
    await expect(kit.open()).rejects.toMatchObject(refused('is a link: it is not used'));
    expect(readFileSync(theirs, 'utf8')).toBe('');
    rmSync(kit.journalFolder, { recursive: true });
  }
});

test('a folder that others may write to is not trusted', async () => {
  mkdirSync(kit.journalFolder);
  chmodSync(kit.journalFolder, 0o777);
  await expect(kit.open()).rejects.toMatchObject(refused(`Others may write to the folder ${kit.journalFolder}`));
  chmodSync(kit.journalFolder, 0o755);
  await kit.open();
});

test('R27: a journal that an older version left in another folder is taken over with its write-ahead log', async () => {
  const script = fileURLToPath(new URL('ledger-child.mjs', import.meta.url));
  const old = join(kit.folder, 'old-place');
  const options = JSON.stringify(kit.options({ journalFolder: old }));
  const child = spawn(process.execPath, [script, options], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    said += chunk.toString();
    if ((said.match(/commitAnswered/g) ?? []).length > 20) break;
  }
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(readdirSync(old).some((name) => name.endsWith('-wal'))).toBe(true);

  const ledger = await kit.open();
  expect(ledger.ledger.notes).toEqual([]);
  const rows = await ledger.ledger.restore();
  expect(rows.hostRestarted).toBe(false);
  expect(rows.executionCount).toBeGreaterThan(20);
  expect(readdirSync(old)).toEqual([]);
});

test('R27: what a killed gateway noted beside a journal in another folder is heard: its newest inputs were in memory', async () => {
  const old = join(kit.folder, 'old-place');
  await (await kit.open({ journalFolder: old })).close();
  writeFileSync(markerPathsOf(kit.path, old)[0] ?? '', '1\n');
  const ledger = await kit.open();
  expect(await ledger.ledger.restore()).toMatchObject({ hostRestarted: true });
});

describe.runIf(isRoot)('with a second user', () => {
  const shared = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'copycat-shared-'));
    chmodSync(folder, 0o777);
    return folder;
  };

  test('each has a folder of their own, and nobody waits for the other', async () => {
    const ledger = await kit.open({ journalFolder: userFolder() });
    await ledger.accept(1);
    const folder = shared();
    const options = kit.options({ path: join(folder, 'theirs.sqlite'), journalFolder: userFolder(STRANGER) });
    expect(openLedgerAs(STRANGER, options)).toBe('open');
    expect(lstatSync(userFolder(STRANGER))).toMatchObject({ uid: STRANGER, mode: 0o40700 });
    await ledger.close();
    rmSync(journalPathOf(kit.path, userFolder()), { force: true });
    rmSync(folder, { recursive: true });
  });

  test('a folder that another user has made is not used: the message names them and the cure', async () => {
    mkdirSync(kit.journalFolder, { mode: 0o700 });
    chownSync(kit.journalFolder, STRANGER, STRANGER);
    await expect(kit.open()).rejects.toMatchObject(
      refused(
        `belongs to user id ${STRANGER}, and this gateway runs as root (user id 0): nothing is kept there. If it is of no use to them, remove it (sudo rm -r ${kit.journalFolder})`,
      ),
    );
    expect(readdirSync(kit.journalFolder)).toEqual([]);
  });

  test('a ledger is run by its owner alone', async () => {
    await (await kit.open()).close();
    chownSync(kit.path, STRANGER, STRANGER);
    await expect(kit.open()).rejects.toMatchObject(
      refused(`belongs to user id ${STRANGER}, and this gateway runs as root`),
    );
  });

  test('R27: a journal that this user may not look at is not taken for lost', async () => {
    const folder = shared();
    const path = join(folder, 'pair.ledger');
    const options = kit.options({ path, journalFolder: join(folder, 'of-root') });
    const ledger = await kit.open(options);
    await ledger.accept(1);
    await ledger.close();
    for (const name of readdirSync(folder).filter((one) => one.startsWith('pair')))
      chownSync(join(folder, name), STRANGER, STRANGER);
    const said = openLedgerAs(STRANGER, { ...options, journalFolder: userFolder(STRANGER) });
    expect(said).toContain('LEDGER_UNAVAILABLE The newest inputs of this ledger are in its journal');
    const read = runAs(
      STRANGER,
      `import { openLedgerReader } from '#built/ledger/reader/reader.js'; openLedgerReader(${JSON.stringify(path)}).readInputs();`,
    );
    expect(read.errors).toContain(
      `It is in a folder that user id ${STRANGER} may not look into. Run this as the user whom it belongs to.`,
    );
    // The owner of the journal comes back, and has lost nothing.
    chownSync(path, 0, 0);
    expect(await (await kit.open(options)).ledger.restore()).toMatchObject({ inputs: [{ seq: 1 }] });
    rmSync(folder, { recursive: true });
  });

  test('who reads the ledger of somebody else is told whose it is, and whom to be', async () => {
    const folder = shared();
    const path = join(folder, 'pair.ledger');
    const ledger = await kit.open(kit.options({ path, journalFolder: join(folder, 'of-root') }));
    await ledger.accept(1);
    await ledger.close();
    const owner = 'It belongs to root (user id 0), and this is user id';
    for (const call of ['reader/reader.js:openLedgerReader', 'verify/verify-ledger.js:verifyLedger']) {
      const [module, name] = call.split(':');
      const code = `import { ${name} } from '#built/ledger/${module}'; ${name}(${JSON.stringify(path)});`;
      const { errors } = runAs(STRANGER, code);
      expect(errors).toContain(`${owner} ${STRANGER}. Run this as root.`);
    }
    rmSync(folder, { recursive: true });
  });

  test('the doctor really writes: what it finds is what a gateway would', () => {
    const folder = join(kit.folder, 'hot');
    const asStranger = (): string =>
      runAs(
        STRANGER,
        `import { tryPrivateFolder } from '#built/private-files/private-folder.js';
         console.log(JSON.stringify(tryPrivateFolder(${JSON.stringify(folder)}, ${STRANGER})));`,
      ).out;
    // The kit's folder is root's alone.
    expect(asStranger()).toContain('cannot be written to');
    expect(tryPrivateFolder(folder, 0)).toBeNull();
    // It looks, and leaves nothing behind.
    expect(existsSync(folder)).toBe(false);
    mkdirSync(folder, 0o700);
    expect(tryPrivateFolder(folder, 0)).toBeNull();
    expect(tryPrivateFolder(folder, STRANGER)?.found).toContain('belongs to root (user id 0)');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a killed swap of users leaves nothing behind that a link could lead away', async () => {
    // The stranger makes the folder first, in a place that is everybody's, and puts a link where root's journal would be.
    const folder = shared();
    const hot = join(folder, 'hot');
    const target = join(folder, 'target');
    runAs(
      STRANGER,
      `import { mkdirSync, symlinkSync } from 'node:fs';
       mkdirSync(${JSON.stringify(hot)});
       symlinkSync(${JSON.stringify(target)}, ${JSON.stringify(journalPathOf(kit.path, hot))});`,
    );
    await expect(kit.open({ journalFolder: hot })).rejects.toMatchObject(refused(`belongs to user id ${STRANGER}`));
    expect(existsSync(target)).toBe(false);
    renameSync(hot, `${hot}-2`);
    rmSync(folder, { recursive: true });
  });
});
