import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  classify,
  joinsFromUs,
  leftLately,
  MOST_EXITS,
  restLeftMs,
  restsUntilMs,
  scoreAt,
  withExit,
} from '../../../src/pair/membership/fault-score.js';
import { notePermanent } from '../../../src/pair/membership/membership.js';
import type { BoardState } from '../../../src/pair/state/board-state.js';
import type { Step } from '../../../src/pair/state/pair-state.js';
import { pairTimeMsAt } from '../../../src/pair/state/pair-time.js';
import { boardOf } from '../../../src/pair/state/roles.js';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

const MINUTE_MS = 60_000;
/** A third fault within ten minutes is one too many. */
const LIMITS = { flapLimit: 2, flapWindowUs: 10 * MINUTE_MS * 1000, flapPermanent: 5 };

describe('the score', () => {
  it('R19: counts a fault once, and half of that after each half-life', () => {
    expect(scoreAt([], 5, 10)).toBe(0);
    expect([0, 10, 20, 30].map((atMs) => scoreAt([0], atMs, 10))).toEqual([1, 0.5, 0.25, 0.125]);
    expect(scoreAt([0, 10], 20, 10)).toBe(0.75);
    // A restarted gateway may be a little behind the time at which the fault was noted.
    expect(scoreAt([50], 20, 10)).toBe(1);
  });

  it('R19: is that of the recursive count, in which time without a fault decays what there was', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(gaps, (between) => {
        const halfLifeMs = 600_000;
        let recursive = 0;
        let atMs = 0;
        const exits: number[] = [];
        for (const gap of between) {
          atMs += gap;
          recursive = recursive * 2 ** (-gap / halfLifeMs) + 1;
          exits.push(atMs);
        }
        expect(scoreAt(exits, atMs, halfLifeMs)).toBeCloseTo(recursive, 9);
      }),
    );
  });

  it('R19: the third fault within the time is intermittent, whenever the others were; two are not', () => {
    const within = fc.integer({ min: 0, max: 10 * MINUTE_MS - 1 });
    fc.assert(
      fc.property(within, within, (one, other) => {
        const first = Math.min(one, other);
        const exits = [first, Math.max(one, other), 10 * MINUTE_MS - 1];
        expect(classify(LIMITS, exits, 10 * MINUTE_MS - 1)).toBe('intermittent');
        expect(classify(LIMITS, exits.slice(0, 2), Math.max(one, other))).toBe('transient');
      }),
    );
  });

  it('R19: a rest ends at the moment at which the score has come down to the limit', () => {
    const times = fc.array(fc.integer({ min: 0, max: 600_000 }), { minLength: 1, maxLength: 6 });
    let rests = 0;
    fc.assert(
      fc.property(times, (some) => {
        const exits = some.toSorted((a, b) => a - b);
        const untilMs = restsUntilMs(LIMITS, exits);
        if (untilMs === 0) {
          expect(scoreAt(exits, Math.max(...exits), 600_000)).toBeLessThanOrEqual(2);
          return;
        }
        rests++;
        expect(scoreAt(exits, untilMs, 600_000)).toBeLessThanOrEqual(2 + 1e-9);
        if (untilMs - 2 > Math.max(...exits)) expect(scoreAt(exits, untilMs - 2, 600_000)).toBeGreaterThan(2);
      }),
    );
    expect(rests).toBeGreaterThan(20);
  });

  it('R19: a board that fails every quarter of an hour is never intermittent, and permanent after two hours', () => {
    let exits: number[] = [];
    const classes: string[] = [];
    for (let n = 0; n < 10; n++) {
      exits = withExit(LIMITS, exits, n * 15 * MINUTE_MS);
      classes.push(classify(LIMITS, exits, n * 15 * MINUTE_MS));
    }
    expect(classes).toEqual([...Array(9).fill('transient'), 'permanent']);
    expect(leftLately(exits, 9 * 15 * MINUTE_MS)).toEqual({ leftTimes: 10, withinMinutes: 135 });
  });

  it('R6, R19: what is kept is bounded, in number and in time', () => {
    let exits: number[] = [];
    for (let n = 0; n < 200; n++) exits = withExit(LIMITS, exits, n);
    expect(exits).toHaveLength(MOST_EXITS);
    expect(exits.at(-1)).toBe(199);
    expect(withExit(LIMITS, exits, 241 * MINUTE_MS)).toEqual([241 * MINUTE_MS]);
    expect(withExit(LIMITS, exits, 239 * MINUTE_MS)).toHaveLength(MOST_EXITS);
  });

  it('R19, R25: at the limit a board does not rest; how lately it failed is told from its first fault on', () => {
    expect(restsUntilMs({ ...LIMITS, flapLimit: 1 }, [7])).toBe(0);
    expect(leftLately([5 * MINUTE_MS, 10 * MINUTE_MS], 20 * MINUTE_MS)).toEqual({ leftTimes: 2, withinMinutes: 15 });
  });

  it('R25: with limit 0 each fault waits for a person', () => {
    expect(classify({ ...LIMITS, flapLimit: 0 }, [7], 7)).toBe('permanent');
    expect(restsUntilMs({ ...LIMITS, flapLimit: 0 }, [7])).toBe(Number.POSITIVE_INFINITY);
  });
});

const CONFIG = { flapLimit: 2, flapWindowUs: 2_000_000, flapPermanent: 50 };

/** A pair whose backup has left it three times, and is back three times: the third time it stays out. */
function intermittent(config = CONFIG): PairHarness {
  const pair = PairHarness.started({ config });
  for (let n = 0; n < 3; n++) {
    pair.boards.b.restart();
    pair.run(100);
  }
  return pair;
}

function steps(pair: PairHarness, name: string) {
  return pair.ledger.notes.filter(({ step }) => step === name);
}

/** Runs until board b has joined, and says when. */
function joinedAtMs(pair: PairHarness): number {
  pair.runUntil(() => pair.memberStateOf('b') === 'in-sync', 10_000);
  return Math.round(pair.schedule.nowUs / 1000);
}

describe('a board that fails again and again', () => {
  it('R19, R25: twice, and it joins again at once; the third time it stays out for as long as its score says', () => {
    const pair = intermittent();
    expect([pair.memberStateOf('b'), pair.isProtected]).toEqual(['set-aside', false]);
    const [note] = steps(pair, 'intermittent');
    expect(steps(pair, 'intermittent')).toHaveLength(1);
    expect(note?.faultId).toBe(pair.ledger.faults.at(-1)?.faultId);
    expect(note?.detail).toMatchObject({ board: 'b', leftTimes: 3, withinMinutes: 1 });
    const restMs = Number(note?.detail['restMs']);
    // Just under log2(3 / 2) half-lives: the first two have faded a little.
    expect(restMs).toBeGreaterThan(1_000);
    expect(restMs).toBeLessThan(1_170);
    const exits = boardOf(pair.pair, 'b').membership.exits;
    expect(pair.ledger.boards.get('b')?.exits).toEqual(exits);
    const quietFromUs = pair.schedule.nowUs;
    const endsAtMs = Number(note?.atUs) / 1000 + restMs;
    pair.inputs(5, 10);
    pair.boards.b.restart();
    pair.cut('b');
    pair.run(1);
    pair.reconnect('b');
    pair.run(endsAtMs - pair.schedule.nowUs / 1000 - 2);
    expect(pair.sentKinds('b', quietFromUs)).toEqual([]);
    const joinedMs = joinedAtMs(pair);
    expect(joinedMs).toBeGreaterThanOrEqual(Math.floor(endsAtMs));
    expect(joinedMs).toBeLessThan(endsAtMs + 100);
    expect(pair.upstream.answers).toHaveLength(5);
    expect(steps(pair, 'joined').at(-1)?.faultId).toBe(note?.faultId);
    expectPromises(pair);
  });

  it('R19, R27: the count outlives the gateway, and so does the rest', () => {
    const pair = intermittent();
    pair.inputs(1);
    pair.run(20);
    const before = [...boardOf(pair.pair, 'b').membership.exits];
    const leftMs = restLeftMs(pair.pair, boardOf(pair.pair, 'b'), pair.schedule.nowUs) ?? 0;
    expect(leftMs).toBeGreaterThan(800);
    pair.killGateway();
    // Nothing is forgotten while the gateway is down: pair time stands still.
    pair.run(3_000);
    pair.startGateway();
    const { nowUs } = pair.schedule;
    expect(boardOf(pair.pair, 'b').membership.exits).toEqual(before);
    const stillMs = restLeftMs(pair.pair, boardOf(pair.pair, 'b'), nowUs) ?? 0;
    expect(Math.abs(stillMs - leftMs)).toBeLessThan(50);
    expect(joinsFromUs(pair.pair, boardOf(pair.pair, 'b')) - nowUs).toBe(stillMs * 1000);
    expect(joinedAtMs(pair)).toBeGreaterThanOrEqual(Math.floor(nowUs / 1000 + stillMs));
    // What came before the restart counts for what comes after it.
    pair.boards.b.restart();
    pair.run(20);
    expect(steps(pair, 'intermittent').at(-1)?.detail).toMatchObject({ leftTimes: 4 });
    expectPromises(pair);
  });

  it('R19, R25: a person lets it in before that, and nothing is held against it any more', () => {
    const pair = intermittent();
    const ref = pair.command({ command: 'rejoin', board: 'b' });
    expect(pair.commands.get(ref)).toBe('done: Board b joins now.');
    pair.run(100);
    expect(pair.isProtected).toBe(true);
    expect(pair.ledger.boards.get('b')?.exits).toEqual([]);
    for (let n = 0; n < 2; n++) {
      pair.boards.b.restart();
      pair.run(100);
    }
    expect(pair.isProtected).toBe(true);
    expect(steps(pair, 'intermittent')).toHaveLength(1);
  });

  it('R19, R25: one that fails as soon as it is back is permanent in the end, and waits for a person', () => {
    const pair = PairHarness.started({ config: { ...CONFIG, flapPermanent: 5 } });
    let exits = 0;
    while (pair.memberStateOf('b') !== 'kept-out') {
      pair.boards.b.restart();
      exits++;
      expect(exits).toBeLessThan(50);
      pair.run(20);
      pair.runUntil(() => pair.isProtected || pair.memberStateOf('b') === 'kept-out', 10_000);
    }
    // Three at once, then one after each rest of about log2(3 / 2) half-lives.
    expect(exits).toBe(6);
    const flaps = pair.ledger.faults.at(-1);
    expect(flaps).toMatchObject({ code: 'board-flaps', board: 'b', evidence: { leftTimes: 6, allowed: 5 } });
    const own = pair.ledger.faults.at(-2);
    expect(own).toMatchObject({ code: 'restarted', board: 'b' });
    const told = pair.ledger.notes.filter(({ faultId }) => faultId === own?.faultId).map(({ step }) => step);
    expect(told).toEqual(['evidence', 'set-aside', 'kept-out']);
    pair.run(60_000);
    expect(pair.memberStateOf('b')).toBe('kept-out');
    pair.command({ command: 'rejoin', board: 'b' });
    pair.run(100);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });

  it('R19: an old primary too: locked out, and back after its rest', () => {
    const pair = PairHarness.started({ config: { ...CONFIG, flapLimit: 1 } });
    pair.boards.a.restart();
    pair.run(20);
    pair.runUntil(() => pair.isProtected);
    pair.command({ command: 'switch' });
    pair.runUntil(() => pair.ledger.owner === 'a' && pair.isProtected);
    pair.run(50);
    expect(pair.ledger.boards.get('a')?.exits).toHaveLength(1);
    pair.boards.a.restart();
    pair.run(300);
    expect([pair.ledger.owner, pair.memberStateOf('a')]).toEqual(['b', 'locked-out']);
    const [note] = steps(pair, 'intermittent');
    const took = steps(pair, 'took-over').at(-1);
    expect([note?.faultId, note?.detail['board']]).toEqual([took?.faultId, 'a']);
    expect(restLeftMs(pair.pair, boardOf(pair.pair, 'a'), pair.schedule.nowUs)).toBeGreaterThan(0);
    // Whoever waits for a person has no rest that ends.
    const board = boardOf(pair.pair, 'a');
    const waiting: BoardState = { ...board, membership: { ...board.membership, state: 'kept-out' } };
    expect(restLeftMs(pair.pair, waiting, pair.schedule.nowUs)).toBeNull();
    const endsAtMs = Number(note?.atUs) / 1000 + Number(note?.detail['restMs']);
    pair.runUntil(() => pair.isProtected, 10_000);
    expect(pair.schedule.nowUs / 1000).toBeGreaterThanOrEqual(Math.floor(endsAtMs));
    expectPromises(pair);
  });

  it('R6, R19: one that is only too slow rests, and is not given up', () => {
    const pair = PairHarness.started({ config: { ...CONFIG, flapPermanent: 3, maxLag: 4, deadlineUs: 400_000 } });
    for (let n = 0; n < 6; n++) {
      pair.boards.b.slowDown(300_000);
      pair.inputs(8, 5, `slow${n}-`);
      pair.runUntil(() => pair.memberStateOf('b') !== 'in-sync');
      pair.boards.b.slowDown(0);
      pair.runUntil(() => pair.isProtected, 20_000);
      pair.run(10);
    }
    expect(new Set(pair.ledger.faultCodes())).toEqual(new Set(['backup-behind']));
    expect(pair.ledger.faults).toHaveLength(6);
    expect(steps(pair, 'intermittent').length).toBeGreaterThan(2);
    expect(pair.memberStatesOf('b')).not.toContain('kept-out');
  });

  it('R19: a board whose self-test failed waits for a person, however seldom it has failed', () => {
    const pair = PairHarness.started();
    const current: Step = { pair: pair.pair, atUs: pair.schedule.nowUs, effects: [], answers: [] };
    notePermanent(current, boardOf(pair.pair, 'b'), { flash: 'differs' });
    notePermanent(current, boardOf(pair.pair, 'b'), { flash: 'differs' });
    expect(boardOf(pair.pair, 'b').membership.state).toBe('kept-out');
    const opened = current.effects.flatMap((effect) => (effect.type === 'openFault' ? [effect.fault] : []));
    expect(opened).toMatchObject([{ code: 'self-test-failed', board: 'b', evidence: { flash: 'differs' } }]);
    expect(() => notePermanent(current, boardOf(pair.pair, 'a'), {})).toThrow('board a is the primary');
  });

  it('R25: a rest is over in pair time, which a stalled loop and a restart do not turn back', () => {
    const pair = intermittent();
    const b = boardOf(pair.pair, 'b');
    const fromUs = joinsFromUs(pair.pair, b);
    expect(restLeftMs(pair.pair, b, fromUs)).toBeNull();
    expect(restLeftMs(pair.pair, b, fromUs - 1_000)).toBe(1);
    expect(pairTimeMsAt(pair.pair.time, fromUs)).toBe(restsUntilMs(pair.config, b.membership.exits));
    pair.run(5_000);
    expect(pair.isProtected).toBe(true);
    expect(restLeftMs(pair.pair, b, pair.schedule.nowUs)).toBeNull();
  });
});
