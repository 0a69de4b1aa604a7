import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

interface Reply {
  readonly id?: number;
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
}

/** QEMU's monitor: how the machine looks from outside, whatever runs in it. */
export class Qmp {
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #last = 0;

  private constructor(private readonly socket: Socket) {
    createInterface({ input: socket }).on('line', (line) => this.#take(JSON.parse(line) as Reply));
    socket.on('error', () => undefined); // the close that follows tells everyone who waits
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('QEMU has ended'));
    });
  }

  static async open(path: string): Promise<Qmp> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const qmp = new Qmp(socket);
    await qmp.execute('qmp_capabilities');
    return qmp;
  }

  execute(command: string, given: object = {}): Promise<unknown> {
    const id = ++this.#last;
    const reply = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.socket.write(`${JSON.stringify({ execute: command, arguments: given, id })}\n`);
    return reply;
  }

  /** A word of the guest's physical memory, devices included. */
  async wordAt(address: number): Promise<number> {
    const given = { 'command-line': `xp /1wx 0x${address.toString(16)}` };
    const said = String(await this.execute('human-monitor-command', given));
    const word = /: 0x([0-9a-f]+)/.exec(said)?.[1];
    if (word === undefined) throw new Error(`QEMU's monitor said: ${said}`);
    return Number.parseInt(word, 16);
  }

  #take({ id, return: value, error }: Reply): void {
    const waiting = this.#waiting.get(id ?? 0);
    if (waiting === undefined) return; // greetings and events
    this.#waiting.delete(id ?? 0);
    if (error === undefined) waiting.resolve(value);
    else waiting.reject(new Error(error.desc));
  }
}
