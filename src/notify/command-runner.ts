import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../clock/clock.js';
import { type RunWanted, runEndedFrom } from './notify-messages.js';
import type { CommandEnd, CommandRun } from './run-command.js';

/** More are not asked for at a time: three kinds of telling, and tests of them. What comes beyond has failed. */
const MOST_UNDER_WAY = 8;
/** A process that was lost is started again so often at most: each start costs this thread some milliseconds. */
const START_AGAIN_US = 60_000_000;
/** A process that has not said by then what became of a command that it should have ended hangs itself. */
const GRACE_US = 10_000_000;

type Helper = ChildProcessByStdio<Writable, Readable, null>;

interface UnderWay {
  readonly end: (end: CommandEnd) => void;
  readonly cancelLimit: () => void;
}

/** Runs commands for people beside the gateway. */
export interface CommandRunner {
  /** Never blocks, never rejects, and ends in bounded time. */
  run(run: CommandRun): Promise<CommandEnd>;
  /** What is under way is let end, and nobody hears of it. */
  close(): void;
}

/**
 * The gateway's end of the process that runs commands (notify-main.ts). It is started with this object, before there are
 * boards that could wait for it, and again only when it was lost.
 */
export class CommandProcess implements CommandRunner {
  #helper: Helper | null = null;
  readonly #underWay = new Map<number, UnderWay>();
  #lastNumber = 0;
  #startsFromUs = Number.NEGATIVE_INFINITY;
  #heard = '';
  #isClosed = false;

  constructor(private readonly clock: Clock) {
    this.#start();
  }

  run(run: CommandRun): Promise<CommandEnd> {
    if (this.#isClosed) return failed('the gateway is ending');
    if (this.#underWay.size >= MOST_UNDER_WAY) return failed(`${MOST_UNDER_WAY} commands are under way already`);
    if (this.#helper === null) this.#start();
    const helper = this.#helper;
    if (helper === null) return failed('the process that runs commands is gone; it is started again within a minute');
    const number = ++this.#lastNumber;
    return new Promise((resolve) => {
      const limitUs = this.clock.nowUs() + run.timeoutMs * 1000 + GRACE_US;
      const cancelLimit = this.clock.alarm(limitUs, () => helper.kill('SIGKILL'));
      this.#underWay.set(number, { end: resolve, cancelLimit });
      const wanted: RunWanted = { number, ...run };
      // To a pipe that is never waited for; what it holds is bounded by what may be under way.
      helper.stdin.write(`${JSON.stringify(wanted)}\n`);
    });
  }

  /** Its process, for tests; null: there is none. */
  get pid(): number | null {
    return this.#helper?.pid ?? null;
  }

  close(): void {
    this.#isClosed = true;
    this.#helper?.stdin.end();
    this.#lose('the gateway ended before it was done');
  }

  #start(): void {
    if (this.clock.nowUs() < this.#startsFromUs) return;
    this.#startsFromUs = this.clock.nowUs() + START_AGAIN_US;
    // A session of its own: Ctrl-C in the gateway's terminal is not meant for it.
    const helper = spawn(process.execPath, [new URL('./notify-main.js', import.meta.url).pathname], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const gone = (): void => {
      if (this.#helper === helper) this.#lose('the process that runs commands was ended');
    };
    helper.once('error', gone);
    helper.once('exit', gone);
    helper.stdin.on('error', gone);
    helper.stdout.on('data', (chunk: Buffer) => this.#hear(chunk.toString()));
    helper.unref();
    this.#helper = helper;
    this.#heard = '';
  }

  #hear(text: string): void {
    const lines = (this.#heard + text).split('\n');
    this.#heard = lines.pop() ?? '';
    for (const line of lines) {
      const ended = runEndedFrom(line);
      if (ended !== null) this.#end(ended.number, { ok: ended.ok, why: ended.why });
    }
  }

  #end(number: number, end: CommandEnd): void {
    const underWay = this.#underWay.get(number);
    this.#underWay.delete(number);
    underWay?.cancelLimit();
    underWay?.end(end);
  }

  #lose(why: string): void {
    this.#helper = null;
    for (const number of [...this.#underWay.keys()]) this.#end(number, { ok: false, why });
  }
}

function failed(why: string): Promise<CommandEnd> {
  return Promise.resolve({ ok: false, why });
}
