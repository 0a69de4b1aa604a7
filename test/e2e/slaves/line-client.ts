import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A client that sends lines and waits for lines, without an own time-out of its own: the test's is enough. */
export class LineClient {
  readonly lines: string[] = [];
  #rest = '';
  readonly #waiting: { readonly wanted: (line: string) => boolean; readonly take: (line: string) => void }[] = [];

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('error', () => undefined); // its gateway has gone: what was waited for never comes
    socket.on('data', (text: string) => {
      this.#rest += text;
      const lines = this.#rest.split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#hear(line.replace(/\r$/, ''));
    });
  }

  static async connect(port: number): Promise<LineClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new LineClient(socket);
  }

  send(line: string): void {
    this.socket.write(`${line}\n`);
  }

  /** The first line from now on that is wanted, or one that has come and nobody has taken. */
  line(wanted: (line: string) => boolean = () => true): Promise<string> {
    const index = this.lines.findIndex(wanted);
    const [come] = index < 0 ? [] : this.lines.splice(index, 1);
    if (come !== undefined) return Promise.resolve(come);
    return new Promise((take) => {
      this.#waiting.push({ wanted, take });
    });
  }

  end(): void {
    this.socket.destroy();
  }

  #hear(line: string): void {
    const index = this.#waiting.findIndex(({ wanted }) => wanted(line));
    const [first] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (first === undefined) this.lines.push(line);
    else first.take(line);
  }
}
