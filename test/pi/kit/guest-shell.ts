import type { Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The shell on the guest's serial console (tools/pi/guest-init.sh): a line is a command, `<<0>>` ends its answer. */
export class GuestShell {
  /** All that was ever said, for whoever looks for what went wrong. */
  said = '';
  #unread = '';
  #wake: () => void = () => undefined;

  constructor(private readonly console: Socket) {
    console.setEncoding('utf8');
    console.on('data', (text: string) => {
      this.said += text;
      this.#unread += text;
      this.#wake();
    });
  }

  /** What an earlier life of the guest has said answers nothing. */
  forget(): void {
    this.#unread = '';
  }

  /** Waits for the guest to have started; after a restart of the guest again. */
  async whenReady(limitMs: number): Promise<void> {
    await this.#until(/guest: ready\n/, limitMs);
  }

  /** Runs a command to its end, whatever its exit code. */
  async ask(command: string, limitMs = 120_000): Promise<Answer> {
    if (command.includes('\n')) throw new Error('a command is one line');
    this.console.write(`${command}\n`);
    const text = await this.#until(/<<\d+>>\n/, limitMs);
    const [, body = '', status = ''] = /^([\s\S]*)<<(\d+)>>\n$/.exec(text) ?? [];
    return { status: Number(status), text: body };
  }

  /** Runs a command that must succeed; what it said. */
  async run(command: string, limitMs?: number): Promise<string> {
    const { status, text } = await this.ask(command, limitMs);
    if (status !== 0) throw new Error(`in the guest, ${command} ended with ${status}: ${text}`);
    return text;
  }

  /** Tries a command until it succeeds. */
  async until(command: string, limitMs: number): Promise<void> {
    const tries = Math.ceil(limitMs / 200);
    const loop = `tries=0; until ${command}; do [ $tries -lt ${tries} ] || break; usleep 200000; tries=$((tries + 1)); done; ${command}`;
    await this.run(loop, 2 * limitMs);
  }

  async #until(end: RegExp, limitMs: number): Promise<string> {
    const limit = setTimeout(() => this.#wake(), limitMs);
    const endsMs = performance.now() + limitMs;
    try {
      for (;;) {
        const found = end.exec(this.#unread);
        if (found !== null) {
          const upTo = found.index + found[0].length;
          const text = this.#unread.slice(0, upTo);
          this.#unread = this.#unread.slice(upTo);
          return text;
        }
        if (performance.now() >= endsMs) {
          throw new Error(`the guest did not answer in ${limitMs} ms; it said last: ${this.said.slice(-1500)}`);
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(limit);
    }
  }
}
