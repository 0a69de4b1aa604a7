import { describe, expect, it } from 'vitest';
import { standsAs, standsWhileAsked } from '../../src/bench/stage/pair-end.js';
import type { Status } from '../../src/control/contract/status.js';

const status = (phase: Status['phase'], isProtected: boolean, behind: number) =>
  ({ phase, protected: isProtected, boards: [{ behind: 0 }, { behind }] }) as unknown as Status;

describe('how a pair stands', () => {
  it('at rest with a backup that is up to date, and while it is asked with one that is a copy behind', () => {
    const behind = status('serving', true, 1);
    expect([standsAs('protected', behind), standsWhileAsked('protected', behind)]).toEqual([false, true]);
    expect(standsAs('protected', status('serving', true, 0))).toBe(true);
  });

  it('not as expected, or not yet', () => {
    for (const one of [status('serving', false, 0), status('starting', true, 0)]) {
      expect([standsAs('protected', one), standsWhileAsked('protected', one)]).toEqual([false, false]);
    }
  });

  it('for good when it has stopped', () => {
    const stopped = status('stopped', false, 3);
    expect([standsAs('protected', stopped), standsWhileAsked('protected', stopped)]).toEqual([true, true]);
  });
});
