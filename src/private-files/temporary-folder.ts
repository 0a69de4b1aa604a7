import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CopycatError } from '../errors/copycat-error.js';
import { LONGEST_SOCKET_PATH } from './socket-path.js';

/** What mkdtemp puts behind a prefix. */
const RANDOM = 'XXXXXX';
const EXPECTED = 'TMPDIR to name a folder that this user may write to, such as /tmp';

/**
 * Makes a new folder of this user's own in the folder of temporary files; whoever made it removes it. `socket`: the longest name of a
 * socket that is to be in it.
 * @throws CopycatError USAGE where none can be made there, or where it would have no room for the socket's path
 */
export function makeTemporaryFolder(prefix: string, socket = ''): string {
  const folder = tmpdir();
  if (socket !== '' && Buffer.byteLength(join(folder, prefix + RANDOM, socket)) > LONGEST_SOCKET_PATH) {
    throw new CopycatError('USAGE', `the path of the folder of temporary files is too long for a socket: ${folder}`, {
      expected: EXPECTED,
    });
  }
  try {
    return mkdtempSync(join(folder, prefix));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CopycatError('USAGE', `no temporary folder can be made in ${folder}: ${message}`, { expected: EXPECTED });
  }
}
