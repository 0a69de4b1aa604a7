import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { SocketCount } from '../../world/virtual/lockstep-channel.js';

const ACCEPTED = 'net.server.socket';
/** Connections over Unix sockets are counted together, as on the other side. */
const UNIX = 0;

/** The gateway's ends of its connections, whoever has made the server: what came in, and what went out. */
export class AcceptedSockets {
  readonly #byPort = new Map<number, Socket>();
  readonly #unix = new Set<Socket>();
  #unixRead = 0;
  #unixWritten = 0;

  readonly #accepted = (message: unknown) => this.#add((message as { readonly socket: Socket }).socket);

  constructor() {
    subscribe(ACCEPTED, this.#accepted);
  }

  /** Counts no more. */
  close(): void {
    unsubscribe(ACCEPTED, this.#accepted);
  }

  /** True when everything has been read that is to be: a client that is not read on purpose (R32) is not waited for. */
  hasRead(sent: readonly SocketCount[]): boolean {
    return sent.every(({ port, bytes, isOver }) => {
      if (port === UNIX) return this.#readOverUnix >= bytes;
      const socket = this.#byPort.get(port);
      if (socket === undefined) return false;
      if (isOver) return socket.destroyed || socket.readableEnded || socket.isPaused();
      return socket.destroyed || socket.isPaused() || socket.bytesRead >= bytes;
    });
  }

  written(): readonly SocketCount[] {
    const tcp = [...this.#byPort].map(([port, { bytesWritten: bytes }]) => ({ port, bytes, isOver: false }));
    const unix = [...this.#unix].reduce((sum, socket) => sum + socket.bytesWritten, this.#unixWritten);
    return [...tcp, { port: UNIX, bytes: unix, isOver: false }];
  }

  get #readOverUnix(): number {
    return [...this.#unix].reduce((sum, socket) => sum + socket.bytesRead, this.#unixRead);
  }

  #add(socket: Socket): void {
    const { remotePort } = socket;
    if (remotePort !== undefined) {
      // A number that was free again belongs to the newer one.
      this.#byPort.set(remotePort, socket);
      return;
    }
    this.#unix.add(socket);
    socket.once('close', () => {
      this.#unix.delete(socket);
      this.#unixRead += socket.bytesRead;
      this.#unixWritten += socket.bytesWritten;
    });
  }
}
