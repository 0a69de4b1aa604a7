import { readlinkSync } from 'node:fs';
import { Writable } from 'node:stream';
import type { Clock } from '../clock/clock.js';
import { BoundedOutput, type OutputLoss } from './bounded-output.js';
import { loadOutputCalls } from './output-calls.js';

export interface TakenOutput {
  readonly loss: OutputLoss;
  /** Waits a moment for what is still to be written. */
  close(): Promise<void>;
}

const STDOUT = 1;
const STDERR = 2;

export interface TakeOutputOptions {
  /** Standard output goes where it led, and not to where standard error leads: it has a reader of its own. */
  readonly keepsStdout?: boolean;
}

/**
 * R32: from now on whatever this process says, on standard output or error, leaves by a process of its own to where standard
 * error led: the log, `console.log` of a library, what Node and V8 say when they end. Whoever reads it can stop, die or have
 * a full disk, and never holds this process up.
 */
export async function takeOutput(
  clock: Clock,
  tellDropped: BoundedOutput['options']['tellDropped'],
  { keepsStdout = false }: TakeOutputOptions = {},
): Promise<TakenOutput> {
  const calls = await loadOutputCalls();
  const take = (from: number, into: readonly number[]): BoundedOutput => {
    const output = calls.duplicate(from);
    const onWriter = (descriptor: number): void => {
      for (const taken of into) calls.replace(taken, descriptor);
    };
    return new BoundedOutput({ ...{ calls, output, clock, tellDropped, onWriter }, outputName: nameOf(output) });
  };
  const stdout = keepsStdout ? take(STDOUT, [STDOUT]) : null;
  const stderr = take(STDERR, keepsStdout ? [STDERR] : [STDOUT, STDERR]);
  writeInto('stdout', stdout ?? stderr);
  writeInto('stderr', stderr);
  process.once('exit', () => {
    stdout?.flushNow();
    stderr.flushNow();
  });
  return {
    get loss() {
      return stderr.loss;
    },
    close: async () => {
      await stdout?.close();
      await stderr.close();
    },
  };
}

function writeInto(name: 'stdout' | 'stderr', output: BoundedOutput): void {
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string | Buffer, _encoding, done) => {
      output.write(String(chunk));
      done();
    },
  });
  // Node's own streams of a terminal have a descriptor of their own, and wait when they write to it.
  Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => stream });
}

/** `/dev/pts/3`, the path of a file, `pipe:[4711]`. */
function nameOf(descriptor: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return 'its reader'; // without /proc it has no name
  }
}
