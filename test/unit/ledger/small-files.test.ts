import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileLocks, fileIdentity } from '../../../src/ledger/file-locks.js';
import { evidenceOf } from '../../../src/ledger/worker/file-evidence.js';
import { ReplacedFileLock } from '../../../src/ledger/worker/replaced-file-lock.js';
import {
  isDamage,
  isLockedOut,
  isRefusal,
  isStorageTrouble,
  outcomeOf,
} from '../../../src/ledger/worker/sqlite-errors.js';
import { FileIdentity } from '../../../src/ledger/worker/standby/file-identity.js';
import { markInMemory, unmark } from '../../../src/ledger/worker/standby/memory-marker.js';
import { newStore } from './store-kit.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);

describe('R17: a path that names what was opened', () => {
  it('says what has become of the file, its log and its folder', () => {
    const path = at('pair.ledger');
    writeFileSync(path, 'one');
    writeFileSync(`${path}-wal`, 'log');
    const identity = new FileIdentity(path);
    expect(identity.changed()).toBeNull();
    renameSync(`${path}-wal`, at('kept-wal'));
    expect(identity.changed()).toBe('its write-ahead log was removed');
    renameSync(at('kept-wal'), `${path}-wal`);
    expect(identity.changed()).toBeNull();
    renameSync(path, at('kept'));
    expect(identity.changed()).toBe('the file was removed, or its folder was');
    writeFileSync(path, 'two');
    expect(identity.changed()).toBe('another file lies in its place');
    rmSync(path);
    renameSync(at('kept'), path);
    expect(identity.changed()).toBeNull();
  });

  it('says so where there was nothing, and where the folder cannot be asked', () => {
    expect(new FileIdentity(at('nothing')).changed()).toBe('the file was removed, or its folder was');
    writeFileSync(at('file'), '');
    expect(new FileIdentity(at('file/below')).changed()).toBe('the file was removed, or its folder was');
    const withoutLog = new FileIdentity(at('file'));
    expect(withoutLog.changed()).toBeNull();
    writeFileSync(at('file-wal'), '');
    expect(withoutLog.changed()).toBe('its write-ahead log was removed');
  });
});

describe('R27: the mark of inputs that are in memory alone', () => {
  it('lies in every place that takes it, for this user alone, and goes from all', () => {
    const places = [at('new/one.in-memory'), at('two.in-memory')];
    expect(markInMemory(places)).toBeNull();
    for (const place of places) {
      expect(readFileSync(place, 'utf8')).toBe(`${process.pid}\n`);
      expect(statSync(place).mode & 0o777).toBe(0o600);
    }
    expect(statSync(at('new')).mode & 0o777).toBe(0o700);
    expect(markInMemory(places)).toBeNull();
    expect(unmark(places)).toBeNull();
    expect(places.some((place) => existsSync(place))).toBe(false);
    expect(unmark(places)).toBeNull();
  });

  it('is enough in one place; in none it is said why of each', () => {
    writeFileSync(at('file'), '');
    const [bad, worse] = [at('file/a'), at('file/b/c')];
    expect(markInMemory([bad, at('good')])).toBeNull();
    expect(existsSync(at('good'))).toBe(true);
    expect(markInMemory([bad, worse])).toMatch(/^E\w+: .*; E\w+: /);
    expect(markInMemory([])).toBeNull();
    expect(unmark([bad, at('good')])).toMatch(/ENOTDIR/);
    expect(existsSync(at('good'))).toBe(false);
  });
});

describe('a file that is made in the place of another', () => {
  const REFUSED = { code: 'LEDGER_LOCKED' };

  it('is locked before it is used, and let go when the first is back', () => {
    const [path, locks] = [at('pair.ledger'), at('locks')];
    mkdirSync(locks, { mode: 0o700 });
    writeFileSync(path, 'one');
    const ours = new ReplacedFileLock(path, locks);
    const theirs = new ReplacedFileLock(path, locks);
    // The first is the process's own.
    ours.take(path);
    theirs.take(path);
    renameSync(path, at('first'));
    writeFileSync(path, 'two');
    ours.take(path);
    ours.take(path);
    expect(() => theirs.take(path)).toThrow(expect.objectContaining(REFUSED));
    renameSync(path, at('second'));
    renameSync(at('first'), path);
    ours.take(path);
    // The first needs no lock here: the process has taken it elsewhere.
    expect(readdirSync(locks)).toEqual([]);
    renameSync(path, at('first'));
    renameSync(at('second'), path);
    theirs.take(path);
    expect(() => ours.take(path)).toThrow(expect.objectContaining(REFUSED));
    theirs.release();
    ours.take(path);
    ours.release();
    theirs.take(path);
    theirs.release();
  });

  it('gets another number where its own is locked for a file that had it before and is gone', () => {
    const [path, gone, locks] = [at('pair.ledger'), at('gone'), at('locks')];
    mkdirSync(locks, { mode: 0o700 });
    writeFileSync(path, 'one');
    const ours = new ReplacedFileLock(path, locks);
    renameSync(path, at('first'));
    // Another gateway has locked a file of this number. It is still there under another name: the system gives numbers out again as it likes.
    const theirs = new FileLocks(locks);
    writeFileSync(gone, '');
    theirs.take(gone);
    linkSync(gone, path);
    // What somebody else has put there may be theirs; what was made here a moment ago is not.
    expect(() => ours.take(path)).toThrow(expect.objectContaining(REFUSED));
    ours.take(path, true);
    expect(fileIdentity(path)).not.toBe(fileIdentity(gone));
    expect(readdirSync(folder).sort()).toEqual(['first', 'gone', 'locks', 'pair.ledger']);
    const other = new ReplacedFileLock(gone, locks);
    expect(() => other.take(path)).toThrow(expect.objectContaining(REFUSED));
    ours.release();
    theirs.releaseAll();
  });

  it('is not locked where the host has no place for locks', () => {
    const path = at('not-there');
    new ReplacedFileLock(path, null).take(path);
    expect(() => new ReplacedFileLock(path, folder)).toThrow('ENOENT');
  });
});

describe('what SQLite says', () => {
  const error = (code: string, message = 'm') => new Sqlite.SqliteError(message, code);

  it('R8: is a refusal of a commit, as the core knows it, or a mistake of ours', () => {
    const outcome = (message: string) => outcomeOf(error('SQLITE_CONSTRAINT_TRIGGER', message));
    expect(['LOCKED_OUT', 'DIFFERENT'].map(outcome)).toEqual(['locked-out', 'different']);
    expect(['NOT_OWNER', 'UNKNOWN_INPUT', 'DROPPED', 'OUT_OF_SYNC'].map(outcome)).toEqual(Array(4).fill('not-owner'));
    expect(outcome('something else')).toBeNull();
    expect(outcomeOf(error('SQLITE_ERROR', 'LOCKED_OUT'))).toBeNull();
    expect(outcomeOf(new Error('LOCKED_OUT'))).toBeNull();
  });

  it.each([
    ['SQLITE_CONSTRAINT_UNIQUE', { refusal: true, trouble: false, damage: false, locked: false }],
    ['SQLITE_ERROR', { refusal: false, trouble: false, damage: false, locked: false }],
    ['SQLITE_MISUSE', { refusal: false, trouble: false, damage: false, locked: false }],
    ['SQLITE_FULL', { refusal: false, trouble: true, damage: false, locked: false }],
    ['SQLITE_IOERR_WRITE', { refusal: false, trouble: true, damage: false, locked: false }],
    ['SQLITE_BUSY_SNAPSHOT', { refusal: false, trouble: true, damage: false, locked: true }],
    ['SQLITE_LOCKED', { refusal: false, trouble: true, damage: false, locked: true }],
    ['SQLITE_CORRUPT_INDEX', { refusal: false, trouble: true, damage: true, locked: false }],
    ['SQLITE_NOTADB', { refusal: false, trouble: true, damage: true, locked: false }],
  ])('%s', (code, is) => {
    const said = error(code);
    expect({
      ...{ refusal: isRefusal(said), trouble: isStorageTrouble(said), damage: isDamage(said) },
      locked: isLockedOut(code),
    }).toEqual(is);
    const other = Object.assign(new Error('m'), { code });
    expect([isRefusal(other), isStorageTrouble(other), isDamage(other)]).toEqual([false, false, false]);
  });
});

describe('what the bytes of a file say that SQLite cannot use', () => {
  const image = (): Buffer => {
    const store = newStore();
    const bytes = store.serialize();
    store.close();
    return bytes;
  };
  const of = (bytes: Buffer) => {
    writeFileSync(at('file'), bytes);
    return evidenceOf(at('file'));
  };

  it('of a ledger: its mark, its schema, a sound header', () => {
    expect(of(image())).toEqual({ isOurs: true, isBlank: false, isHeaderSound: true });
  });

  it('is ours by its mark alone, by a row of its schema alone, wherever that lies, or by that of its log', () => {
    const header = image().subarray(0, 100);
    expect(of(Buffer.concat([header])).isOurs).toBe(true);
    const row = Buffer.from('tablefault_stepfault_step');
    expect(of(Buffer.concat([Buffer.alloc(200, 1), row])).isOurs).toBe(true);
    // Also where it lies across two of the pieces that it is read in.
    expect(of(Buffer.concat([Buffer.alloc(64 * 1024 - 3, 1), row])).isOurs).toBe(true);
    expect(of(Buffer.concat([Buffer.alloc(200_000, 1), row])).isOurs).toBe(true);
    expect(of(Buffer.alloc(200, 1)).isOurs).toBe(false);
    writeFileSync(at('file-wal'), Buffer.concat([Buffer.alloc(50, 1), row]));
    expect(of(Buffer.alloc(200, 1)).isOurs).toBe(true);
  });

  it('is blank where a file system or a card has lost it: nothing but 00 and FF', () => {
    expect(of(Buffer.alloc(0)).isBlank).toBe(true);
    expect(of(Buffer.concat([Buffer.alloc(70_000), Buffer.alloc(70_000, 0xff)])).isBlank).toBe(true);
    expect(of(Buffer.concat([Buffer.alloc(140_000), Buffer.from([1])])).isBlank).toBe(false);
    expect(of(Buffer.concat([Buffer.from([1]), Buffer.alloc(140_000)])).isBlank).toBe(false);
  });

  it.each([
    [0, 1],
    [16, 0x20],
    [18, 3],
    [19, 0],
    [20, 1],
    [21, 63],
    [23, 31],
    [47, 3],
    [52, 1],
    [59, 2],
    [64, 1],
    [68, 0],
    [80, 1],
    [63, 0],
    [63, 99],
    [28, 1],
    [32, 1],
    [36, 1],
  ])('is not sound where byte %d of the header is %d', (offset, value) => {
    const bytes = image();
    bytes[offset] = value;
    expect(of(bytes).isHeaderSound).toBe(false);
  });

  it('is as sound with a write-ahead log, and with as many pages as the file has', () => {
    const bytes = image();
    bytes[18] = 2;
    bytes[19] = 2;
    bytes.writeUInt32BE(bytes.length / 4096, 28);
    expect(of(bytes).isHeaderSound).toBe(true);
    bytes.writeUInt32BE(bytes.length / 4096 + 1, 28);
    expect(of(bytes).isHeaderSound).toBe(false);
  });
});
