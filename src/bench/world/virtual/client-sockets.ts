import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { SocketCount } from './lockstep-channel.js';

const CREATED = 'net.client.socket';
/** Connections over Unix sockets have no number of their own: they are counted together. */
const UNIX = 0;

interface Client {
  readonly socket: Socket;
  port: number;
  hasConnected: boolean;
  isOver: boolean;
}

/**
 * The connections that this process has made to the gateway: the client of the bench, `copycat switch`, those of a test.
 * What they send is held back until the gateway's clock stands at the moment in which it was sent, and every byte is
 * counted, so that the world's time goes on only when nothing is under way in the kernel.
 */
export class ClientSockets {
  readonly #clients = new Set<Client>();
  #unixSentBefore = 0;
  #unixReceivedBefore = 0;
  #hasLeft = false;
  /** Something was connected, or has connected. */
  onChange: () => void = () => undefined;
  readonly #created = (message: unknown) => this.#add((message as { readonly socket: Socket }).socket);

  /** A gateway begins: what was sent to the one before it is no longer counted. */
  begin(): void {
    this.end();
    subscribe(CREATED, this.#created);
  }

  end(): void {
    unsubscribe(CREATED, this.#created);
    for (const { socket } of this.#clients) if (!socket.destroyed) socket.uncork();
    this.#clients.clear();
    this.#unixSentBefore = 0;
    this.#unixReceivedBefore = 0;
    this.#hasLeft = false;
  }

  get isConnecting(): boolean {
    return this.#some(({ socket }) => socket.connecting && !socket.destroyed);
  }

  /** Something is held back, or somebody has left. */
  get hasNews(): boolean {
    return this.#hasLeft || this.#some(({ socket }) => !socket.destroyed && socket.writableLength > 0);
  }

  /** Lets go what was held back. */
  flush(): void {
    for (const { socket } of this.#clients) {
      if (socket.destroyed || socket.connecting) continue;
      socket.uncork();
      socket.cork();
    }
  }

  /** What has been sent; who has left is told once. */
  sent(): readonly SocketCount[] {
    const counts: SocketCount[] = [];
    let unixBytes = this.#unixSentBefore;
    for (const client of [...this.#clients]) {
      const { port, isOver, socket } = client;
      if (port === UNIX) unixBytes += socket.bytesWritten;
      else counts.push({ port, bytes: socket.bytesWritten, isOver });
      if (!isOver) continue;
      this.#clients.delete(client);
      if (port !== UNIX) continue;
      this.#unixSentBefore += socket.bytesWritten;
      this.#unixReceivedBefore += socket.bytesRead;
    }
    this.#hasLeft = false;
    return [...counts, { port: UNIX, bytes: unixBytes, isOver: false }];
  }

  /** True when all of this has come, as far as somebody reads it. */
  hasReceived(counts: readonly SocketCount[]): boolean {
    return counts.every(({ port, bytes }) => this.#missing(port, bytes) <= 0);
  }

  #missing(port: number, bytes: number): number {
    const reading = [...this.#clients].filter((client) => client.port === port && isReading(client.socket));
    if (reading.length === 0) return 0;
    const before = port === UNIX ? this.#unixReceivedBefore : 0;
    return bytes - reading.reduce((sum, { socket }) => sum + socket.bytesRead, before);
  }

  #some(is: (client: Client) => boolean): boolean {
    for (const client of this.#clients) if (is(client)) return true;
    return false;
  }

  #add(socket: Socket): void {
    const client: Client = { socket, port: UNIX, hasConnected: false, isOver: false };
    this.#clients.add(client);
    socket.cork();
    socket.once('connect', () => {
      client.port = socket.localPort ?? UNIX;
      client.hasConnected = true;
      this.onChange();
    });
    socket.once('close', () => {
      client.isOver = true;
      if (client.hasConnected) this.#hasLeft = true;
      else this.#clients.delete(client);
      this.onChange();
    });
    this.onChange();
  }
}

function isReading(socket: Socket): boolean {
  return !socket.destroyed && socket.readableFlowing === true;
}
