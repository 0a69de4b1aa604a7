import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WallClock } from '../../src/clock/clock.js';
import { BoundedOutput } from '../../src/log/bounded-output.js';
import { loadOutputCalls } from '../../src/log/output-calls.js';
import { until } from '../until.js';

/** The writer is a real process, and what it writes to a real pipe or file. */

const calls = await loadOutputCalls();
const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0)) close();
});

function outputTo(descriptor: number): BoundedOutput {
  const output = new BoundedOutput({
    ...{ calls, output: descriptor, outputName: 'the test', clock: new WallClock() },
    onWriter: () => undefined,
    tellDropped: (lines) => `dropped ${lines}`,
  });
  toClose.push(() => closeSync(descriptor));
  return output;
}

/** A pipe, and what has come through it; read only when it is told to. */
class Pipe {
  readonly #path = join(mkdtempSync(join(tmpdir(), 'copycat-log-')), 'log');
  #reading = 0;
  readonly writing: number;
  #text = '';

  constructor() {
    execFileSync('mkfifo', [this.#path]);
    this.open();
    this.writing = openSync(this.#path, 'w');
    toClose.push(() => rmSync(dirname(this.#path), { recursive: true }));
  }

  open(): void {
    this.#reading = openSync(this.#path, constants.O_RDONLY | constants.O_NONBLOCK);
  }

  read(): string[] {
    const bytes = Buffer.alloc(65_536);
    for (;;) {
      try {
        const count = readSync(this.#reading, bytes);
        if (count === 0) break;
        this.#text += bytes.toString('utf8', 0, count);
      } catch {
        break; // nothing there now
      }
    }
    return this.#text.split('\n').slice(0, -1);
  }

  close(): void {
    closeSync(this.#reading);
  }
}

describe('R32: the way of the log', () => {
  it('writes lines as they are and in order, whatever is in them', async () => {
    const pipe = new Pipe();
    const output = outputTo(pipe.writing);
    const lines = [
      '{"a":"\\\\n %s ü \\t"}',
      '  spaces  ',
      '',
      'quotes \' " `x` $HOME *',
      ...Array.from({ length: 300 }, String),
    ];
    output.write(`${lines[0]}\n${lines[1]?.slice(0, 4)}`);
    output.write(`${lines[1]?.slice(4)}\n`);
    for (const line of lines.slice(2)) output.write(`${line}\n`);
    await until(() => pipe.read().length === lines.length);
    expect(pipe.read()).toEqual(lines);
    await output.close();
    expect(output.loss).toEqual({ droppedLines: 0, trouble: null });
    pipe.close();
  });

  it('a reader that stops holds nothing up: what does not fit is dropped and counted, and told in its place', async () => {
    const pipe = new Pipe();
    const output = outputTo(pipe.writing);
    const padding = 'x'.repeat(1000);
    for (let line = 0; line < 3000; line++) output.write(`${line} ${padding}\n`);
    await until(() => output.loss.trouble !== null);
    expect(output.loss.trouble).toContain('the test takes nothing');
    const { droppedLines } = output.loss;
    expect(droppedLines).toBeGreaterThan(0);
    // Each line is where it belongs: after those before it, written or told of.
    const passed = (): number => {
      let next = 0;
      for (const line of pipe.read()) {
        const [number = '', dropped = ''] = line.split(' ');
        if (number === 'dropped') next += Number(dropped);
        else expect(Number(number)).toBe(next++);
      }
      return next;
    };
    await until(() => passed() === 3000);
    await until(() => output.loss.trouble === null);
    expect(output.loss.droppedLines).toBe(droppedLines);
    await output.close();
    pipe.close();
  });

  it('every line for a reader that is gone is counted; the next reader is told, also when nobody says anything more', async () => {
    const pipe = new Pipe();
    const output = outputTo(pipe.writing);
    output.write('one\n');
    await until(() => pipe.read().length === 1);
    pipe.close();
    output.write('two\nthree\n');
    await until(() => output.loss.droppedLines === 2);
    expect(output.loss.trouble).toContain('cannot be written');
    pipe.open();
    await until(() => pipe.read().includes('dropped 2'));
    await until(() => output.loss.trouble === null);
    expect(output.loss.droppedLines).toBe(2);
    await output.close();
    pipe.close();
  });

  it('a disk that is full costs the lines of that time, each counted', async () => {
    const output = outputTo(openSync('/dev/full', 'w'));
    output.write('one\ntwo\nthree\n');
    await until(() => output.loss.droppedLines === 3);
    expect(output.loss.trouble).toContain('its disk is full');
    await output.close();
  });
});
