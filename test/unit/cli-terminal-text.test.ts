import { describe, expect, it } from 'vitest';
import { flowed } from '../../src/cli/terminal/terminal.js';

const terminal = (columns: number) => ({ isTTY: true as const, columns }) as NodeJS.WriteStream;
const pipe = {} as NodeJS.WriteStream;
const SENTENCE =
  'copycat: the configuration file nope.yaml cannot be read: there is no such file; copycat init writes one';

describe('a sentence', () => {
  it('is broken between words where a terminal is narrower than it is, and says the same', () => {
    for (const columns of [40, 60, 80]) {
      const lines = flowed(SENTENCE, terminal(columns)).split('\n');
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
      expect(lines.join(' ')).toBe(SENTENCE);
    }
  });

  it('stays one line in a pipe or a file, which a program reads, and where it fits', () => {
    expect(flowed(SENTENCE, pipe)).toBe(SENTENCE);
    expect(flowed(SENTENCE, terminal(120))).toBe(SENTENCE);
  });

  it('keeps the indent of its line', () => {
    expect(flowed('in this order:\n  · the cable: many of them only charge a telephone', terminal(40))).toBe(
      'in this order:\n  · the cable: many of them only charge\n  a telephone',
    );
  });

  it('is measured without its colours', () => {
    const bold = '\u001b[1mbold\u001b[22m';
    const text = `${bold} ${'word '.repeat(6)}end`;
    expect(flowed(text, terminal(40))).toBe(text);
  });

  it('is left alone where it is to be copied', () => {
    const command = `    sudo systemctl edit ${'x'.repeat(60)} and more words`;
    expect(flowed(command, terminal(40))).toBe(command);
  });
});
