import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { loadPtyCalls } from '../../src/pseudo-terminal/pty-calls.js';

const calls = await loadPtyCalls();
const CTRL_S = Buffer.from([0x13]);
const CTRL_Q = Buffer.from([0x11]);

/** A terminal as a person has it: what is typed is looked at by the kernel, Ctrl-S stops what is written to it. */
export class CookedTerminal {
  readonly #master = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  /** For the standard error of a process. */
  readonly slave: number;
  #text = '';

  constructor() {
    this.slave = openSync(calls.unlock(this.#master), constants.O_RDWR | constants.O_NOCTTY);
  }

  stop(): void {
    writeSync(this.#master, CTRL_S);
  }

  goOn(): void {
    writeSync(this.#master, CTRL_Q);
  }

  /** As a person types it. */
  type(text: string): void {
    writeSync(this.#master, text);
  }

  /** All that was shown until now. */
  read(): string {
    const bytes = Buffer.alloc(65_536);
    for (;;) {
      try {
        const count = readSync(this.#master, bytes);
        if (count === 0) break;
        this.#text += bytes.toString('utf8', 0, count);
      } catch {
        break; // nothing more for now
      }
    }
    return this.#text;
  }

  close(): void {
    closeSync(this.#master);
    closeSync(this.slave);
  }
}
