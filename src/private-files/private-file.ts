import { closeSync, constants, lstatSync, openSync, rmSync, type Stats, statSync, writeSync } from 'node:fs';
import { CopycatError } from '../errors/copycat-error.js';
import { accountName, accountText, ownUid } from './account.js';

const OWNER_ONLY = 0o600;

/**
 * Makes an empty file that its owner alone may read, before SQLite opens it: the files that SQLite makes beside it get the same mode.
 * Never a file that is there: opened and closed by anybody but SQLite, it would lose the locks of this process (POSIX).
 * @returns false: something has that name already
 */
export function createPrivateFile(path: string): boolean {
  try {
    // O_EXCL follows no link, and does not take what somebody else put there a moment ago.
    closeSync(
      openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | constants.O_RDWR, OWNER_ONLY),
    );
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Writes a small text anew, which nobody but this user reads. Not for a file of SQLite. */
export function writePrivateFile(path: string, text: string): void {
  rmSync(path, { force: true });
  const file = openSync(
    path,
    constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | constants.O_WRONLY,
    OWNER_ONLY,
  );
  try {
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
}

/**
 * What lies at `path`, if anything, must be a file of this user under this one name: a link that somebody planted leads to a file
 * that SQLite would write to.
 * @throws CopycatError LEDGER_UNAVAILABLE where it is not
 */
export function refuseStrangeFile(path: string): void {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return;
  const found = facts.isFile()
    ? facts.uid !== ownUid()
      ? `belongs to ${accountText(facts.uid)}, and this gateway runs as ${accountText(ownUid())}`
      : facts.nlink > 1
        ? 'is linked under another name too'
        : null
    : `is ${facts.isSymbolicLink() ? 'a link' : 'no file'}`;
  if (found === null) return;
  throw new CopycatError('LEDGER_UNAVAILABLE', `${path} ${found}: it is not used. Remove it: sudo rm ${path}`, {
    value: path,
    expected: 'a file that the user of the gateway has made',
  });
}

/**
 * The ledger's own file may be reached by links, as its user likes; but it is a file, and its owner alone runs a gateway on it: the
 * lock lies in the owner's folder, and what another user's gateway leaves beside the ledger the owner could not open any more.
 * @throws CopycatError LEDGER_UNAVAILABLE
 */
export function refuseForeignOwner(path: string): void {
  const facts = statSync(path);
  if (!facts.isFile()) throw unusable(path, `${path} is ${kindText(facts)}, not a file`, 'Name a file (ledger: path).');
  if (facts.uid === ownUid()) return;
  const me = accountName(ownUid()) ?? String(ownUid());
  const owner = accountName(facts.uid);
  const asOwner = owner === null ? '' : `Start the gateway as ${owner}, or give the file away`;
  throw unusable(
    path,
    `The ledger ${path} belongs to ${accountText(facts.uid)}, and this gateway runs as ${accountText(ownUid())}`,
    `${asOwner || 'Give the file away'}: sudo chown ${me} ${path}*`,
  );
}

function kindText(facts: Stats): string {
  return facts.isDirectory() ? 'a folder' : 'a device, a pipe or a socket';
}

function unusable(path: string, found: string, cure: string): CopycatError {
  return new CopycatError('LEDGER_UNAVAILABLE', `${found}. ${cure}`, {
    value: path,
    expected: 'a file of the user that the gateway runs as',
  });
}
