import { Subject } from 'rxjs';
import { openError } from '../../../serial/ports/open-error.js';
import type { ByteSession } from '../../../serial/session/byte-session.js';

/** The gateway's side of a port that is no device: a session of bytes that come and go with the messages of the bench. */
export class ChannelPort {
  #isPlugged = false;
  #session: ChannelSession | null = null;

  constructor(
    private readonly path: string,
    private readonly send: (bytes: Uint8Array) => void,
  ) {}

  /** As `openByteSession` does it for a device. @throws PortError when it is unplugged, and when it is open already */
  open(): ByteSession {
    if (!this.#isPlugged) throw openError(this.path, new Error('No such file or directory'));
    if (this.#session?.isOpen === true) throw openError(this.path, new Error('Cannot lock port'));
    this.#session = new ChannelSession(this.send);
    return this.#session;
  }

  plugged(isPlugged: boolean): void {
    this.#isPlugged = isPlugged;
    if (!isPlugged) this.#session?.end('unplugged');
  }

  /** What comes while nobody has it open is lost. */
  receive(bytes: Uint8Array): void {
    this.#session?.receive(bytes);
  }
}

class ChannelSession implements ByteSession {
  readonly closed: Promise<string>;
  readonly #bytes = new Subject<Uint8Array>();
  readonly bytes = this.#bytes.asObservable();
  #resolveClosed: (reason: string) => void = () => undefined;
  isOpen = true;

  constructor(private readonly send: (bytes: Uint8Array) => void) {
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  /** The link model bounds what it holds for the board, and counts what it drops. */
  write(bytes: Uint8Array): boolean {
    if (this.isOpen) this.send(bytes);
    return this.isOpen;
  }

  receive(bytes: Uint8Array): void {
    if (this.isOpen) this.#bytes.next(bytes);
  }

  close(): void {
    this.end('closed by the gateway');
  }

  end(reason: string): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#resolveClosed(reason);
    this.#bytes.complete();
  }
}
