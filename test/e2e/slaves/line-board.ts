import { PseudoTerminal } from '../pseudo-terminal.js';

/**
 * A board of this process that answers lines: `SET n` with `ok`, `GET` with the number and `ok`, anything else with `error: what`. Behind a
 * pseudo-terminal, with a banner when it starts.
 */
export class LineBoard {
  readonly terminal = new PseudoTerminal();
  /** What it was told to set, in order. */
  readonly sets: string[] = [];
  lines = 0;
  /** It hangs: it reads on, and does nothing. */
  isHalted = false;
  /** Told of a line before it is done. */
  onLine: (line: string) => void = () => undefined;
  #value = '0';
  #rest = '';

  constructor() {
    this.terminal.onData = (bytes) => {
      this.#rest += Buffer.from(bytes).toString('latin1');
      const lines = this.#rest.split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#line(line.replace(/\r$/, ''));
    };
  }

  get path(): string {
    return this.terminal.path;
  }

  say(text: string): void {
    this.terminal.send(Buffer.from(text, 'latin1'));
  }

  dispose(): void {
    this.terminal.unplug();
  }

  #line(line: string): void {
    this.lines++;
    this.onLine(line);
    if (this.isHalted) return;
    const set = /^SET (\d+)$/.exec(line)?.[1];
    if (set !== undefined) {
      this.sets.push(set);
      this.#value = set;
      this.say('ok\n');
    } else if (line === 'GET') this.say(`${this.#value}\nok\n`);
    else this.say('error: what\n');
  }
}
