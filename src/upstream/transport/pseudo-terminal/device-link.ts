import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { foundAt } from '../../../private-files/found-at.js';

/** A stable path that leads to a device which changes. */
export class DeviceLink {
  #leadsTo: string | null = null;

  constructor(readonly path: string) {}

  /** False: it was removed, or something else is there. */
  get isInPlace(): boolean {
    return leadsTo(this.path) === this.#leadsTo;
  }

  /**
   * Leads to `device` from now on, in one step: at no instant is there nothing. Only what a gateway of this user that was killed may have left
   * is replaced: a link to a pseudo-terminal. Throws what the system says, and where anything else is there.
   */
  place(device: string): void {
    const beside = `${this.path}.${process.pid}`;
    for (const path of [this.path, beside]) {
      const found = foundAt(path);
      if (found.kind === 'other') throw new Error(`${found.words} is at ${path}, and is left alone`);
    }
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

/** Null: nowhere, or it is none. */
function leadsTo(path: string): string | null {
  const found = foundAt(path);
  return found.kind === 'terminal-link' ? found.to : null;
}
