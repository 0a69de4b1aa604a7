import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, readSync, writeSync } from 'node:fs';
import type { OutputCalls } from './output-calls.js';

/**
 * Writes each line that begins with the mark and a number without these, and answers with the number: `+12`, or `-12` when
 * the line could not be written. A line of somebody else (Node's own last words) is written as it is. After a line that
 * failed there may be half of it: the next begins on a line of its own. What asks a group of processes or a terminal to end
 * is not meant for it: it ends with its input, when all is written.
 */
const SCRIPT = `
trap '' INT TERM HUP QUIT PIPE TTOU TSTP XFSZ
mark=$(printf '\\001')
before=
while IFS= read -r line; do
  number= text=$line
  case $line in "$mark"*) number=\${line%%:*}; number=\${number#?}; text=\${line#*:} ;; esac
  if printf "$before%s\\n" "$text"; then sign=+ before=; else sign=- before='\\n'; fi
  if [ -n "$number" ]; then printf '%s%s\\n' "$sign" "$number" >&0; fi
done
`;
const MARK = '\u0001';

export interface LineWriterEvents {
  /** What became of a line; all before it that were not told about are written. */
  told(number: number, isWritten: boolean): void;
  /** It is gone, and takes nothing any more. */
  ended(): void;
}

/**
 * A process of its own between this one and the output: a terminal that is stopped, a pipe that nobody reads and a disk
 * that hangs can hold up that process alone (R32). Our end of the socket to it never blocks.
 */
export class LineWriter {
  readonly #ours: number;
  readonly #process: ChildProcess;
  /** Of the line that did not go out whole. */
  #unsent: Buffer = Buffer.alloc(0);
  #heard = '';
  #isOver = false;

  /** `output` is where the lines end up; it stays open here. */
  constructor(
    calls: OutputCalls,
    output: number,
    private readonly events: LineWriterEvents,
  ) {
    const [ours, theirs] = calls.socketPair();
    this.#ours = ours;
    // A session of its own: no signal of our terminal is for it, and it may write to one that stops what runs in the background.
    this.#process = spawn('/bin/sh', ['-c', SCRIPT, 'copycat-log'], {
      stdio: [theirs, output, 'ignore'],
      detached: true,
      cwd: '/',
    });
    closeSync(theirs);
    this.#process.once('error', () => this.#end());
    this.#process.once('exit', () => {
      this.listen();
      this.#end();
    });
    this.#process.unref();
  }

  get descriptor(): number {
    return this.#ours;
  }

  /** False: it takes nothing now; the line is not sent. */
  send(number: number, line: string): boolean {
    if (!this.#sendUnsent()) return false;
    this.#unsent = Buffer.from(`${MARK}${number}:${line}\n`);
    this.#sendUnsent();
    return true;
  }

  /** Tells what has become of the lines, as far as it is known now. */
  listen(): void {
    if (this.#isOver) return;
    this.#sendUnsent();
    const bytes = Buffer.alloc(4096);
    for (;;) {
      const count = this.#tried(() => readSync(this.#ours, bytes));
      if (count === null) return;
      if (count === 0) return this.#end();
      const lines = (this.#heard + bytes.toString('latin1', 0, count)).split('\n');
      this.#heard = lines.pop() ?? '';
      for (const line of lines) this.events.told(Number(line.slice(1)), line.startsWith('+'));
    }
  }

  #sendUnsent(): boolean {
    if (this.#isOver) return false;
    while (this.#unsent.length > 0) {
      const count = this.#tried(() => writeSync(this.#ours, this.#unsent));
      if (count === null) return false;
      this.#unsent = this.#unsent.subarray(count);
    }
    return true;
  }

  /** Null: not now, or never again. */
  #tried(call: () => number): number | null {
    try {
      return call();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      if (code !== 'EAGAIN') this.#end();
      return null;
    }
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    closeSync(this.#ours);
    this.events.ended();
  }
}
