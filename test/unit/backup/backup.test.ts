import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeBackup } from '#built/backup/make-backup.js';
import { restoreBackup } from '#built/backup/restore-backup.js';
import { verifyLedger } from '#built/ledger/verify/verify-ledger.js';
import { commit, input, LedgerKit } from '../ledger-kit.js';

const MAIN = resolve('dist/cli/main.js');
const IMAGE = ':00000001FF\n';

let kit: LedgerKit;
let archive: string;
let elsewhere: string;

beforeEach(() => {
  kit = new LedgerKit();
  archive = join(kit.folder, 'kept', 'oven.tar');
  elsewhere = join(kit.folder, 'new');
  mkdirSync(join(kit.folder, 'kept'));
  mkdirSync(elsewhere);
  writeFileSync(
    join(kit.folder, 'copycat.yaml'),
    `name: oven
boards: { a: { kind: uno, port: usb-1.2, firmware: oven.hex }, b: { kind: uno, port: usb-1.3, firmware: oven.hex } }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
input: every 100ms
deadline: 50ms
ledger: { path: pair.ledger, journal: ${kit.journalFolder} }
`,
  );
  writeFileSync(join(kit.folder, 'oven.hex'), IMAGE);
});
afterEach(async () => {
  await kit.dispose();
});

/** A gateway's ledger with one input that is over, and one in work; it runs on. */
async function runningLedger() {
  const ledger = await kit.open();
  await ledger.ask([{ type: 'reserveSeqs', throughSeq: 1000 }]);
  ledger.ledger.submit({ type: 'recordSession', board: 'a', session: 5, boot: 7 });
  ledger.ledger.submit({
    type: 'openFault',
    fault: { faultId: 1, code: 'silent', board: 'b', seq: null, atUs: 1, evidence: {} },
  });
  await ledger.ask([input(1), input(2)]);
  // The hash of its result, which copycat ledger verify reckons again.
  await ledger.ask([commit({ seq: 1, hash: 0x9177bd65 })]);
  await ledger.ask([
    { type: 'recordDone', board: 'a', seq: 1 },
    { type: 'recordDone', board: 'b', seq: 1 },
  ]);
  ledger.ledger.submit({ type: 'recordEmitted', seq: 1 });
  ledger.ledger.submit({ type: 'finishInput', seq: 1 });
  await ledger.ask([{ type: 'reserveSeqs', throughSeq: 1001 }]);
  return ledger;
}

function backUp(nowMs = Date.now(), force = false) {
  return makeBackup({
    ...{ config: join(kit.folder, 'copycat.yaml'), path: archive, madeBy: 'copycat 0.0.0', nowMs, force },
  });
}

function putBack(more: { readonly force?: boolean; readonly config?: string; readonly nowMs?: number } = {}) {
  return restoreBackup({ path: archive, config: join(elsewhere, 'copycat.yaml'), force: false, ...more });
}

/** Everything below the new folder, and what is in it. */
function there(folder = elsewhere): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]));
}

function refusal(work: () => unknown): { code: string; message: string } {
  try {
    work();
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('it was not refused');
}

describe('copycat backup', () => {
  it('R32: puts configuration, ledger and images into one file while a gateway runs, which tar can read', async () => {
    await runningLedger();
    const manifest = await backUp();
    expect(manifest.notes).toEqual([]);
    expect(execFileSync('tar', ['tf', archive], { encoding: 'utf8' }).split('\n')).toEqual([
      ...['manifest.json', 'copycat.yaml', 'ledger.sqlite', 'journal.sqlite', 'images/1-oven.hex', ''],
    ]);
    expect(execFileSync('tar', ['xOf', archive, 'images/1-oven.hex'], { encoding: 'utf8' })).toBe(IMAGE);
    expect(readdirSync(join(kit.folder, 'kept'))).toEqual(['oven.tar']);
  });

  it('says what is missing, and writes over nothing unasked', async () => {
    await runningLedger();
    writeFileSync(join(kit.folder, 'oven.hex.bak'), '');
    execFileSync('rm', [join(kit.folder, 'oven.hex')]);
    expect((await backUp()).notes).toEqual([`${join(kit.folder, 'oven.hex')} is not there: it is not in the backup`]);
    await expect(backUp()).rejects.toMatchObject({ code: 'USAGE' });
    expect((await backUp(Date.now(), true)).files).toHaveLength(3);
    archive = join(kit.folder, 'copycat.yaml');
    await expect(backUp(Date.now(), true)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('leaves nothing half-written on a disk that is full, and what was there as it was', async () => {
    await runningLedger();
    await backUp();
    const before = there(join(kit.folder, 'kept'));
    // No file may grow beyond 20 KB: the next write fails.
    const script = `trap '' XFSZ; ulimit -f 40; exec ${process.execPath} ${MAIN} backup ${archive} --force -c ${join(kit.folder, 'copycat.yaml')}`;
    const ran = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    expect(ran.status).toBe(1);
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
    expect(there(join(kit.folder, 'kept'))).toEqual(before);
  });
});

describe('copycat restore', () => {
  it('R1, R8, R27, R31: a restored ledger knows what was, and claims nothing of what is', async () => {
    const running = await runningLedger();
    const madeAtMs = Date.now();
    await backUp(madeAtMs);
    await running.close();
    const before = verifyLedger(kit.path);
    expect(before.findings).toEqual([]);
    const restored = putBack({ nowMs: madeAtMs + 3_600_000 });
    expect(restored.leftOut).toEqual([2]);
    expect(Object.keys(there())).toEqual(['copycat.yaml', 'oven.hex', 'pair.ledger']);
    expect(there()['oven.hex']).toBe(IMAGE);
    const path = join(elsewhere, 'pair.ledger');
    expect(verifyLedger(path).findings).toEqual([]);
    for (const durability of ['process', 'power'] as const) {
      const ledger = await kit.open({ path, durability });
      const rows = await ledger.ledger.restore();
      expect([rows.hostRestarted, rows.fresh, rows.inputs]).toEqual([true, false, []]);
      expect(rows.boards.map(({ standing, session, boot }) => ({ standing, session, boot }))).toEqual([
        { standing: 'in-sync', session: 5, boot: null },
        { standing: 'in-sync', session: 0, boot: null },
      ]);
      expect(rows.facts['restored-from']).toBe(new Date(madeAtMs).toISOString());
      expect(rows.reservedThroughSeq).toBeGreaterThan(1001);
      expect(rows.pairTimeMs).toBeGreaterThan(3_600_000);
      expect(rows.nextFaultId).toBe(2);
      await ledger.close();
    }
    const inputs = kit.raw(join(elsewhere, 'pair.ledger'), (file) =>
      file.prepare('SELECT seq FROM input').pluck().all(),
    );
    expect(inputs).toEqual([1]);
  });

  it('R27: a journal that lies where the restored ledger is to have one is not believed', async () => {
    const running = await runningLedger();
    await backUp();
    await running.ask([input(3), commit({ seq: 3 })]);
    await running.close();
    putBack({ config: join(kit.folder, 'copycat.yaml'), force: true });
    const ledger = await kit.open();
    const rows = await ledger.ledger.restore();
    expect([rows.inputs, rows.hostRestarted]).toEqual([[], true]);
    expect(ledger.ledger.notes.join()).toContain('is of another run of this ledger');
  });

  it('is refused over a gateway that runs, and over files that are there; --force keeps those', async () => {
    const running = await runningLedger();
    await backUp();
    const config = join(kit.folder, 'copycat.yaml');
    expect(refusal(() => putBack({ config })).code).toBe('USAGE');
    expect(refusal(() => putBack({ config, force: true })).code).toBe('LEDGER_LOCKED');
    expect(existsSync(`${kit.path}.before-restore-1`)).toBe(false);
    await running.close();
    writeFileSync(config, 'changed');
    const { keptAs } = putBack({ config, force: true });
    expect(keptAs).toContain(`${kit.path}.before-restore-1`);
    expect(readFileSync(`${config}.before-restore-1`, 'utf8')).toBe('changed');
    expect(verifyLedger(`${kit.path}.before-restore-1`).findings).toEqual([]);
    expect(readdirSync(kit.folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('takes nothing of a file that is cut off, damaged, newer or no backup', async () => {
    await runningLedger();
    await backUp();
    const whole = readFileSync(archive);
    const bad: [Buffer | string, RegExp][] = [
      [whole.subarray(0, whole.length - 1), /it is cut off/],
      [whole.subarray(0, whole.length - 1024), /it is cut off/],
      [whole.subarray(0, 20_000), /it is cut off/],
      [whole.subarray(0, 300), /it is no backup/],
      ['', /it is no backup/],
      ['a text of some length\n'.repeat(200), /it is no backup/],
      [changed(whole, whole.length - 1024 - 20_000), /journal\.sqlite in it is damaged|images/],
      [changed(whole, 600), /manifest\.json in it is damaged/],
      [changed(whole, 1), /it is no backup/],
      [Buffer.from(whole.toString('latin1').replace('"format": 1', '"format": 9'), 'latin1'), /a newer Copycat/],
    ];
    for (const [bytes, why] of bad) {
      writeFileSync(archive, bytes);
      const { code, message } = refusal(() => putBack());
      expect([code, message]).toEqual(['BACKUP_UNUSABLE', expect.stringMatching(why)]);
      expect(there()).toEqual({});
    }
    expect(refusal(() => restoreBackup({ path: elsewhere, config: null, force: false })).message).toMatch(/a folder/);
    expect(refusal(() => restoreBackup({ path: '/nowhere', config: null, force: false })).message).toMatch(
      /no such file/,
    );
  });

  it('leaves everything as it was on a disk that is full', async () => {
    const running = await runningLedger();
    await backUp();
    await running.close();
    const script = `trap '' XFSZ; ulimit -f 40; exec ${process.execPath} ${MAIN} restore ${archive} -c ${join(elsewhere, 'copycat.yaml')}`;
    const ran = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    expect(ran.status).toBe(1);
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
    expect(ran.stderr).toContain('could not be put back');
    expect(there()).toEqual({});
  });
});

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0x15;
  return copy;
}
