import { describe, expect, it } from 'vitest';
import type { BoardStatus, Status } from '../../src/control/contract/status.js';
import { ProgressWatch } from '../../src/gateway/lines/progress-watch.js';
import { statusWith } from './status-kit.js';

const SECOND_US = 1_000_000;
const LIMITS = { linkUs: 30 * SECOND_US, outUs: 300 * SECOND_US, isProbing: true };

function board(name: string, facts: Partial<BoardStatus> = {}, framesIn = 0, openAttempts = 1): BoardStatus {
  return {
    ...{ board: name, role: 'primary', joining: null, image: null, link: 'open', session: 1, behind: 0 },
    counters: { framesIn, openAttempts },
    ...facts,
  };
}

function status(boards: readonly BoardStatus[], facts: Partial<Status> = {}): Status {
  return statusWith({ boards: [...boards], ...facts });
}

/** What the watch says after 200 looks, five seconds apart. */
function saidAfter(make: (look: number) => Status, limits = LIMITS): string | null {
  const watch = new ProgressWatch(limits);
  let said: string | null = null;
  for (let look = 0; look < 200; look++) said = watch.look(make(look), look * 5 * SECOND_US);
  return said;
}

describe('which links make progress', () => {
  it('one does whose frames come and go, and one whose port is tried again and again', () => {
    const unplugged = (look: number) => board('b', { role: 'set aside', link: 'no link' }, 0, look);
    expect(saidAfter((look) => status([board('a', {}, look), unplugged(look)]))).toBeNull();
    expect(saidAfter((look) => status([board('a', { link: 'no link' }, 0, look), board('b', {}, look)]))).toBeNull();
  });

  it('one does not that is open without a frame, or not tried any more', () => {
    expect(saidAfter((look) => status([board('a', {}, 7), board('b', {}, look)]))).toMatch(
      /^board a: no frame came or went for \d+ s$/,
    );
    expect(saidAfter((look) => status([board('a', {}, look), board('b', { link: 'no link' })]))).toMatch(
      /^board b: its port was not tried/,
    );
    expect(
      saidAfter((look) => status([board('a', {}, look), board('b', { role: 'set aside', link: 'no link' })])),
    ).toMatch(/^board b: its port was not tried/);
  });

  it('waits for its limit, and forgives as soon as a frame comes', () => {
    const watch = new ProgressWatch(LIMITS);
    const look = (atS: number, framesIn: number) => watch.look(status([board('a', {}, framesIn)]), atS * SECOND_US);
    expect([look(0, 1), look(30, 1), look(31, 1), look(32, 2), look(62, 2), look(63, 2)]).toEqual([
      ...[null, null, 'board a: no frame came or went for 31 s'],
      ...[null, null, 'board a: no frame came or went for 31 s'],
    ]);
  });

  it('gives a flasher of a board that is out of the pair its minutes', () => {
    const watch = new ProgressWatch(LIMITS);
    const flashed = status([board('b', { role: 'kept out', link: 'no link' })]);
    expect([0, 240, 300, 301].map((atS) => watch.look(flashed, atS * SECOND_US) === null)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it.each([
    ['a stopped pair waits for a person', status([board('a')], { phase: 'stopped' })],
    ['a board that is kept out waits', status([board('b', { role: 'kept out' })])],
    ['a board whose session is over waits', status([board('b', { link: 'closed' })])],
    ['a third copy waits for inputs', status([board('third', { role: 'third copy' })])],
  ])('%s', (_, still) => {
    expect(saidAfter(() => still)).toBeNull();
  });

  it('R16: silence is no standstill where idle boards are not probed, until an input is pending', () => {
    const limits = { ...LIMITS, isProbing: false };
    expect(saidAfter(() => status([board('a')]), limits)).toBeNull();
    const pending = { pending: 1, answered: 0, refused: 0, quarantined: [] };
    expect(saidAfter(() => status([board('a')], { inputs: pending }), limits)).toMatch(/^board a: no frame/);
  });
});
