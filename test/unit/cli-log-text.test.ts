import { describe, expect, it } from 'vitest';
import { logText } from '../../src/cli/pair/log-text.js';
import { commandName } from '../../src/cli/terminal/command-name.js';

const TIME = new Date(2026, 10, 23, 13, 37, 45).getTime();

const VIEW = { verbose: false, showFault: { command: 'copycat faults show', option: ' -c oven.yaml' } };
const SILENT = {
  level: 40,
  time: TIME,
  fault: 1,
  board: 'a',
  input: 10,
  evidence: {},
  msg: 'fault 1: silent (board a)',
};
const MOVED = { level: 30, time: TIME, fault: 1, to: 'b', proved: true, msg: 'relay-moved' };
const OPENING = { level: 30, time: TIME, board: 'a', session: 3, msg: 'opening a session' };
const TOLD = { level: 40, time: TIME, told: true, fault: 1, board: 'a', msg: 'a unplugged → b drives after 43 ms' };

function shown(lines: readonly object[], view = VIEW): (string | null)[] {
  return lines.map((line) => logText(JSON.stringify(line), view));
}

describe('the log on a terminal', () => {
  it('has one line for what a person understands, with the command that tells more', () => {
    expect(shown([SILENT, MOVED, OPENING, TOLD]).filter((text) => text !== null)).toEqual([
      '13:37:45 a unplugged → b drives after 43 ms (copycat faults show 1 -c oven.yaml)',
    ]);
  });

  it('tells the gateway’s own troubles', () => {
    const line = {
      level: 40,
      time: TIME,
      input: 'tcp://127.0.0.1:7400',
      trouble: 'EADDRINUSE',
      msg: 'nothing comes in',
    };
    expect(shown([line])).toEqual(['13:37:45 nothing comes in, input tcp://127.0.0.1:7400, trouble EADDRINUSE']);
  });

  it('has every line with all it says, if it is to be verbose', () => {
    expect(shown([SILENT, MOVED, OPENING, TOLD], { ...VIEW, verbose: true })).toEqual([
      '13:37:45 fault 1: silent (board a), input 10',
      '13:37:45 fault 1: relay moved, to b, proved true',
      '13:37:45 opening a session, board a, session 3',
      '13:37:45 a unplugged → b drives after 43 ms (copycat faults show 1 -c oven.yaml)',
    ]);
  });

  it('keeps what is no log line', () => {
    expect(logText('node: out of memory', VIEW)).toBe('node: out of memory');
    expect(logText('{"some": "json"}', VIEW)).toBe('{"some": "json"}');
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
