import type { InputConfig } from '../../config/config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { FileLocks } from '../../ledger/file-locks.js';
import { ensurePrivateFolder, userLockFolder } from '../../private-files/private-folder.js';
import { removeLeftLink } from '../../upstream/transport/pseudo-terminal/device-link.js';

const SERVED = (path: string, pid: string): string => `another gateway (process ${pid}) serves ${path}`;

/** Takes a path for this process, so that no other gateway of this user serves it, and gives what ends that. @throws CopycatError UPSTREAM_UNAVAILABLE */
export function claimPath(path: string): () => void {
  const folder = userLockFolder();
  const locks = new FileLocks(folder);
  try {
    if (folder !== null) ensurePrivateFolder(folder);
    locks.takePlace(path, SERVED);
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    throw new CopycatError('UPSTREAM_UNAVAILABLE', `cannot make a pseudo-terminal at pty:${path}: ${cause.message}`, {
      ...{ value: path, expected: 'a path of its own for each gateway, in a folder that exists', cause },
    });
  }
  return () => locks.releaseAll();
}

/** After a gateway that was killed: its links would lead to whatever terminal gets their numbers next. What another gateway serves by now stays. */
export function removeLeftLinks(inputs: readonly InputConfig[]): void {
  for (const input of inputs) {
    if (input.type !== 'pty') continue;
    try {
      const release = claimPath(input.path);
      removeLeftLink(input.path);
      release();
    } catch (error) {
      // Another one serves it, or its folder is gone: there is nothing of ours.
      if (!(error instanceof CopycatError)) throw error;
    }
  }
}
