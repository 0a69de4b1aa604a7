import { closeSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { CopycatError } from '../../errors/copycat-error.js';

/** A hundred times the longest that anybody writes: a device that never ends is not read to its end. */
const MOST_BYTES = 1_048_576;

/** The text of a configuration file. Throws CONFIG_MISSING with why it cannot be read. */
export function readConfigFile(file: string): string {
  const cannot = (why: string, cause?: unknown): CopycatError =>
    new CopycatError('CONFIG_MISSING', `the configuration file ${file} cannot be read: ${why}`, { cause });
  const bytes = Buffer.alloc(MOST_BYTES + 1);
  let length = 0;
  try {
    const opened = openSync(resolve(file), 'r');
    try {
      // A pipe (check <(…)) gives what it has, and says nothing of its length.
      for (let more = -1; more !== 0 && length <= MOST_BYTES; length += more)
        more = readSync(opened, bytes, length, bytes.length - length, null);
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const known = REASONS[code];
    throw known === undefined ? cannot(message, error) : cannot(known);
  }
  if (length > MOST_BYTES) throw cannot('it is larger than any configuration');
  return bytes.toString('utf8', 0, length);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; copycat init writes one, and example.yaml is a small one',
  ENOTDIR: 'there is no such file; copycat init writes one, and example.yaml is a small one',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};
