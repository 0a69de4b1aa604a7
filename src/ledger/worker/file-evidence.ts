import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { APPLICATION_ID, SCHEMA_VERSION } from '../schema/schema-steps.js';

const CHUNK_BYTES = 64 * 1024;
const HEADER_BYTES = 100;
/** SQLite's own default, which every ledger has. */
export const PAGE_BYTES = 4096;
/** How SQLite keeps the row of a table in its schema: type, name and table without anything between. No text has that. */
const SCHEMA_ROW = Buffer.from('tablefault_stepfault_step');
const MARK_AT = 68;
const BLANKS: ReadonlySet<number> = new Set([0x00, 0xff]);

/** What the bytes of a file say that SQLite cannot use. */
export interface FileEvidence {
  /** It was a ledger: its header bears our mark, or a page of it or of its write-ahead log has a row of our schema. */
  readonly isOurs: boolean;
  /** Nothing but the bytes of empty or erased blocks: a file system or a card has lost what was there. */
  readonly isBlank: boolean;
  /** Every field of the header is what a ledger's is. */
  readonly isHeaderSound: boolean;
}

/**
 * Looks at a file past SQLite, so only when no connection of this process has it open: closing it would drop their locks (POSIX).
 * All of it is read, in pieces; a ledger in use never comes here.
 */
export function evidenceOf(path: string): FileEvidence {
  const { header, sizeBytes, hasRow, isBlank } = lookThrough(path);
  const hasMark = header.readUInt32BE(MARK_AT) === APPLICATION_ID;
  const log = `${path}-wal`;
  const isOurs = hasMark || hasRow || (existsSync(log) && lookThrough(log).hasRow);
  return { isOurs, isBlank, isHeaderSound: isSound(header, sizeBytes) };
}

interface Looked {
  readonly header: Buffer;
  readonly sizeBytes: number;
  readonly hasRow: boolean;
  readonly isBlank: boolean;
}

function lookThrough(path: string): Looked {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    readSync(file, header, 0, HEADER_BYTES, 0);
    let hasRow = false;
    let isBlank = true;
    const bytes = Buffer.alloc(CHUNK_BYTES + SCHEMA_ROW.length);
    const { size } = fstatSync(file);
    for (let at = 0; at < size && !hasRow; at += CHUNK_BYTES) {
      const part = bytes.subarray(0, readSync(file, bytes, 0, bytes.length, at));
      hasRow = part.includes(SCHEMA_ROW);
      isBlank &&= part.every((byte) => BLANKS.has(byte));
    }
    return { header, sizeBytes: size, hasRow, isBlank };
  } finally {
    closeSync(file);
  }
}

/** Where a header of ours has one value, whatever the ledger holds. https://sqlite.org/fileformat2.html#the_database_header */
export const FIXED_FIELDS: readonly { readonly at: number; readonly bytes: Buffer }[] = [
  { at: 0, bytes: Buffer.from('SQLite format 3\0') },
  // Pages of 4096 bytes.
  { at: 16, bytes: Buffer.from([0x10, 0x00]) },
  // No bytes kept free on a page, and the three fractions that may have no other value.
  { at: 20, bytes: Buffer.from([0, 64, 32, 32]) },
  // Format of the schema.
  { at: 44, bytes: Buffer.from([0, 0, 0, 4]) },
  // No auto-vacuum.
  { at: 52, bytes: Buffer.alloc(4) },
  // UTF-8.
  { at: 56, bytes: Buffer.from([0, 0, 0, 1]) },
  { at: 64, bytes: Buffer.alloc(4) },
  { at: MARK_AT, bytes: Buffer.from([0x43, 0x70, 0x79, 0x43]) },
  { at: 72, bytes: Buffer.alloc(20) },
];

function isSound(header: Buffer, sizeBytes: number): boolean {
  const versions = [header[18], header[19]];
  const [pages, firstFree, freePages, schema] = [28, 32, 36, 60].map((at) => header.readUInt32BE(at));
  const most = sizeBytes / PAGE_BYTES;
  return (
    FIXED_FIELDS.every(({ at, bytes }) => header.subarray(at, at + bytes.length).equals(bytes)) &&
    versions.every((version) => version === 1 || version === 2) &&
    [pages, firstFree, freePages].every((count = 0) => count <= most) &&
    schema !== undefined &&
    schema >= 1 &&
    schema <= SCHEMA_VERSION
  );
}
