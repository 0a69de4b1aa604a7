import type { SerialSession } from '../../serial/session/serial-session.js';
import type { ByteCounts } from '../world/gateway-channel.js';

interface PortAccount {
  /** Null while the port is closed. */
  session: SerialSession | null;
  /** Read and written in sessions that are over. */
  readBefore: number;
  writtenBefore: number;
  /** Sent by the board and never to be read: while the port was closed, or cut off in the middle. */
  lost: number;
  /** No tick has been told since it was opened. */
  isNew: boolean;
}

const emptyAccount = (): PortAccount => ({ session: null, readBefore: 0, writtenBefore: 0, lost: 0, isNew: false });

/** Counts what the gateway has read from and written to its two ports, over every opening of them. */
export class IoAccount {
  readonly #ports: readonly [PortAccount, PortAccount] = [emptyAccount(), emptyAccount()];

  opened(port: 0 | 1, session: SerialSession): void {
    const account = this.#ports[port];
    this.#close(account);
    account.session = session;
    account.isNew = true;
    session.closed
      .then(() => {
        if (account.session === session) this.#close(account);
      })
      // It never rejects; if it did, the port would only count as open.
      .catch(() => undefined);
  }

  hasRead(sent: ByteCounts): boolean {
    for (const port of [0, 1] as const) {
      const account = this.#ports[port];
      // Nobody reads: what boards say to a closed port is lost, and not waited for.
      if (account.session === null) account.lost = sent[port] - account.readBefore;
      // Opening throws away what has come before, and nobody knows how much that was.
      if (account.isNew) account.lost += Math.max(0, this.#missing(port, sent));
      account.isNew = false;
    }
    return this.#missing(0, sent) <= 0 && this.#missing(1, sent) <= 0;
  }

  /** Takes what is missing as lost. */
  forgive(sent: ByteCounts): void {
    for (const port of [0, 1] as const) this.#ports[port].lost += Math.max(0, this.#missing(port, sent));
  }

  written(): ByteCounts {
    const of = (port: 0 | 1): number => {
      const { session, writtenBefore } = this.#ports[port];
      return writtenBefore + (session?.counters.bytesOut ?? 0);
    };
    return [of(0), of(1)];
  }

  #missing(port: 0 | 1, sent: ByteCounts): number {
    const { session, readBefore, lost } = this.#ports[port];
    return sent[port] - lost - readBefore - (session?.counters.bytesIn ?? 0);
  }

  #close(account: PortAccount): void {
    account.readBefore += account.session?.counters.bytesIn ?? 0;
    account.writtenBefore += account.session?.counters.bytesOut ?? 0;
    account.session = null;
  }
}
