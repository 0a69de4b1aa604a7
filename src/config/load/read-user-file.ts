import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { CopycatError, type CopycatErrorCode } from '../../errors/copycat-error.js';

/** What somebody named, and what is said where it is not that. */
export interface UserFile {
  /** As they called it. */
  readonly shown: string;
  /** `the configuration file` */
  readonly what: string;
  readonly code: CopycatErrorCode;
  /** A device that never ends is not read to its end: a file of this kind has less. */
  readonly mostBytes: number;
  /** Behind "there is no such file": where one comes from. */
  readonly origin?: string;
  readonly encoding?: 'utf8' | 'latin1';
}

/** The text of a file of the user's. Throws CopycatError with `code`, in one sentence: why it cannot be read. */
export function readUserFile(
  path: string,
  { shown, what, code, mostBytes, origin, encoding = 'utf8' }: UserFile,
): string {
  const cannot = (why: string, cause?: unknown): CopycatError =>
    new CopycatError(code, `${what} ${shown} cannot be read: ${why}`, { cause });
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    // The opening of a pipe into which nobody writes would be waited for without a word.
    const opened = openSync(resolve(path), constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const isPipe = fstatSync(opened).isFIFO();
      const writerByMs = isPipe ? performance.now() + WRITER_WITHIN_MS : 0;
      // A pipe (check <(…)) gives what it has, and says nothing of its length.
      for (let more = -1; more !== 0 && length <= mostBytes; length += more) {
        const piece = Buffer.alloc(PIECE_BYTES);
        more = readPiece(opened, piece, length === 0 ? writerByMs : 0);
        pieces.push(piece.subarray(0, more));
      }
      if (isPipe && length === 0) throw cannot('it is a pipe, and nobody writes into it');
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    if (error instanceof CopycatError) throw error;
    const { code: errno, message } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    if (errno === 'ENOENT' || errno === 'ENOTDIR') {
      throw cannot(origin === undefined ? 'there is no such file' : `there is no such file; ${origin}`);
    }
    const known = REASONS[errno];
    throw known === undefined ? cannot(message, error) : cannot(known);
  }
  if (length > mostBytes) throw cannot(`it is larger than ${mostBytes} bytes`);
  return Buffer.concat(pieces).toString(encoding);
}

const PIECE_BYTES = 65_536;
/** Whoever is to write into a pipe may be started a little later than its reader. */
const WRITER_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 10;
const never = new Int32Array(new SharedArrayBuffer(4));

/** Its length; 0 at the end. Whoever has opened a pipe for writing is waited for, as long as it takes them; nobody, until `writerByMs`. */
function readPiece(opened: number, piece: Buffer, writerByMs: number): number {
  for (;;) {
    const length = readNow(opened, piece);
    if (length !== null && (length > 0 || performance.now() >= writerByMs)) return length;
    Atomics.wait(never, 0, 0, LOOK_EVERY_MS);
  }
}

/** Null: a pipe has nothing yet. */
function readNow(opened: number, piece: Buffer): number | null {
  try {
    return readSync(opened, piece, 0, PIECE_BYTES, null);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return null;
    throw error;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};
