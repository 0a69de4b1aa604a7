import { closeSync, openSync, readSync } from 'node:fs';
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
    const opened = openSync(resolve(path), 'r');
    try {
      // A pipe (check <(…)) gives what it has, and says nothing of its length.
      for (let more = -1; more !== 0 && length <= mostBytes; length += more) {
        const piece = Buffer.alloc(PIECE_BYTES);
        more = readSync(opened, piece, 0, PIECE_BYTES, null);
        pieces.push(piece.subarray(0, more));
      }
    } finally {
      closeSync(opened);
    }
  } catch (error) {
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

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};
