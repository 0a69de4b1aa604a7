import type { Clock } from '../clock/clock.js';
import { LineWriter } from './line-writer.js';
import type { OutputCalls } from './output-calls.js';

/** Lines on their way: they always fit into the socket, whose least room is 16 times as much. */
const MOST_UNDER_WAY = { lines: 64, bytes: 16_384 };
/** What waits here while the writer is stuck; what comes when it is full is dropped and counted. */
const MOST_WAITING = { lines: 1000, bytes: 262_144 };
const LISTEN_EVERY_US = 50_000;
const START_AGAIN_US = 1_000_000;
/** Where lines could not be written, the line that tells so is tried so often. */
const TRY_AGAIN_US = 5_000_000;
/** A writer that says nothing for so long, while lines are on their way to it, is stuck. */
const STUCK_US = 2_000_000;
/** Longest time that a process which ends gives the writer. */
const LAST_WORDS_MS = 500;
/** A line is cut here: with its frame it fits by itself. */
const LONGEST_LINE = 8192;

/** What of the log did not get to its reader. */
export interface OutputLoss {
  readonly droppedLines: number;
  /** What keeps lines from getting there now; null: nothing. */
  readonly trouble: string | null;
}

export interface BoundedOutputOptions {
  readonly calls: OutputCalls;
  /** A descriptor of the terminal, file, pipe or socket that everything ends up in. */
  readonly output: number;
  /** For people: `/dev/pts/3`. */
  readonly outputName: string;
  readonly clock: Clock;
  /** Called with the descriptor of every new writer. */
  readonly onWriter: (descriptor: number) => void;
  /** The line that stands in the place of those that were dropped. */
  readonly tellDropped: (lines: number) => string;
}

/** A line on its way. */
interface Line {
  readonly text: string;
  readonly bytes: number;
  /** Of how many dropped lines it tells; 0: it is one that somebody wrote. */
  readonly tells: number;
}

/** R32: lines to whoever reads them, who can never hold us up. What does not go is dropped, counted and told. */
export class BoundedOutput {
  #writer: LineWriter | null = null;
  readonly #waiting: Line[] = [];
  #waitingBytes = 0;
  readonly #underWay = new Map<number, Line>();
  #underWayBytes = 0;
  #lastNumber = 0;
  #droppedLines = 0;
  /** Of these, not told yet. */
  #untold = 0;
  /** The last line that we know of could not be written. */
  #isFailing = false;
  #heardAtUs = 0;
  #rest = '';
  #cancel: (() => void) | null = null;
  #cancelTelling: (() => void) | null = null;
  #startsFromUs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: BoundedOutputOptions) {
    this.#startWriter();
  }

  get loss(): OutputLoss {
    return { droppedLines: this.#droppedLines, trouble: this.#trouble() };
  }

  /** Text with its line ends; never waits, never throws. */
  write(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
    for (const line of lines) this.#add(line.slice(0, LONGEST_LINE));
    this.#pump();
  }

  /** Waits until all is written, or the writer has had its time. */
  async close(): Promise<void> {
    for (let waited = 0; waited < LAST_WORDS_MS && !this.#isDone(); waited += 10) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      this.#pump();
    }
    this.#cancel?.();
    this.#cancelTelling?.();
  }

  /** For the last moment of a process: as `close`, while everything stands still. */
  flushNow(): void {
    const sleep = new Int32Array(new SharedArrayBuffer(4));
    for (let waited = 0; waited < LAST_WORDS_MS && !this.#isDone(); waited += 10) {
      this.#pump();
      if (!this.#isDone()) Atomics.wait(sleep, 0, 0, 10);
    }
  }

  #isDone(): boolean {
    return this.#writer === null || (this.#waiting.length === 0 && this.#underWay.size === 0);
  }

  #trouble(): string | null {
    const { outputName, clock } = this.options;
    if (this.#isFailing) return `${outputName} cannot be written: its reader is gone, or its disk is full`;
    if (this.#writer === null) return 'the process that writes it cannot be started';
    const isWaiting = this.#underWay.size > 0 && clock.nowUs() - this.#heardAtUs > STUCK_US;
    return isWaiting ? `${outputName} takes nothing: a terminal goes on after Ctrl-Q` : null;
  }

  #add(text: string): void {
    const bytes = Buffer.byteLength(text);
    if (this.#waiting.length >= MOST_WAITING.lines || this.#waitingBytes + bytes > MOST_WAITING.bytes) {
      this.#dropped(1);
      return;
    }
    this.#tellDropped();
    this.#wait({ text, bytes, tells: 0 });
  }

  /** In the place of the lines that are missing. */
  #tellDropped(): void {
    if (this.#untold === 0) return;
    const text = this.options.tellDropped(this.#untold);
    this.#wait({ text, bytes: Buffer.byteLength(text), tells: this.#untold });
    this.#untold = 0;
  }

  #wait(line: Line): void {
    this.#waiting.push(line);
    this.#waitingBytes += line.bytes;
  }

  #dropped(lines: number): void {
    this.#droppedLines += lines;
    this.#untold += lines;
  }

  #pump(): void {
    this.#writer?.listen();
    if (this.#writer === null && this.#waiting.length > 0) this.#startWriter();
    while (this.#hasRoom()) {
      const [line] = this.#waiting;
      if (line === undefined || !this.#send(line)) break;
      this.#waiting.shift();
      this.#waitingBytes -= line.bytes;
    }
    if (this.#underWay.size === 0 && this.#waiting.length === 0) return;
    const { clock } = this.options;
    this.#cancel?.();
    this.#cancel = clock.alarm(clock.nowUs() + LISTEN_EVERY_US, () => this.#pump());
  }

  #hasRoom(): boolean {
    return this.#underWay.size < MOST_UNDER_WAY.lines && this.#underWayBytes < MOST_UNDER_WAY.bytes;
  }

  #send(line: Line): boolean {
    const number = this.#lastNumber + 1;
    if (this.#writer?.send(number, line.text) !== true) return false;
    if (this.#underWay.size === 0) this.#heardAtUs = this.options.clock.nowUs();
    this.#lastNumber = number;
    this.#underWay.set(number, line);
    this.#underWayBytes += line.bytes;
    return true;
  }

  #startWriter(): void {
    const { calls, output, clock, onWriter } = this.options;
    if (clock.nowUs() < this.#startsFromUs) return;
    this.#startsFromUs = clock.nowUs() + START_AGAIN_US;
    try {
      const writer = new LineWriter(calls, output, {
        told: (number, isWritten) => this.#told(number, isWritten),
        ended: () => this.#ended(),
      });
      this.#writer = writer;
      onWriter(writer.descriptor);
    } catch {
      // No process or no descriptor is to be had now: said by `trouble`, and tried again with what is still to be written.
      this.#writer = null;
    }
  }

  #told(number: number, isWritten: boolean): void {
    this.#heardAtUs = this.options.clock.nowUs();
    this.#isFailing = !isWritten;
    for (const [under, line] of this.#underWay) {
      if (under > number) break;
      this.#underWay.delete(under);
      this.#underWayBytes -= line.bytes;
      if (under === number && !isWritten) this.#lost(line);
    }
    if (!isWritten) this.#tellLater();
    else if (this.#waiting.length === 0) this.#tellDropped();
  }

  #lost(line: Line): void {
    // What tells of dropped lines is none of them.
    if (line.tells > 0) this.#untold += line.tells;
    else this.#dropped(1);
  }

  /** Also when nobody says anything more: that lines can be written again is to be noticed. */
  #tellLater(): void {
    const { clock } = this.options;
    this.#cancelTelling ??= clock.alarm(clock.nowUs() + TRY_AGAIN_US, () => {
      this.#cancelTelling = null;
      if (this.#waiting.length === 0) this.#tellDropped();
      this.#pump();
    });
  }

  /** Nobody knows what became of the lines on their way: they count as lost. */
  #ended(): void {
    this.#writer = null;
    for (const line of this.#underWay.values()) this.#lost(line);
    this.#underWay.clear();
    this.#underWayBytes = 0;
    this.#tellLater();
  }
}
