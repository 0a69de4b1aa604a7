import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { createPrivateFile } from '../../private-files/private-file.js';
import { mendSchema } from '../schema/mend-schema.js';
import { kindOf } from '../schema/migrations.js';
import { evidenceOf, FIXED_FIELDS, PAGE_BYTES } from './file-evidence.js';
import { isDamage } from './sqlite-errors.js';
import { copyRows } from './tables/copy-rows.js';

const WITH_LOG = ['', '-wal'];
const ALL = ['', '-wal', '-shm'];

/**
 * What can be read of a damaged file goes into a new one beside it; then the two change places. A start that is killed meanwhile
 * leaves the damaged file where it was, and the next one begins again.
 * @param make opens a new ledger at a path where there is an empty file
 * @returns what became of it, as a sentence
 */
export function salvage(path: string, make: (path: string) => Database): string {
  const fresh = `${path}.salvaged`;
  remove(fresh);
  createPrivateFile(fresh);
  const into = make(fresh);
  let read: string;
  try {
    const isReadable = evidenceOf(path).isHeaderSound && hasSoundSchema(path);
    read = isReadable ? readInto(path, into) : readMended(path, into);
    into.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    into.close();
  }
  const aside = setAside(path);
  renameSync(fresh, path);
  return `${path} was damaged. It is kept as ${aside}; ${read}`;
}

/** A start was killed just between the two renames: the new file is whole, and its name is still missing. */
export function finishSalvage(path: string): void {
  const fresh = `${path}.salvaged`;
  if (existsSync(fresh) && (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) renameSync(fresh, path);
}

/** The write-ahead log goes along: it is part of what can be read. */
function setAside(path: string): string {
  let number = 1;
  while (existsSync(`${path}.damaged-${number}`)) number++;
  const aside = `${path}.damaged-${number}`;
  for (const suffix of ALL) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  return aside;
}

function readInto(path: string, into: Database): string {
  try {
    const damaged = new Sqlite(path, { readonly: true });
    try {
      const copied = copyRows(damaged, into);
      const lossy = copied.filter((table) => !table.whole).map((table) => table.table);
      const rows = copied.reduce((sum, table) => sum + table.rows, 0);
      return lossy.length === 0
        ? `all ${rows} rows could be read.`
        : `${rows} rows could be read, rows are lost from: ${lossy.join(', ')}.`;
    } finally {
      damaged.close();
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    return 'nothing of it could be read.';
  }
}

function hasSoundSchema(path: string): boolean {
  const database = new Sqlite(path, { readonly: true });
  try {
    return kindOf(database) === 'ledger';
  } catch (error) {
    if (!isDamage(error)) throw error;
    return false;
  } finally {
    database.close();
  }
}

/** Header and schema say nothing about rows that is not known beforehand: a copy in which they are made anew is read. */
function readMended(path: string, into: Database): string {
  const copy = `${path}.mended`;
  remove(copy);
  try {
    for (const suffix of WITH_LOG) {
      if (!existsSync(path + suffix)) continue;
      createPrivateFile(copy + suffix);
      copyFileSync(path + suffix, copy + suffix);
    }
    mendHeader(copy);
    mendSchemaWhereItCanBeRead(copy);
    return readInto(copy, into);
  } finally {
    remove(copy);
  }
}

function mendSchemaWhereItCanBeRead(path: string): void {
  try {
    mendSchema(path);
  } catch (error) {
    // Its page is damaged: what can be read without it is read all the same.
    if (!isDamage(error)) throw error;
  }
}

function mendHeader(path: string): void {
  const file = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    for (const { at, bytes } of FIXED_FIELDS) writeSync(file, bytes, 0, bytes.length, at);
    const number = (value: number, at: number): void => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      writeSync(file, bytes, 0, bytes.length, at);
    };
    // Written and read with a write-ahead log.
    writeSync(file, Buffer.from([2, 2]), 0, 2, 18);
    // The size in pages, which counts because these two are equal; no free pages: none is asked for by who reads.
    number(1, 24);
    number(Math.floor(statSync(path).size / PAGE_BYTES), 28);
    number(0, 32);
    number(0, 36);
    number(1, 92);
  } finally {
    closeSync(file);
  }
}

function remove(path: string): void {
  for (const suffix of ALL) rmSync(path + suffix, { force: true });
}
