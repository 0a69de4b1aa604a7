import { describe, expect, it } from 'vitest';
import { logText } from '../../src/cli/pair/log-text.js';
import { commandName } from '../../src/cli/terminal/command-name.js';

const TIME = new Date(2026, 10, 23, 13, 37, 45).getTime();

describe('the log on a terminal', () => {
  it('tells a fault with its board and input, without the evidence', () => {
    const line = {
      level: 40,
      time: TIME,
      fault: 1,
      board: 'a',
      input: 10,
      evidence: {},
      msg: 'fault 1: silent (board a)',
    };
    expect(logText(JSON.stringify(line))).toContain('13:37:45  fault 1: silent (board a), input 10');
  });

  it('tells what followed under the number of the fault', () => {
    const line = { level: 30, time: TIME, fault: 1, to: 'b', proved: true, msg: 'relay-moved' };
    expect(logText(JSON.stringify(line))).toBe('13:37:45  fault 1: relay moved, to b, proved true');
  });

  it('leaves out what only a program wants to know, and keeps what is no log line', () => {
    expect(logText(JSON.stringify({ level: 30, time: TIME, board: 'a', msg: 'opening a session' }))).toBeNull();
    expect(logText('node: out of memory')).toBe('node: out of memory');
    expect(logText('{"some": "json"}')).toBe('{"some": "json"}');
  });
});

describe('the name by which commands are printed', () => {
  it('is npx copycat only in a clone: elsewhere that is a package of somebody else', () => {
    expect(commandName('/home/me/copycat/dist/cli/main.js', '/home/me/copycat/dist/cli/command-name.js')).toBe(
      'npx copycat',
    );
    const installed = '/home/me/x/node_modules/copycat-gateway/dist/cli/command-name.js';
    expect(commandName('/home/me/x/node_modules/.bin/copycat', installed)).toBe('npx copycat-gateway');
    expect(
      commandName('/usr/local/bin/copycat', '/usr/local/lib/node_modules/copycat-gateway/dist/cli/command-name.js'),
    ).toBe('copycat');
    // npm install -g . in a clone: the link leads out of node_modules.
    expect(commandName('/usr/local/bin/copycat', '/home/me/copycat/dist/cli/command-name.js')).toBe('copycat');
  });
});
