import { describe, expect, it } from 'vitest';
import type { PairConfig } from '../../../src/pair/state/pair-config.js';
import { PairHarness } from './fixture/pair-harness.js';
import { type PlainBoard, READ, type Whim, WRITE } from './fixture/plain-board.js';

type Pair = PairHarness<PlainBoard>;

function write(pair: Pair, value: number): void {
  pair.input(`w${value}`, WRITE, value);
}

function writes(...values: number[]): string[] {
  return values.map((value) => `${WRITE},${value}`);
}

/** Of the next of what begins with this code; everything else is answered. */
function once(pair: Pair, board: 'a' | 'b', whim: Whim, code = WRITE, times = 1): void {
  let left = times;
  pair.boards[board].whim = (payload) => (payload[0] === code && left-- > 0 ? whim : 'answers');
}

/** Nobody could take over from board a. */
function alone(config: Partial<PairConfig> = {}): Pair {
  const pair = PairHarness.plain(config);
  pair.cut('b');
  pair.run(20);
  return pair;
}

/** Board b is being compared: two answers have agreed, and three have to. */
function comparing(): Pair {
  const pair = PairHarness.ofPlain({ joinComparisons: 3 });
  pair.startGateway();
  pair.run(100);
  for (const ref of ['r1', 'r2']) {
    pair.input(ref, READ);
    pair.run(20);
  }
  expect(pair.memberStateOf('b')).toBe('joining');
  return pair;
}

function read(pair: Pair, ref: string): void {
  pair.input(ref, READ);
  pair.run(50);
}

describe('an answer of the board that drives is lost, and nobody could take over', () => {
  it.each(['answer-lost', 'request-lost'] as const)(
    'R14, R31: the write is in doubt, said and not redone; the board answers that it is there, and the pair goes on (%s)',
    (whim) => {
      const pair = alone();
      write(pair, 1);
      pair.run(50);
      once(pair, 'a', whim);
      write(pair, 2);
      write(pair, 3);
      pair.run(300);
      expect(pair.boards.a.written).toEqual(whim === 'answer-lost' ? writes(1, 2, 3) : writes(1, 3));
      expect(pair.upstream.refused).toEqual([{ ref: 'w2', reason: 'in-doubt' }]);
      expect(pair.answersTo('w3')).toHaveLength(1);
      expect(pair.pair.phase).toBe('serving');
      expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'input-in-doubt']);
      const evidence = { inDoubt: `${pair.seqOf('w2')}`, waitedForMs: 60, isCopy: false };
      expect(pair.ledger.faults.at(-1)).toMatchObject({ board: 'a', seq: pair.seqOf('w2'), evidence });
    },
  );

  it('R14: one that says nothing to that question either has failed', () => {
    const pair = alone();
    write(pair, 1);
    pair.runUntil(() => pair.answersTo('w1').length === 1);
    write(pair, 2);
    pair.boards.a.halt();
    pair.run(400);
    expect(pair.pair.phase).toBe('stopped');
    const silent = pair.ledger.faults.find(({ code }) => code === 'silent');
    expect(silent?.evidence).toMatchObject({ answered: 'no HELLO' });
  });

  it('R15: one that has begun anew meanwhile is not taken for the one that it was', () => {
    for (const says of [true, false]) {
      const pair = alone();
      once(pair, 'a', 'answer-lost');
      write(pair, 1);
      pair.runUntil(() => pair.pair.boards.get('a')?.session.isQuestioned === true);
      // By its banner; or its link sees it in what it answers to the question.
      if (says) pair.boards.a.restart(true);
      else pair.boards.a.say({ kind: 'failed', reason: 'restarted', detail: 0 });
      pair.run(100);
      expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'input-in-doubt', 'restarted', 'pair-stopped']);
    }
  });

  it('R31: a reading is given once more; without an answer then, too, it is given up, and the pair goes on', () => {
    const pair = alone();
    once(pair, 'a', 'answer-lost', READ, 3);
    read(pair, 'r1');
    pair.run(300);
    expect(pair.answersTo('r1')).toHaveLength(1);
    expect(pair.upstream.refused).toEqual([]);
    once(pair, 'a', 'answer-lost', READ, 6);
    read(pair, 'r2');
    pair.run(300);
    write(pair, 1);
    pair.run(50);
    expect(pair.upstream.refused).toEqual([{ ref: 'r2', reason: 'in-doubt' }]);
    expect(pair.answersTo('w1')).toHaveLength(1);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'link-degraded', 'link-degraded', 'input-in-doubt']);
  });

  it('R14: one that answers nothing else any more, time after time, has failed', () => {
    const pair = alone();
    pair.boards.a.whim = () => 'answer-lost';
    for (const value of [1, 2, 3, 4]) write(pair, value);
    pair.run(1_000);
    expect(pair.boards.a.written).toEqual(writes(1, 2, 3, 4));
    expect(pair.pair.phase).toBe('stopped');
    expect(pair.ledger.faultCodes()).toContain('silent');
    // A person who lets it go on has seen to it: it is asked again as often.
    pair.boards.a.whim = () => 'answers';
    pair.command({ command: 'resume' });
    pair.run(200);
    once(pair, 'a', 'answer-lost');
    write(pair, 6);
    write(pair, 7);
    pair.run(300);
    expect(pair.answersTo('w7')).toHaveLength(1);
    expect(pair.pair.phase).toBe('serving');
  });

  it('R16: a probe whose answer is lost stops no pair, and leaves nothing behind', () => {
    const pair = alone({ probeEveryUs: 50_000 });
    let left = 6;
    pair.boards.a.whim = ({ length }) => (length === 0 && left-- > 0 ? 'answer-lost' : 'answers');
    pair.run(800);
    write(pair, 1);
    pair.run(50);
    expect(left).toBeLessThan(0);
    expect(pair.answersTo('w1')).toHaveLength(1);
    expect(pair.pair.phase).toBe('serving');
    expect(pair.ledger.faultCodes()).not.toContain('input-in-doubt');
  });
});

describe('an answer of the board that drives is lost while the other one is being compared', () => {
  it('R25, R31: it is compared from the beginning, and not protected before it agrees', () => {
    const pair = comparing();
    once(pair, 'a', 'request-lost');
    write(pair, 1);
    pair.run(300);
    expect(pair.pair.phase).toBe('serving');
    expect(pair.boards.b.written).toEqual([]);
    // One more would have been enough.
    read(pair, 'r3');
    read(pair, 'r4');
    expect(pair.isProtected).toBe(false);
    read(pair, 'r5');
    expect(pair.isProtected).toBe(true);
    expect(pair.ledger.faultCodes()).toEqual(['input-in-doubt']);
  });

  it('R18, R31: what the one has carried out and the other one has not had is found before they count as protected', () => {
    const pair = comparing();
    once(pair, 'a', 'answer-lost');
    write(pair, 1);
    pair.run(300);
    expect(pair.boards.a.written).toEqual(writes(1));
    for (const ref of ['r3', 'r4', 'r5']) read(pair, ref);
    expect(pair.isProtected).toBe(false);
    expect(pair.ledger.owner).toBe('a');
    expect(pair.ledger.faultCodes()).toEqual(['input-in-doubt', 'joining-failed']);
  });

  it('R31: a reading without an answer puts nothing in doubt: the comparison goes on where it was', () => {
    const pair = comparing();
    once(pair, 'a', 'answer-lost', READ, 3);
    read(pair, 'r3');
    pair.run(200);
    expect(pair.isProtected).toBe(true);
    expect(pair.ledger.faultCodes()).toEqual(['link-degraded']);
  });

  it('R25, R31: so it is where the link of the board that drives is lost, and comes back', () => {
    const pair = comparing();
    once(pair, 'a', 'request-lost');
    write(pair, 1);
    pair.run(10);
    pair.cut('a');
    pair.run(20);
    pair.reconnect('a');
    pair.run(50);
    read(pair, 'r3');
    expect(pair.isProtected).toBe(false);
    expect(pair.ledger.owner).toBe('a');
    expect(pair.upstream.refused).toEqual([{ ref: 'w1', reason: 'in-doubt' }]);
  });
});

describe('an answer is lost in a takeover', () => {
  it('R22, R31: what the new primary has not answered is in doubt, and it takes over all the same', () => {
    const pair = PairHarness.plain();
    write(pair, 1);
    pair.run(50);
    once(pair, 'b', 'answer-lost');
    pair.boards.a.halt();
    write(pair, 2);
    write(pair, 3);
    pair.run(500);
    expect(pair.ledger.owner).toBe('b');
    expect(pair.pair.phase).toBe('serving');
    expect(pair.boards.b.written).toEqual(writes(1, 2, 3));
    expect(pair.upstream.refused).toEqual([{ ref: 'w2', reason: 'in-doubt' }]);
    expect(pair.answersTo('w3')).toHaveLength(1);
    expect(pair.relay.levels.at(-1)).toBe(pair.boards.b.level);
  });

  it('R10, R31: so it is with a copy of what the old one has answered: it counts as done, and is told', () => {
    const pair = PairHarness.plain();
    once(pair, 'b', 'answer-lost');
    write(pair, 1);
    pair.runUntil(() => pair.boards.b.written.length === 1);
    pair.ledgerUs = () => 100_000;
    pair.forge('a', { kind: 'failed', reason: 'memory-parity', detail: 0 });
    pair.run(800);
    expect(pair.ledger.owner).toBe('b');
    expect(pair.pair.phase).toBe('serving');
    expect(pair.boards.b.written).toEqual(writes(1));
    expect(pair.answersTo('w1')).toHaveLength(1);
    expect(pair.ledger.faults.find(({ code }) => code === 'input-in-doubt')).toMatchObject({
      board: 'b',
      evidence: { inDoubt: `${pair.seqOf('w1')}`, isCopy: true },
    });
  });

  it('R10, R31: a link that is lost, and comes back before the fence is in the ledger, costs the new primary nothing else', () => {
    const pair = PairHarness.plain();
    once(pair, 'b', 'answer-lost');
    write(pair, 1);
    pair.runUntil(() => pair.boards.b.written.length === 1);
    pair.ledgerUs = () => 100_000;
    pair.forge('a', { kind: 'failed', reason: 'memory-parity', detail: 0 });
    pair.run(10);
    pair.cut('b');
    pair.run(10);
    pair.reconnect('b');
    pair.run(800);
    expect(pair.ledger.owner).toBe('b');
    expect(pair.pair.phase).toBe('serving');
    pair.ledgerUs = () => 500;
    write(pair, 2);
    pair.run(100);
    expect(pair.boards.b.written).toEqual(writes(1, 2));
    expect(pair.answersTo('w2')).toHaveLength(1);
    expect(pair.isProtected).toBe(true);
  });

  it('R25, R31: what a board that joins had in its hands as the primary puts in doubt whether the two are the same', () => {
    const holds = { commitNeeds: 'both', ifAlone: 'hold', onMismatch: 'switch' } as const;
    const pair = PairHarness.ofPlain({ ...holds, joinComparisons: 1, maxWindow: 2 });
    for (const board of [pair.boards.a, pair.boards.b]) board.window = 2;
    pair.startGateway();
    pair.run(100);
    read(pair, 'r0');
    expect(pair.isProtected).toBe(true);
    pair.boards.a.whim = () => 'request-lost';
    pair.input('r1', READ);
    write(pair, 1);
    pair.runUntil(() => pair.ledger.owner === 'b');
    pair.boards.a.whim = () => 'answers';
    // With the reading it has joined, before the other one is given what it had in its hands.
    pair.runUntil(() => pair.boards.b.written.length === 1);
    pair.run(200);
    read(pair, 'r2');
    pair.run(200);
    // It has never carried it out, and nobody knows: not the one that has is to leave for that.
    expect(pair.boards.a.written).toEqual([]);
    expect(pair.ledger.owner).toBe('b');
    expect(pair.isProtected).toBe(false);
    expect(pair.ledger.faultCodes()).not.toContain('mismatch');
  });
});

describe('several inputs in the hands of a board that cannot tell a repeat', () => {
  it('R3, R18, R31: a reading that may have been carried out behind a write without an answer is held against nobody', () => {
    const pair = PairHarness.ofPlain({ maxWindow: 2, onMismatch: 'stop' });
    for (const board of [pair.boards.a, pair.boards.b]) board.window = 2;
    pair.start();
    let lost = 0;
    pair.boards.a.whim = ([code]) => {
      if (code === WRITE) return 'answer-lost';
      return code === READ && lost++ === 0 ? 'request-lost' : 'answers';
    };
    pair.input('r', READ);
    write(pair, 1);
    pair.runUntil(() => pair.answersTo('r').length === 1);
    expect(pair.boards.a.executions.map(({ payload }) => payload)).toEqual([...writes(1), `${READ}`]);
    pair.run(300);
    expect(pair.ledger.faultCodes()).toEqual(['link-degraded', 'silent']);
    expect(pair.ledger.owner).toBe('b');
    expect(pair.boards.b.written).toEqual(writes(1));
  });
});
