import { statSync } from 'node:fs';
import { accountName, accountText, ownUid } from './account.js';

/**
 * Why this user may not use a file that could not be used, and what to do, as sentences: `It belongs to pi (user id 1000), and
 * this is nobody (user id 65534). Run this as pi.` Null: it is this user's own, or not there; then it is for another reason.
 */
export function foreignOwnerText(path: string): string | null {
  try {
    const { uid } = statSync(path);
    if (uid === ownUid()) return null;
    const owner = accountName(uid);
    const cure = owner === null ? 'Run this as that user.' : `Run this as ${owner}.`;
    return `It belongs to ${accountText(uid)}, and this is ${accountText(ownUid())}. ${cure}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'ENOENT') return null;
    return `It is in a folder that ${accountText(ownUid())} may not look into. Run this as the user whom it belongs to.`;
  }
}
