import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { accountText, ownUid } from '../../../private-files/account.js';
import { foundAt } from '../../../private-files/found-at.js';

/** A stable path that leads to a device which changes. */
export class DeviceLink {
  #leadsTo: string | null = null;

  constructor(readonly path: string) {}

  /** False: it was removed, or something else is there. */
  get isInPlace(): boolean {
    return foundAt(this.path)?.terminal === this.#leadsTo;
  }

  /**
   * Leads to `device` from now on, in one step: at no instant is there nothing. Only what a gateway of this user that was killed may have left
   * is replaced: a link to a pseudo-terminal. Throws what the system says, and where anything else is there.
   */
  place(device: string): void {
    const beside = `${this.path}.${process.pid}`;
    for (const path of [this.path, beside]) refuseOther(path);
    rmSync(beside, { force: true });
    symlinkSync(device, beside);
    renameSync(beside, this.path);
    this.#leadsTo = device;
  }

  /** Takes it away, unless it is somebody else's by now. */
  remove(): void {
    if (this.#leadsTo !== null && this.isInPlace) rmSync(this.path, { force: true });
  }
}

function refuseOther(path: string): void {
  const found = foundAt(path);
  if (found === null) return;
  const { words, terminal, uid } = found;
  if (terminal === null) throw new Error(`${words} is at ${path}, and is left alone`);
  if (uid !== ownUid()) throw new Error(`${words}, of ${accountText(uid)}, is at ${path}, and is left alone`);
}

/** Takes away what a gateway of this user that was killed has left at `path`; anything else stays. */
export function removeLeftLink(path: string): void {
  const found = foundAt(path);
  if (found?.terminal != null && found.uid === ownUid()) rmSync(path, { force: true });
}
