import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../../clock/clock.js';
import type { ConsoleOptions } from '../console-options.js';
import { consoleSaysIn } from './console-says.js';

/** What JavaScript may take there: a console that needs more ends, and comes back. */
const HEAP_MB = 64;
/** What is short-lived is tidied away often: under eight streams and many requests that is 34 MB of memory of its own in place of 59. */
const YOUNG_MB = 1;
/** Between its end and the next start: longer each time, and short again after it has run for so long. */
const FIRST_WAIT_US = 1_000_000;
const LONGEST_WAIT_US = 60_000_000;
const SOUND_AFTER_US = 60_000_000;
/** Of what it says last before it ends, for people. */
const MOST_LAST_WORDS = 2000;

/** What is heard of it. */
export interface ConsoleNews {
  /** Again after each start. */
  readonly onListening: (address: string) => void;
  /** It cannot begin, has ended, or has met a mistake of ours. All but the last: it is started again. */
  readonly onTrouble: (trouble: string, expected: string) => void;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Keeps a console running in a process of its own, with a heap that is bounded, for as long as this one runs. Whatever becomes of it,
 * the process that has this object goes on (R32).
 */
export class ConsoleProcess {
  #child: Child | null = null;
  #waitUs = FIRST_WAIT_US;
  #cancel: (() => void) | null = null;
  #isClosed = false;

  constructor(
    private readonly options: ConsoleOptions,
    private readonly news: ConsoleNews,
    private readonly clock: Clock,
  ) {
    this.#start();
  }

  /** For tests; null: there is none at the moment. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
    this.#child?.stdin.end();
    this.#child?.kill('SIGTERM');
  }

  #start(): void {
    const main = new URL('../console-main.js', import.meta.url).pathname;
    const { NOTIFY_SOCKET: _, ...environment } = process.env;
    // A session of its own: Ctrl-C in the terminal of whoever starts it is not meant for it.
    const child = spawn(
      process.execPath,
      [`--max-old-space-size=${HEAP_MB}`, `--max-semi-space-size=${YOUNG_MB}`, main, JSON.stringify(this.options)],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: true,
        env: { ...environment, NODE_OPTIONS: '' },
      },
    );
    const startedAtUs = this.clock.nowUs();
    this.#child = child;
    let lastWords = '';
    let hasFailed = false;
    linesOf(child.stdout, (line) => {
      const said = consoleSaysIn(line);
      if (said === null) return;
      if ('listening' in said) this.news.onListening(said.listening);
      else if ('failed' in said) {
        hasFailed = true;
        this.news.onTrouble(said.failed, said.expected);
      } else this.news.onTrouble(said.mistake, '');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      lastWords = (lastWords + chunk.toString()).slice(-MOST_LAST_WORDS);
    });
    child.stdin.on('error', () => undefined); // it has ended, and that is told
    let isOver = false;
    const over = (why: string): void => {
      if (isOver) return;
      isOver = true;
      this.#child = null;
      if (this.#isClosed) return;
      if (!hasFailed) this.news.onTrouble(`the console has ended (${why})${wordsOf(lastWords)}`, '');
      if (this.clock.nowUs() - startedAtUs > SOUND_AFTER_US) this.#waitUs = FIRST_WAIT_US;
      this.#cancel = this.clock.alarm(this.clock.nowUs() + this.#waitUs, () => this.#start());
      this.#waitUs = Math.min(2 * this.#waitUs, LONGEST_WAIT_US);
    };
    child.once('error', (error) => over(error.message));
    child.once('close', (code, signal) => over(signal ?? `exit code ${code}`));
  }
}

function linesOf(stream: Readable, hear: (line: string) => void): void {
  let held = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (held + chunk.toString()).split('\n');
    held = (lines.pop() ?? '').slice(-MOST_LAST_WORDS);
    for (const line of lines) hear(line);
  });
}

function wordsOf(lastWords: string): string {
  const line = lastWords.split('\n').find((one) => /error/i.test(one));
  return line === undefined ? '' : `: ${line.trim()}`;
}
