import { lstatSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';

/** A stable path that leads to a device which changes. */
export class DeviceLink {
  #leadsTo: string | null = null;

  constructor(readonly path: string) {}

  /** Leads to `device` from now on, in one step: at no instant is there nothing. Throws what the system says, and where another file is there. */
  place(device: string): void {
    const found = lstatSync(this.path, { throwIfNoEntry: false });
    // A link is what a gateway that was killed has left.
    if (found !== undefined && !found.isSymbolicLink()) throw new Error('a file that is no link is there');
    const beside = `${this.path}.${process.pid}`;
    rmSync(beside, { force: true });
    symlinkSync(device, beside);
    renameSync(beside, this.path);
    this.#leadsTo = device;
  }

  /** Takes it away, unless it is somebody else's by now. */
  remove(): void {
    const found = lstatSync(this.path, { throwIfNoEntry: false });
    if (found?.isSymbolicLink() !== true || readlinkSync(this.path) !== this.#leadsTo) return;
    rmSync(this.path, { force: true });
  }
}
