import { closeSync, constants, openSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { loadPtyCalls, type PtyCalls } from '../../pseudo-terminal/pty-calls.js';
import type { HostEnd } from './host-end.js';

interface OpenPty {
  readonly masterFd: number;
  /** Held open by us: without it the master breaks with EIO whenever the gateway closes its end. */
  readonly keeperFd: number;
  readonly reader: ReadStream;
}

const isErrno = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code;

/**
 * A pseudo-terminal under a stable path: what a serial adapter is to the gateway. Unplugging closes the master, so the
 * other side sees a hang-up and the path is gone; plugging in makes a new one under the same path.
 */
export class Pty implements HostEnd {
  /** Bytes the other side wrote. */
  onData: (bytes: Uint8Array) => void = () => undefined;
  /** Some have come; `receivedBytes` counts them. */
  onReceived: () => void = () => undefined;
  /** Bytes that found no room because nobody read: a UART has no back pressure either. */
  droppedBytes = 0;
  /** Bytes that the other side will find there, since the beginning. */
  sentBytes = 0;
  /** Bytes read from the other side, since the beginning. */
  receivedBytes = 0;
  readonly #calls: PtyCalls;
  #open: OpenPty | null = null;

  private constructor(
    /** A symbolic link to the device, to be opened by the gateway. */
    readonly path: string,
    calls: PtyCalls,
  ) {
    this.#calls = calls;
  }

  /**
   * Makes a pseudo-terminal behind the link `path`; its folder must exist.
   * @throws CopycatError INTERNAL where there are no pseudo-terminals
   */
  static async create(path: string): Promise<Pty> {
    const pty = new Pty(path, await loadPtyCalls());
    pty.plug();
    return pty;
  }

  get isPlugged(): boolean {
    return this.#open !== null;
  }

  /** Makes the device appear; nothing happens if it is there. */
  plug(): void {
    if (this.#open !== null) return;
    // Node opens with O_CLOEXEC: a gateway that we fork must not hold our end, or it would never see the hang-up.
    const masterFd = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    const slavePath = this.#calls.unlock(masterFd);
    const keeperFd = openSync(slavePath, constants.O_RDWR | constants.O_NOCTTY);
    this.#calls.makeRaw(keeperFd);
    const reader = new ReadStream(masterFd);
    reader.on('data', (bytes: Uint8Array) => {
      this.receivedBytes += bytes.length;
      this.onData(bytes);
      this.onReceived();
    });
    reader.on('error', (error) => {
      // Hanging up makes the read end with EIO; anything else is ours to know.
      if (!isErrno(error, 'EIO')) throw error;
    });
    this.#open = { masterFd, keeperFd, reader };
    rmSync(this.path, { force: true });
    symlinkSync(slavePath, this.path);
  }

  /** Makes the device disappear: the other side gets a hang-up. Nothing happens if it is gone. */
  unplug(): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    rmSync(this.path, { force: true });
    closeSync(open.keeperFd);
    open.reader.destroy();
  }

  /** MachineWriter bytes to the other side, never waiting; what finds no room is dropped and counted. */
  write(bytes: Uint8Array): void {
    const open = this.#open;
    if (open === null) {
      this.droppedBytes += bytes.length;
      return;
    }
    let written = 0;
    while (written < bytes.length) {
      try {
        const taken = writeSync(open.masterFd, bytes, written);
        written += taken;
        this.sentBytes += taken;
      } catch (error) {
        if (!isErrno(error, 'EAGAIN') && !isErrno(error, 'EIO')) throw error;
        this.droppedBytes += bytes.length - written;
        return;
      }
    }
  }
}
