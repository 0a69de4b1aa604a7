import { chmodSync, chownSync, closeSync, constants, openSync, readSync } from 'node:fs';
import type { PtyCalls } from '../../../pseudo-terminal/pty-calls.js';

/** Who may open the device; null: left as the system makes it. */
export interface DeviceAccess {
  readonly uid: number | null;
  readonly gid: number | null;
  /** 0o600 for the owner alone. */
  readonly mode: number;
}

/** What was said and not read: the kernel keeps no more of it. */
const MOST_UNREAD_BYTES = 131_072;
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

  /** After a hang-up: what was said before it and has not been read. */
  takeUnread(): { readonly said: Uint8Array; readonly isOpenAgain: boolean } {
    const pieces: Uint8Array[] = [];
    for (let bytes = 0; bytes < MOST_UNREAD_BYTES; ) {
      const piece = Buffer.alloc(AT_ONCE_BYTES);
      try {
        const count = readSync(this.masterFd, piece);
        pieces.push(piece.subarray(0, count));
        bytes += count;
      } catch (error) {
        // EIO, as the system says it of a device that nobody has open.
        return { said: Buffer.concat(pieces), isOpenAgain: isErrno(error, 'EAGAIN') };
      }
    }
    return { said: Buffer.concat(pieces), isOpenAgain: true };
  }

  /** Whoever has the device open sees a hang-up; the device is gone. */
  close(): void {
    closeSync(this.masterFd);
  }
}

export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
