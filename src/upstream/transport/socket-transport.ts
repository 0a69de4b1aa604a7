import { createServer, type Server, type Socket } from 'node:net';
import { type ListenAddress, listenAt } from '../../private-files/listen-at.js';
import { AllowedAddresses } from './allowed-addresses.js';
import type { Door, Transport } from './transport.js';

/** A client that has vanished without a word is noticed after about so long. */
const KEEP_ALIVE_MS = 30_000;

export interface SocketTransportOptions {
  readonly address: ListenAddress;
  /** Who may connect: addresses and networks; empty: everybody who can reach it. */
  readonly allow?: readonly string[];
}

/** Clients over TCP or a Unix socket. */
export class SocketTransport implements Transport {
  readonly #server: Server;
  readonly #allowed: AllowedAddresses;
  #door: Door | null = null;

  constructor(private readonly options: SocketTransportOptions) {
    this.#allowed = new AllowedAddresses(options.allow ?? []);
    // A client may end its side after its last request, and still gets its answers.
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#connected(socket));
  }

  async open(door: Door): Promise<string> {
    this.#door = door;
    const where = await listenAt(this.#server, this.options.address);
    // Later errors are of one connection that could not be taken (too many open files): its client tries again.
    this.#server.on('error', () => door.notTaken());
    return where;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #connected(socket: Socket): void {
    if (!this.#allowed.allows(socket.remoteAddress)) {
      this.#door?.turnedAway();
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    this.#door?.came(socket);
  }
}
