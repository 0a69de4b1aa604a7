import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

/** How a board dies: it hangs, it restarts, or its cable is pulled out. */
type Death = 'halt' | 'restart' | 'cut';
const deaths: readonly Death[] = ['halt', 'restart', 'cut'];

function die(pair: PairHarness, how: Death): void {
  if (how === 'cut') pair.cut('a');
  else pair.boards.a[how]();
}

/** Five inputs; `place` arranges that the primary dies of the third one in its way. */
function play(window: number, how: Death, place: (pair: PairHarness, die: () => void) => void): PairHarness {
  const pair = PairHarness.started({ window });
  let dead = false;
  place(pair, () => {
    if (dead) return;
    dead = true;
    die(pair, how);
  });
  pair.inputs(5, 12);
  pair.run(500);
  expect(dead).toBe(true);
  return pair;
}

function isThird(pair: PairHarness, seq: number): boolean {
  return pair.ledger.input(seq)?.ref === 'i3';
}

/** Whatever the place: all is answered once, unmarked, and the backup has acted on everything in the primary's order. */
function expectTakenOver(pair: PairHarness): void {
  const all = ['i1', 'i2', 'i3', 'i4', 'i5'];
  expect(pair.ledger.fences).toHaveLength(1);
  expect([pair.ledger.owner, pair.relay.contact]).toEqual(['b', 'b']);
  expect(pair.upstream.answers.map(({ ref, repeat }) => [ref, repeat])).toEqual(all.map((ref) => [ref, false]));
  expect(pair.refsOf(pair.boards.b.actedSeqs)).toEqual(all);
  expectPromises(pair);
}

function commitOfThird(pair: PairHarness): { board: string; epoch: number } | null {
  const commit = pair.ledger.input(pair.seqOf('i3'))?.commit;
  return commit == null ? null : { board: commit.board, epoch: commit.epoch };
}

/** Everything that was ever asked of the ledger to commit for the third input, by board and in order. */
function grantsOfThird(pair: PairHarness): [string, boolean][] {
  const seq = pair.seqOf('i3');
  return pair.ledger.granted.filter((grant) => grant.seq === seq).map(({ board, first }) => [board, first]);
}

describe.each([1, 3])('the places where a primary can die (window %i)', (window) => {
  describe.each(deaths)('by %s', (how) => {
    it('R22: 1. before its commit: the backup executes it as the first', () => {
      const pair = play(window, how, ({ boards, ledger }, dies) => {
        boards.a.onMoment = (moment, seq) => {
          if (moment === 'executing' && ledger.input(seq)?.ref === 'i3') dies();
        };
      });
      expectTakenOver(pair);
      expect(commitOfThird(pair)).toEqual({ board: 'b', epoch: 2 });
      expect(pair.ledger.attempts).toContainEqual({ board: 'a', seq: pair.seqOf('i3') });
    });

    it('R4, R22: 2. in the middle of its result: half a result is none, though the board has executed it', () => {
      const pair = play(window, how, ({ boards, ledger, links }, dies) => {
        // The link collects a result to its end: what lacks its last part never reaches the core.
        links.a.fromBoard.loses = ({ message }) => message.kind === 'result' && ledger.input(message.seq)?.ref === 'i3';
        boards.a.onMoment = (moment, seq) => {
          if (moment === 'result-sent' && ledger.input(seq)?.ref === 'i3') dies();
        };
      });
      expectTakenOver(pair);
      expect(pair.refsOf(pair.boards.a.executions.filter(({ boot }) => boot === 1).map(({ seq }) => seq))).toContain(
        'i3',
      );
      expect(commitOfThird(pair)).toEqual({ board: 'b', epoch: 2 });
    });

    it('R7, R22: 3. after its commit, before it acts: the result is adopted, and the backup acts', () => {
      const pair = play(window, how, (pair, dies) => {
        pair.boards.a.onMoment = (moment, seq) => {
          if (moment === 'commit-arrived' && isThird(pair, seq)) dies();
        };
      });
      expectTakenOver(pair);
      expect(commitOfThird(pair)).toEqual({ board: 'a', epoch: 1 });
      // Whoever repeats what is committed does not try it for the first time.
      expect(pair.ledger.attempts.filter(({ seq }) => seq === pair.seqOf('i3'))).toEqual([]);
      expect(grantsOfThird(pair).slice(0, 2)).toEqual([
        ['a', true],
        ['b', false],
      ]);
      // A board whose cable is pulled out acts all the same: its place at the actuator ends with the relay.
      if (how !== 'cut') expect(pair.refsOf(pair.boards.a.actedSeqs)).not.toContain('i3');
    });

    it('R9, R22: 4. after it has acted, before its DONE: nothing is answered twice', () => {
      const pair = play(window, how, (pair, dies) => {
        pair.boards.a.onMoment = (moment, seq) => {
          if (moment === 'acted' && isThird(pair, seq)) dies();
        };
      });
      expectTakenOver(pair);
      expect(pair.refsOf(pair.boards.a.acted.filter(({ boot }) => boot === 1).map(({ seq }) => seq))).toContain('i3');
      expect(commitOfThird(pair)).toEqual({ board: 'a', epoch: 1 });
    });

    it('R2, R22: 5. after its DONE: the copy goes its way', () => {
      const pair = play(window, how, (pair, dies) => {
        pair.boards.a.onMoment = (moment, seq) => {
          // Its DONE leaves first.
          if (moment === 'done-sent' && isThird(pair, seq)) pair.schedule.after(2_000, dies);
        };
      });
      expectTakenOver(pair);
      expect(commitOfThird(pair)).toEqual({ board: 'a', epoch: 1 });
      // Nobody has died of it: no attempt is told.
      expect(pair.ledger.attempts).not.toContainEqual({ board: 'a', seq: pair.seqOf('i3') });
    });
  });
});

describe('the same places with the gateway killed right after', () => {
  it.each(['executing', 'result-sent', 'commit-arrived', 'acted', 'done-sent'] as const)(
    'R10, R22, R27: at %s: the start finishes it as well',
    (place) => {
      for (const how of deaths) {
        const pair = PairHarness.started({ window: 2 });
        let dead = false;
        pair.boards.a.onMoment = (moment, seq) => {
          if (dead || moment !== place || !isThird(pair, seq)) return;
          dead = true;
          pair.schedule.after(0, () => {
            die(pair, how);
            pair.killGateway();
          });
        };
        pair.inputs(5, 12);
        pair.runUntil(() => !pair.running);
        pair.run(20);
        pair.startGateway();
        pair.run(60);
        for (let n = 1; n <= 5; n++) if (pair.answersTo(`i${n}`).length === 0) pair.input(`i${n}`, n);
        pair.run(500);
        expect([place, how, pair.ledger.owner, pair.relay.contact]).toEqual([place, how, 'b', 'b']);
        for (let n = 1; n <= 5; n++) expect(pair.answersTo(`i${n}`).length).toBeGreaterThan(0);
        expectPromises(pair);
      }
    },
  );
});
