import { describe, expect, it } from 'vitest';
import { logText } from '../../src/cli/pair/log-text.js';
import { jsonText, printable, safeOutput } from '../../src/cli/terminal/printable.js';

const VIEW = { verbose: false, showFault: { command: 'copycat faults show', option: '' } };
const HOSTILE = 'a\u001b]0;title\u0007\u001b[2J\r\nb\u009b31m\u202ec\ud800\u2028';

describe('texts of somebody else', () => {
  it('are shown on one line and act on no terminal', () => {
    expect(printable(HOSTILE)).toBe('a\\x1b]0;title\\x07\\x1b[2J\\x0d\\x0ab\\x9b31m\\u202ec\\ud800\\u2028');
    expect(printable('Öl 😀 12 °C')).toBe('Öl 😀 12 °C');
  });

  it('are escaped in whatever is printed, and our own colours and lines are not', () => {
    expect(safeOutput('\u001b[31mred\u001b[39m\n\tnext\u001b[2J\u001b]52;c;x\u0007')).toBe(
      '\u001b[31mred\u001b[39m\n\tnext\\x1b[2J\\x1b]52;c;x\\x07',
    );
  });

  it('are the same in JSON, where nothing acts either', () => {
    const text = jsonText({ ref: HOSTILE, list: [1, '\u007f'] }, 2);
    expect(JSON.parse(text)).toEqual({ ref: HOSTILE, list: [1, '\u007f'] });
    expect(text.replaceAll('\n', '')).toMatch(/^[ -~]*$/);
  });

  it('are escaped in the log on a terminal', () => {
    const line = JSON.stringify({ level: 40, time: 0, msg: 'board', text: HOSTILE });
    expect(logText(line, VIEW)).toContain('\\x1b]0;title');
    expect(logText(`no JSON ${HOSTILE}`, VIEW)).toContain('\\x1b[2J');
  });
});
