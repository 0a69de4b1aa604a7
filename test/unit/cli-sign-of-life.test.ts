import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clearLiveLine } from '../../src/cli/terminal/live-line.js';
import { startSignOfLife, waitingFor } from '../../src/cli/terminal/sign-of-life.js';

const CLEAR = '\r\u001b[K';

class Terminal {
  readonly isTTY = true;
  columns = 40;
  written = '';
  write(text: string): boolean {
    this.written += text;
    return true;
  }
  /** What a person sees in the last line. */
  get line(): string {
    return this.written.slice(this.written.lastIndexOf(CLEAR) + CLEAR.length);
  }
}

const on = (terminal: Terminal) => terminal as unknown as NodeJS.WriteStream;

beforeEach(() => {
  vi.stubEnv('CI', '');
  vi.useFakeTimers();
});
afterEach(() => {
  clearLiveLine();
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe('while somebody waits', () => {
  it('a terminal says what is done and since when, and nothing of it is left', () => {
    const terminal = new Terminal();
    const sign = startSignOfLife('the boards', on(terminal));
    vi.advanceTimersByTime(200);
    expect(terminal.written).toBe('');
    vi.advanceTimersByTime(3000);
    expect(terminal.line).toMatch(/^ {2}\S the boards \(3 s\)$/);
    sign.say('board a: 200 inputs');
    vi.advanceTimersByTime(1000);
    expect(terminal.line).toMatch(/board a: 200 inputs \(1 s\)$/);
    sign.stop();
    expect(terminal.line).toBe('');
    const before = terminal.written;
    vi.advanceTimersByTime(1000);
    expect(terminal.written).toBe(before);
  });

  it('it fits into one line, which alone can be written over', () => {
    const terminal = new Terminal();
    const sign = startSignOfLife('', on(terminal));
    sign.sayNow('a very long account of all that is being done just now');
    expect(terminal.line.length).toBeLessThanOrEqual(terminal.columns);
    sign.stop();
  });

  it('gives way to a line of output', () => {
    const terminal = new Terminal();
    const sign = startSignOfLife('', on(terminal));
    sign.sayNow('flashing');
    clearLiveLine();
    expect(terminal.line).toBe('');
    sign.stop();
  });

  it('nothing is written where no terminal is', () => {
    const file = Object.assign(new Terminal(), { isTTY: false });
    const sign = startSignOfLife('the boards', file as unknown as NodeJS.WriteStream);
    sign.sayNow('now');
    vi.advanceTimersByTime(5000);
    sign.stop();
    expect(file.written).toBe('');
  });

  it('it ends with what was waited for, also where that fails', async () => {
    await expect(waitingFor('x', () => Promise.reject(new Error('it failed')))).rejects.toThrow('it failed');
    expect(vi.getTimerCount()).toBe(0);
    expect(await waitingFor('x', () => Promise.resolve(7))).toBe(7);
  });
});
