import { describe, expect, it } from 'vitest';
import { type HarnessOptions, PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

const DISTURBS_US = 100_000;

const PAIRS: Readonly<Record<string, HarnessOptions>> = {
  'four inputs at a time': { window: 4 },
  'commits that need both': { window: 2, config: { commitNeeds: 'both', selfTests: true } },
  'commits that wait for both': { config: { commitNeeds: 'both', ifAlone: 'hold' } },
  'a third copy': { window: 3, config: { thirdCopy: 'c' } },
  'RESET lines': { config: { resetLines: ['a', 'b'], latchedReset: 'a', stopMeans: 'reset-both' } },
  'boards that replay': { transfersState: false },
};

/** What brings the pair there, and when it is there. */
const PLACES: Readonly<Record<string, (pair: PairHarness) => void>> = {
  serving: (pair) => pair.run(12),
  draining: (pair) => {
    pair.command({ command: 'switch' });
    pair.runUntil(() => pair.pair.phase !== 'serving');
  },
  fencing: (pair) => {
    pair.boards.a.fail('state-corrupt');
    pair.runUntil(() => pair.pair.phase === 'fencing');
  },
  'catching-up': (pair) => {
    pair.boards.a.halt();
    pair.runUntil(() => pair.ledger.owner === 'b' && pair.pair.lease.owner === 'b');
  },
  moving: (pair) => {
    pair.boards.a.halt();
    pair.runUntil(() => pair.relay.commands.length > 0);
  },
  joining: (pair) => {
    pair.boards.b.restart();
    pair.runUntil(() => pair.joinStepOf('b') !== null);
    pair.run(3);
  },
  comparing: (pair) => {
    pair.boards.b.restart();
    pair.run(1);
    // Where an answer is held, a person lets it pass first.
    for (let n = 0; n < 20 && pair.joinStepOf('b') !== 'comparing'; n++) {
      pair.command({ command: 'resume' });
      pair.run(5);
    }
    pair.runUntil(() => pair.joinStepOf('b') === 'comparing', 5_000);
  },
  'in doubt': (pair) => {
    let isWrong = true;
    pair.boards.b.corrupt = () => {
      const wrong = isWrong ? 1 : 0;
      isWrong = false;
      return wrong;
    };
    pair.run(9);
  },
};

const LOST: Readonly<Record<string, readonly ('a' | 'b')[]>> = { a: ['a'], b: ['b'], both: ['b', 'a'] };

const FATES: Readonly<Record<string, (pair: PairHarness, lost: readonly ('a' | 'b')[]) => void>> = {
  'is back in time': (pair, lost) => {
    pair.run(60);
    for (const board of lost) pair.reconnect(board);
  },
  'flaps once more': (pair, lost) => {
    pair.run(20);
    for (const board of lost) pair.reconnect(board);
    pair.run(30);
    for (const board of lost) pair.cut(board);
    pair.run(20);
    for (const board of lost) pair.reconnect(board);
  },
  'is back too late': (pair, lost) => {
    pair.run(700);
    for (const board of lost) pair.reconnect(board);
  },
  'comes back anew': (pair, lost) => {
    for (const board of lost) pair.boards[board].restart();
    pair.run(50);
    for (const board of lost) pair.reconnect(board);
  },
  'is lost for a gateway that is killed meanwhile': (pair, lost) => {
    pair.run(30);
    pair.killGateway();
    pair.run(10);
    pair.startGateway();
    pair.run(20);
    for (const board of lost) pair.reconnect(board);
  },
  'is lost for a host without power': (pair, lost) => {
    pair.run(30);
    pair.losePower(pair.ledger.journal);
    pair.startGateway();
    for (const board of lost) pair.reconnect(board);
  },
};

/** A person comes: restarts what hangs, has the pair go on, lets boards in. */
function repair(pair: PairHarness): void {
  for (let visit = 0; visit < 40 && !(pair.isProtected && pair.pair.queue.inputs.size === 0); visit++) {
    pair.run(500);
    for (const board of ['a', 'b'] as const) {
      pair.reconnect(board);
      const isHeld = pair.pair.boards.get(board)?.reset.isHeld === true;
      if (pair.boards[board].mode !== 'running' && !isHeld) pair.boards[board].restart();
      const memberState = pair.memberStateOf(board);
      if (board !== pair.ledger.owner && (memberState === 'kept-out' || isHeld))
        pair.command({ command: 'rejoin', board });
    }
    for (const { seq, quarantined } of pair.pair.queue.inputs.values()) {
      if (quarantined) pair.command({ command: 'retry', seq });
    }
    if (pair.ledger.stopped || visit > 10) pair.command({ command: 'resume' });
  }
}

/** What is wrong in the end; null: nothing. */
function play(
  options: HarnessOptions,
  reach: (pair: PairHarness) => void,
  lost: readonly ('a' | 'b')[],
  fate: (pair: PairHarness, lost: readonly ('a' | 'b')[]) => void,
): string | null {
  const config = {
    probeEveryUs: 200_000,
    maxPending: 100,
    joinComparisons: 3,
    ...options.config,
    relayDisturbsUs: DISTURBS_US,
  };
  const pair = PairHarness.started({ ...options, config });
  try {
    pair.inputs(16, 4);
    pair.runUntil(() => pair.boards.a.actedSeqs.length >= 3);
    reach(pair);
    pair.pair.relay.transient ??= { untilUs: pair.schedule.nowUs + DISTURBS_US, faultId: 1 };
    for (const board of lost) pair.cut(board);
    fate(pair, lost);
    repair(pair);
    pair.run(50);
    expectPromises(pair);
    return pair.isProtected ? null : `not protected: ${pair.pair.phase}`;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message;
  }
}

describe('a link that is lost just after the relay moved', () => {
  for (const [kind, options] of Object.entries(PAIRS)) {
    for (const [place, reach] of Object.entries(PLACES)) {
      it(`R10, R15, R27: with ${kind}, ${place}: nothing is lost and the pair is whole again`, () => {
        const wrong: string[] = [];
        for (const [who, lost] of Object.entries(LOST)) {
          for (const [what, fate] of Object.entries(FATES)) {
            // What was proposed for the one order of execution is no copy of what is committed in the other.
            if (options.config?.commitNeeds === 'both' && who === 'both' && what === 'comes back anew') continue;
            const found = play(options, reach, lost, fate);
            if (found !== null) wrong.push(`${who} ${what}: ${found}`);
          }
        }
        expect(wrong).toEqual([]);
      });
    }
  }
});
