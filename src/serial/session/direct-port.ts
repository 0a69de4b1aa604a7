import { readSync, writeSync } from 'node:fs';
import type { SerialPort } from 'serialport';

/** What of serialport's binding for Linux is used: a descriptor that does not block, and a poller that says when it is ready. */
interface LinuxBinding {
  readonly isOpen: boolean;
  readonly fd: number | null;
  readonly poller: { once(event: 'readable' | 'writable', listener: (error: Error | null) => void): unknown };
}

export interface PortListener {
  /** Bytes in a buffer of their own. */
  heard(bytes: Uint8Array): void;
  /** The device is not there any more; once, and nothing is heard after it. */
  gone(error: Error): void;
}

/** More than the kernel keeps for a port between two readings (N_TTY: 4096). */
const READ_BYTES = 8192;
const TRY_AGAIN = ['EAGAIN', 'EWOULDBLOCK', 'EINTR'];

/**
 * Reads and writes an open port where the caller is, by its descriptor. serialport's own stream sends every read and write through a
 * thread of the pool and back, which makes a forwarder's input take half as long again (docs/performance.md); and it takes a read of nothing, the hang-up of a
 * device that is gone, for no news. The descriptor does not block: what the port does not take at once waits here, and
 * goes when the poller says so.
 */
export class DirectPort {
  readonly #chunk = Buffer.allocUnsafe(READ_BYTES);
  #unsent: Uint8Array[] = [];
  #unsentBytes = 0;
  #hasEnded = false;

  private constructor(
    private readonly binding: LinuxBinding,
    private readonly maxUnsentBytes: number,
    private readonly listener: PortListener,
  ) {
    this.#awaitBytes();
  }

  /**
   * Begins to read. Null: this system's binding is not made this way.
   * @param maxUnsentBytes what a port that takes nothing may keep waiting; more is not taken
   */
  static of(port: SerialPort, maxUnsentBytes: number, listener: PortListener): DirectPort | null {
    const binding: unknown = port.port;
    return isLinuxBinding(binding) ? new DirectPort(binding, maxUnsentBytes, listener) : null;
  }

  /**
   * What one turn of the event loop says leaves in one write. `bytes` are the port's from now on.
   * @returns false: too much is unsent already, or the port has ended; nothing of `bytes` was taken then
   */
  write(bytes: Uint8Array): boolean {
    if (this.#hasEnded || this.#unsentBytes + bytes.length > this.maxUnsentBytes) return false;
    const isFirst = this.#unsentBytes === 0;
    this.#unsent.push(bytes);
    this.#unsentBytes += bytes.length;
    if (isFirst) process.nextTick(() => this.#writeUnsent());
    return true;
  }

  /** Before the port is closed: nothing is read or written by its descriptor any more, which may soon be another file's. */
  end(): void {
    this.#hasEnded = true;
    this.#unsent = [];
    this.#unsentBytes = 0;
  }

  /** Poller and descriptor are the port's only while it is open: after that they are freed memory, and somebody else's. */
  #usable(): number | null {
    return this.#hasEnded || !this.binding.isOpen ? null : this.binding.fd;
  }

  #awaitBytes(): void {
    this.binding.poller.once('readable', (error) => {
      const fd = this.#usable();
      if (fd === null) return;
      if (error !== null) return this.#hungUp();
      this.#read(fd);
      if (this.#usable() !== null) this.#awaitBytes();
    });
  }

  #read(fd: number): void {
    let length: number;
    try {
      length = readSync(fd, this.#chunk);
    } catch (error) {
      if (!isToTryAgain(error)) this.#gone(error);
      return;
    }
    if (length === 0) this.#gone(undefined);
    else this.listener.heard(Buffer.from(this.#chunk.subarray(0, length)));
  }

  #awaitRoom(): void {
    this.binding.poller.once('writable', (error) => {
      if (this.#usable() === null) return;
      if (error !== null) return this.#hungUp();
      this.#writeUnsent();
    });
  }

  #writeUnsent(): void {
    const fd = this.#usable();
    const [first] = this.#unsent;
    if (fd === null || first === undefined) return;
    const all = this.#unsent.length === 1 ? first : Buffer.concat(this.#unsent);
    const written = this.#tryWrite(fd, all);
    if (written === null) return;
    this.#unsentBytes = all.length - written;
    this.#unsent = this.#unsentBytes > 0 ? [all.subarray(written)] : [];
    if (this.#unsentBytes > 0) this.#awaitRoom();
  }

  /** How much the port has taken, 0 while its buffer is full; null: it has ended. */
  #tryWrite(fd: number, bytes: Uint8Array): number | null {
    try {
      return writeSync(fd, bytes);
    } catch (error) {
      if (isToTryAgain(error)) return 0;
      this.#gone(error);
      return null;
    }
  }

  /** What the poller says of it is no help: libuv calls every hang-up EBADF, which reads like a mistake of ours. */
  #hungUp(): void {
    this.#gone(undefined);
  }

  /** EIO, ENXIO, ENODEV, EBADF, a read of nothing: whatever it says, no byte comes from there any more. */
  #gone(cause: unknown): void {
    this.end();
    this.listener.gone(cause instanceof Error ? cause : new Error('unplugged'));
  }
}

function isToTryAgain(error: unknown): boolean {
  return error instanceof Error && 'code' in error && TRY_AGAIN.includes(String(error.code));
}

function isLinuxBinding(binding: unknown): binding is LinuxBinding {
  return typeof binding === 'object' && binding !== null && 'fd' in binding && 'poller' in binding;
}
