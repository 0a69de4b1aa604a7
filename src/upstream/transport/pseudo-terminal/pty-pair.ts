import { chmodSync, chownSync, closeSync, constants, openSync, readSync } from 'node:fs';
import type { PtyCalls } from '../../../pseudo-terminal/pty-calls.js';

/** Who may open the device; null: left as the system makes it. */
export interface DeviceAccess {
  readonly uid: number | null;
  readonly gid: number | null;
  /** 0o600 for the owner alone. */
  readonly mode: number;
}

/** More than the kernel keeps of what was said and not read. */
const AT_ONCE_BYTES = 8192;

/** Two ends of one pseudo-terminal: ours, and the device that a client opens. The client's end is never open here, so its last closing is a hang-up. */
export class PtyPair {
  private constructor(
    readonly masterFd: number,
    /** `/dev/pts/4` */
    readonly device: string,
  ) {}

  /** Makes a pair. It is raw, and has its owner and mode, before anybody can know of it. Throws what the system says. */
  static make(calls: PtyCalls, { uid, gid, mode }: DeviceAccess): PtyPair {
    const masterFd = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    try {
      const device = calls.unlock(masterFd);
      calls.makeRaw(masterFd);
      chmodSync(device, mode);
      if (uid !== null || gid !== null) chownSync(device, uid ?? -1, gid ?? -1);
      return new PtyPair(masterFd, device);
    } catch (error) {
      closeSync(masterFd);
      throw error;
    }
  }

  /** After a hang-up: what a client that has opened the device since has said already, perhaps nothing; null: nobody has it open. */
  takeOpenedAgain(): Uint8Array | null {
    const said = Buffer.alloc(AT_ONCE_BYTES);
    try {
      return said.subarray(0, readSync(this.masterFd, said));
    } catch (error) {
      if (isErrno(error, 'EAGAIN')) return said.subarray(0, 0);
      // EIO, as the system says it of a device that nobody has open.
      return null;
    }
  }

  /** Whoever has the device open sees a hang-up; the device is gone. */
  close(): void {
    closeSync(this.masterFd);
  }
}

export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
