import { describe, expect, it } from 'vitest';
import { possibleActions } from '../../../src/console/page/actions/possible.js';
import type { PageStatus } from '../../../src/console/page/net/shapes.js';
import { boardWith, statusWith } from './kit.js';

const BOTH = [boardWith('a'), boardWith('b')];
const commandsOf = (changes: Partial<PageStatus>) =>
  possibleActions(statusWith({ boards: BOTH, ...changes })).map(({ command, body, isAdvised }) => ({
    ...{ command, ...body },
    ...(isAdvised ? { isAdvised } : {}),
  }));

describe('what the page offers to have done', () => {
  it('is a switch and a test of the relay while the pair is protected', () => {
    expect(commandsOf({})).toEqual([
      { command: 'switch' },
      { command: 'relay-test', back: true },
      { command: 'identify', board: 'a' },
      { command: 'identify', board: 'b' },
    ]);
  });

  it('R32: stays where it was while nothing newer is known', () => {
    expect(commandsOf({ protected: false, isStale: true })).toEqual(commandsOf({}));
    expect(commandsOf({ protected: false }).map(({ command }) => command)).not.toContain('switch');
  });

  it('is no test of a relay that there is not', () => {
    const names = commandsOf({ relay: { kind: 'none', commanded: 'a', proved: false } }).map(({ command }) => command);
    expect(names).not.toContain('relay-test');
  });

  it('is to let a board rejoin that is out, first where the status advises it', () => {
    const boards = [boardWith('a'), boardWith('b', { role: 'kept out' })];
    const next = { text: 'see why', commands: ['faults list', 'rejoin b'] };
    expect(commandsOf({ boards, protected: false, next })[0]).toEqual({
      command: 'rejoin',
      board: 'b',
      isAdvised: true,
    });
    expect(commandsOf({ boards, protected: false })[0]).toEqual({ command: 'rejoin', board: 'b' });
  });

  it('R22: is what only a person decides, of a stopped pair', () => {
    const stopped = { phase: 'stopped', protected: false } as const;
    const inputs = { pending: 1, answered: 0, refused: 0, quarantined: [42] };
    expect(commandsOf({ ...stopped, inputs }).slice(0, 3)).toEqual([
      { command: 'resume', isAdvised: true },
      { command: 'retry', seq: 42, isAdvised: true },
      { command: 'drop', seq: 42, isAdvised: true },
    ]);
    const next = { text: 'see which is right', commands: ['faults list', 'inputs accept 7', 'resume'] };
    expect(commandsOf({ ...stopped, next })).toContainEqual({ command: 'accept', seq: 7 });
  });
});
