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

/**
 * R32: from now on whatever this process says, on standard output or error, leaves by a process of its own to where standard
 * error led: the log, `console.log` of a library, what Node and V8 say when they end. Whoever reads it can stop, die or have
 * a full disk, and never holds this process up.
 */
export async function takeOutput(
  clock: Clock,
  tellDropped: BoundedOutput['options']['tellDropped'],
): Promise<TakenOutput> {
  const calls = await loadOutputCalls();
  const output = calls.duplicate(STDERR);
  const bounded = new BoundedOutput({
    ...{ calls, output, clock, tellDropped },
    outputName: nameOf(output),
    onWriter: (descriptor) => {
      calls.replace(STDOUT, descriptor);
      calls.replace(STDERR, descriptor);
    },
  });
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = new Writable({
      decodeStrings: false,
      write: (chunk: string | Buffer, _encoding, done) => {
        bounded.write(String(chunk));
        done();
      },
    });
    // Node's own streams of a terminal have a descriptor of their own, and wait when they write to it.
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => stream });
  }
  process.once('exit', () => bounded.flushNow());
  return {
    get loss() {
      return bounded.loss;
    },
    close: () => bounded.close(),
  };
}

/** `/dev/pts/3`, the path of a file, `pipe:[4711]`. */
function nameOf(descriptor: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return 'its reader'; // without /proc it has no name
  }
}
