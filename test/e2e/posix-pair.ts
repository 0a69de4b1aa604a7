import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { compiledHeater } from '../posix-heater.js';
import { removePairFolder } from '../remove-pair-folder.js';
import { holdTerminal } from './held-terminals.js';

/** A board as a process of this machine, behind a pseudo-terminal, with a RESET that can be held. */
export class PosixBoard {
  #isHeld = false;

  private constructor(
    readonly port: string,
    readonly process: ChildProcessWithoutNullStreams,
  ) {}

  static async start(program: string, unit: number): Promise<PosixBoard> {
    const child = spawn(program, { env: { ...process.env, COPYCAT_UNIT: String(unit) } });
    const lines = createInterface({ input: child.stdout });
    for await (const line of lines) {
      const port = /^tty (\S+)/.exec(line)?.[1];
      if (port === undefined) continue;
      child.stdout.resume();
      return new PosixBoard(port, child);
    }
    throw new Error('the board named no terminal');
  }

  /** As the pin would: it stands still while it is held, and begins anew when it is let go. */
  holdReset(held: boolean): void {
    if (held === this.#isHeld) return;
    this.#isHeld = held;
    if (held) {
      this.process.kill('SIGSTOP');
      return;
    }
    this.process.stdin.write('reset\n');
    this.process.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.kill();
    await ended;
  }

  /** Waits for nothing. */
  kill(): void {
    if (existsSync(this.port)) holdTerminal(this.port);
    this.process.kill('SIGKILL');
  }
}

/** The heater compiled for this machine, in a folder of its own. */
export class PosixHeater {
  readonly folder = mkdtempSync(join(tmpdir(), 'copycat-pair-'));
  readonly program = join(this.folder, 'heater');
  readonly boards: PosixBoard[] = [];

  /** `flags`: of the compiler, to leave out what a sketch may leave out. */
  constructor(flags = '') {
    copyFileSync(compiledHeater(flags), this.program);
  }

  async start(unit: number): Promise<PosixBoard> {
    const board = await PosixBoard.start(this.program, unit);
    this.boards.push(board);
    return board;
  }

  async dispose(): Promise<void> {
    for (const board of this.boards) await board.stop();
    removePairFolder(this.folder);
  }
}
