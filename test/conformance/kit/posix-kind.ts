import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { FrameSplitter } from '../../../src/protocol/frame-splitter.js';
import type { Message } from '../../../src/protocol/messages.generated.js';
import type { BoardKind, BoardUnderTest } from './board-under-test.js';

const LINE_DESCRIPTOR = 3;
const DUTY_PIN = 9;
const TRIP_PIN = 8;
const SOURCE_PIN = 14;

/** The heater as a process in stepped time: it lives only while it is told to, so nothing here waits for a clock. */
class PosixBoard implements BoardUnderTest {
  readonly heard: Message[] = [];
  readonly #levels = new Map<number, number>();
  readonly #splitter = new FrameSplitter();
  readonly #process: ChildProcess;
  readonly #line: Duplex;
  readonly #said: string[] = [];
  #receivedBytes = 0;
  #wake: () => void = () => undefined;
  #failure: Error | null = null;

  constructor(program: string) {
    const env = { ...process.env, COPYCAT_TTY: String(LINE_DESCRIPTOR), COPYCAT_CLOCK: 'stepped' };
    this.#process = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit', 'pipe'], env });
    this.#line = this.#process.stdio[LINE_DESCRIPTOR] as Duplex; // asked for just above
    this.#line.on('data', (chunk: Buffer) => {
      this.#receivedBytes += chunk.length;
      for (const received of this.#splitter.push(chunk)) if (received.ok) this.heard.push(received.message);
      this.#wake();
    });
    const { stdout } = this.#process;
    if (stdout === null) throw new Error('the process has no standard output');
    createInterface({ input: stdout }).on('line', (line) => this.#take(line));
    this.#process.on('exit', () => {
      this.#failure = new Error('the board process ended');
      this.#wake();
    });
  }

  give(bytes: Uint8Array): void {
    this.#line.write(bytes);
  }

  async run(durationMs: number): Promise<void> {
    this.#tell(`run ${durationMs}`);
    const answer = await this.#answer((line) => line.startsWith('ran '));
    const sentBytes = Number(answer.slice('ran '.length));
    await this.#until(() => this.#receivedBytes === sentBytes);
  }

  levels(): { duty: number; trip: number } {
    return { duty: this.#levels.get(DUTY_PIN) ?? 0, trip: this.#levels.get(TRIP_PIN) ?? 0 };
  }

  async setSource(counts: number): Promise<void> {
    await this.#ask(`source ${SOURCE_PIN} ${counts}`);
  }

  async flipState(bit: number): Promise<void> {
    await this.#ask(`flip ${bit}`);
  }

  async flipDuty(bits: number): Promise<void> {
    const level = this.levels().duty ^ bits;
    await this.#ask(`pin ${DUTY_PIN} ${level}`);
    this.#levels.set(DUTY_PIN, level);
  }

  async stickRam(at: number, bit: number, value: 0 | 1): Promise<void> {
    await this.#ask(`stick ${at} ${bit} ${value}`);
  }

  async breakRegisters(): Promise<void> {
    await this.#ask('registers');
  }

  async reset(): Promise<void> {
    this.#tell('reset');
  }

  async close(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.stdin?.end();
    await ended;
  }

  #tell(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  async #ask(line: string): Promise<void> {
    this.#tell(line);
    await this.#answer((said) => said === `ok ${line}`);
  }

  #take(line: string): void {
    const output = /^output (\d+) (-?\d+)$/.exec(line);
    if (output === null) this.#said.push(line);
    else this.#levels.set(Number(output[1]), Number(output[2]));
    this.#wake();
  }

  async #answer(isAnswer: (line: string) => boolean): Promise<string> {
    let answer: string | undefined;
    await this.#until(() => {
      answer = this.#said.find(isAnswer);
      return answer !== undefined;
    });
    this.#said.length = 0;
    return answer ?? '';
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.#failure !== null) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** The portable C, compiled for this machine. */
export const posixKind = (program: string): BoardKind => ({
  name: 'the posix build',
  ramBytes: 2048,
  start: async () => new PosixBoard(program),
});
