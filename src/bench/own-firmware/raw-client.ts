import { connect, type Socket } from 'node:net';

/** A connection to the gateway, of somebody who need not keep to anything. */
export class RawClient {
  /** All that has come, while it reads. */
  received: Uint8Array = new Uint8Array(0);
  closedAtUs: number | null = null;

  private constructor(
    private readonly socket: Socket,
    nowUs: () => number,
  ) {
    // That the gateway ends it is one of the things that may happen: `closedAtUs` tells.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closedAtUs = nowUs();
    });
  }

  static async connect(address: string, nowUs: () => number): Promise<RawClient> {
    const { hostname, port } = new URL(address);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RawClient(socket, nowUs);
  }

  /** From now on it takes what comes; before, it reads nothing. */
  read(): this {
    this.socket.on('data', (chunk) => {
      this.received = Buffer.concat([this.received, chunk]);
    });
    return this;
  }

  say(bytes: Uint8Array): void {
    if (this.closedAtUs === null) this.socket.write(bytes);
  }

  leave(): void {
    this.socket.destroy();
  }
}
