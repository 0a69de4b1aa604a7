import { beforeEach, describe, expect, it } from 'vitest';
import { UnresponsiveLinks } from '../../src/gateway/ports/unresponsive-links.js';
import type { BoardLink } from '../../src/link/board-link.js';
import { noCounts } from '../../src/link/link-counters.js';
import type { BoardState } from '../../src/pair/state/board-state.js';
import type { PairState } from '../../src/pair/state/pair-state.js';
import { restoredPair } from './gateway-kit.js';
import { ManualClock } from './manual-clock.js';

const SECOND_US = 1_000_000;

let clock: ManualClock;
let state: PairState;
let board: BoardState;
let counters: ReturnType<typeof noCounts>;
/** When its port was opened anew, in seconds. */
let reopened: number[];

beforeEach(() => {
  clock = new ManualClock();
  state = restoredPair(0);
  const found = state.boards.get('a');
  if (found === undefined) throw new Error('no board a');
  board = found;
  board.link.isUp = true;
  counters = noCounts();
  reopened = [];
  const link = { board: 'a', counters, reopen: () => reopened.push(clock.nowUs() / SECOND_US) };
  new UnresponsiveLinks(clock, state, [link as unknown as BoardLink]);
});

function run(seconds: number): void {
  for (let second = 0; second < seconds; second++) clock.advance(SECOND_US);
}

describe('a board that is asked who it is and says nothing', () => {
  it('gets its port opened anew, ever more seldom, for ever', () => {
    board.session.state = 'hello-requested';
    run(3600);
    const waits = reopened.map((at, index) => at - (reopened[index - 1] ?? 0));
    expect(waits.slice(0, 6)).toEqual([8, 13, 25, 49, 61, 61]);
    expect(new Set(waits.slice(4))).toEqual(new Set([61]));
    expect(reopened.at(-1)).toBeGreaterThan(3500);
  });

  it.each(['framesIn', 'badCrc', 'badCobs', 'tooShort', 'overlong', 'unknownType'] as const)(
    'is left alone while it says anything at all (%s)',
    (counter) => {
      board.session.state = 'hello-requested';
      for (let second = 0; second < 600; second += 5) {
        counters[counter]++;
        run(5);
      }
      expect(reopened).toEqual([]);
    },
  );

  it('is tried soon again when it falls silent after it was heard', () => {
    board.session.state = 'hello-requested';
    run(600);
    counters.framesIn++;
    const before = reopened.length;
    run(9);
    expect(reopened.length - before).toBe(1);
  });
});

describe('a board that is out of the pair, and asked now and then', () => {
  it('gets its port opened anew all the same', () => {
    board.session.state = 'hello-requested';
    run(3);
    board.session.state = 'closed';
    run(10);
    expect(reopened).toHaveLength(1);
  });
});

describe('a board that owes no word', () => {
  it.each(['closed', 'hello-received', 'opening', 'open'] as const)(
    'keeps its port in a session that is %s',
    (session) => {
      board.session.state = session;
      run(3600);
      expect(reopened).toEqual([]);
    },
  );

  it('keeps it while the pair is stopped', () => {
    board.session.state = 'hello-requested';
    state.phase = 'stopped';
    run(3600);
    expect(reopened).toEqual([]);
  });

  it('keeps it when its link is down: it is being opened already', () => {
    board.session.state = 'hello-requested';
    board.link.isUp = false;
    run(3600);
    expect(reopened).toEqual([]);
  });
});
