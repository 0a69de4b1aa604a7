import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restore } from '../../../src/pair/state/restore.js';
import { durablePart } from './fixture/durable.js';
import { PairHarness } from './fixture/pair-harness.js';
import { brokenPromises, expectPromises } from './fixture/promises.js';
import { randomRuns } from './fixture/thin-out.js';

/** At every moment at which the ledger has all that was asked of it, what it would restore is what the core has. */
function watch(pair: PairHarness): () => number {
  let compared = 0;
  pair.onSettled = () => {
    compared++;
    const restored = restore(pair.config, pair.ledger.rows(), pair.schedule.nowUs);
    expect({ atUs: pair.schedule.nowUs, ...Object(durablePart(restored)) }).toEqual({
      atUs: pair.schedule.nowUs,
      ...Object(durablePart(pair.pair)),
    });
    // R1: what is given out from now on is above all that was given out; pair time never goes backwards.
    expect(restored.seqs.nextSeq).toBeGreaterThan(Math.max(0, ...pair.ledger.journal.inputs.keys()));
    expect(restored.time.baseMs).toBeGreaterThanOrEqual(pair.pair.time.lastMs);
  };
  return () => compared;
}

const stories: Readonly<Record<string, (pair: PairHarness) => void>> = {
  'a cold start and work': (pair) => pair.inputs(8, 5),
  'work in a window, out of order': (pair) => {
    pair.boards.a.chooseNext = (queued) => queued[queued.length - 1] ?? null;
    pair.inputs(10);
  },
  'a takeover': (pair) => {
    pair.inputs(6, 5);
    pair.run(40);
    pair.boards.a.halt();
  },
  'a takeover from a primary that restarts, which comes back': (pair) => {
    pair.inputs(6, 5);
    pair.run(40);
    pair.boards.a.restart();
  },
  'a backup that fails and comes back': (pair) => {
    pair.inputs(8, 8);
    pair.run(40);
    pair.boards.b.fail('state-corrupt');
  },
  'a backup that is compared, and differs': (pair) => {
    pair.inputs(3, 8);
    pair.run(50);
    pair.boards.b.corrupt = () => 1;
    pair.inputs(2, 8, 'j');
  },
  'a switchover': (pair) => {
    pair.inputs(8, 5);
    pair.run(40);
    pair.command({ command: 'switch' });
  },
  'a switchover that comes to nothing': (pair) => {
    pair.inputs(8, 5);
    pair.run(40);
    pair.relay.stuck = true;
    pair.command({ command: 'switch' });
  },
  'poison, dropped': (pair) => {
    for (const board of Object.values(pair.boards)) {
      board.onMoment = (moment, _seq, payload) => moment === 'executing' && payload[0] === 3 && board.halt();
    }
    pair.inputs(5, 5);
    pair.runUntil(() => pair.ledger.stopped);
    pair.run(20);
    for (const board of Object.values(pair.boards)) board.restart();
    pair.command({ command: 'drop', seq: pair.seqOf('i3') });
  },
  'poison, tried again': (pair) => {
    let deadly = true;
    for (const board of Object.values(pair.boards)) {
      board.onMoment = (moment, _seq, payload) => {
        if (deadly && moment === 'executing' && payload[0] === 3) board.halt();
      };
    }
    pair.inputs(5, 5);
    pair.runUntil(() => pair.ledger.stopped);
    pair.run(20);
    deadly = false;
    for (const board of Object.values(pair.boards)) board.restart();
    pair.command({ command: 'retry', seq: pair.seqOf('i3') });
  },
  'a relay that does not follow': (pair) => {
    pair.inputs(4, 5);
    pair.run(30);
    pair.relay.stuck = true;
    pair.boards.a.restart();
  },
  'a board that flaps and is let in again': (pair) => {
    for (let n = 0; n < 4; n++) {
      pair.boards.b.restart();
      pair.run(60);
    }
    pair.command({ command: 'rejoin', board: 'b' });
  },
  'a link of the primary that comes back': (pair) => {
    pair.boards.b.halt();
    pair.inputs(6, 10);
    pair.run(120);
    pair.cut('a');
    pair.run(30);
    pair.reconnect('a');
  },
};

describe('what a start finds in the ledger', () => {
  describe.each([1, 3])('with a window of %i', (window) => {
    it.each(Object.keys(stories))('R27: is what the core had, through all of: %s', (name) => {
      for (const ledgerUs of [0, 400]) {
        const pair = PairHarness.of({ window, config: { joinComparisons: 1, probeEveryUs: 40_000 } });
        pair.ledgerUs = () => ledgerUs;
        const compared = watch(pair);
        pair.start();
        stories[name]?.(pair);
        pair.run(600);
        expect(compared()).toBeGreaterThan(30);
        expect(brokenPromises(pair)).toEqual([]);
      }
    });
  });

  it('R27: is what the core had, whatever happens when', () => {
    const board = fc.constantFrom('a' as const, 'b' as const);
    const event = fc.oneof(
      fc.record({ what: fc.constantFrom('halt', 'restart', 'fail', 'cut', 'reconnect', 'corrupt'), board }),
      fc.record({ what: fc.constantFrom('switch', 'resume', 'rejoin', 'kill'), board }),
    );
    const schedule = fc.array(fc.record({ event, afterMs: fc.integer({ min: 1, max: 80 }) }), { maxLength: 6 });
    let settled = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 3 }),
        schedule,
        (seed, window, all) => {
          const pair = PairHarness.of({ seed, window, config: { joinComparisons: seed % 3, probeEveryUs: 60_000 } });
          const compared = watch(pair);
          pair.start();
          pair.inputs(12, 15);
          for (const { event, afterMs } of all) {
            pair.run(afterMs);
            dispatch(pair, event.what, event.board);
          }
          pair.run(300);
          settled += compared();
        },
      ),
      { numRuns: randomRuns(300), seed: 4 },
    );
    expect(settled).toBeGreaterThan(randomRuns(20_000));
  });

  it('R27: the boards that it finds are asked who they are before anybody is given anything', () => {
    const pair = PairHarness.started();
    pair.inputs(3, 4);
    pair.run(9);
    pair.killGateway();
    const atUs = pair.schedule.nowUs;
    pair.startGateway();
    pair.run(100);
    expect(pair.sentKinds('a', atUs).slice(0, 2)).toEqual(['helloRequest', 'open']);
    expect(pair.sentKinds('b', atUs).slice(0, 2)).toEqual(['helloRequest', 'open']);
    expectPromises(pair);
  });
});

function dispatch(pair: PairHarness, what: string, board: 'a' | 'b'): void {
  switch (what) {
    case 'halt':
      return pair.boards[board].halt();
    case 'restart':
      return pair.boards[board].restart();
    case 'fail':
      return pair.boards[board].fail('state-corrupt');
    case 'cut':
      return pair.cut(board);
    case 'reconnect':
      return pair.reconnect(board);
    case 'corrupt': {
      let left = 1;
      pair.boards[board].corrupt = () => (left-- > 0 ? 1 : 0);
      return;
    }
    case 'kill':
      pair.killGateway();
      pair.run(3);
      return pair.startGateway();
    case 'rejoin':
      pair.command({ command: 'rejoin', board });
      return;
    case 'switch':
    case 'resume':
      pair.command({ command: what });
  }
}
