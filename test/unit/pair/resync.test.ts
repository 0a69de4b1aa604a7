import { describe, expect, it } from 'vitest';
import type { Resync } from '../../../src/pair/result/board-wire.js';
import type { PairConfig } from '../../../src/pair/state/pair-config.js';
import { PairHarness } from './fixture/pair-harness.js';
import { HOME, PLAIN_WIRE, type PlainBoard, READ, WRITE } from './fixture/plain-board.js';

const NOT_TAKEN = 6;

const SINCE_START: Resync = {
  from: 'start',
  begins: () => false,
  beginsWith: '',
  pace: 'full',
  preamble: [],
  wasTaken: ([part]) => part?.body[0] !== 0x80 || part.body[1] !== NOT_TAKEN,
};
const SINCE_HOME: Resync = {
  ...SINCE_START,
  from: 'last-match',
  begins: ([code]) => code === HOME,
  beginsWith: '/^HOME/',
};

function pairWith(resync: Resync, config: Partial<PairConfig> = {}): PairHarness<PlainBoard> {
  return PairHarness.plain({ wire: { ...PLAIN_WIRE, resync }, probeEveryUs: 50_000, joinComparisons: 3, ...config });
}

function write(pair: PairHarness<PlainBoard>, from: number, through: number): void {
  for (let value = from; value <= through; value++) {
    pair.input(`w${value}`, WRITE, value);
    pair.run(20);
  }
}

/** What the board was given that changes anything, since it had carried out so many. */
function givenSince({ executions }: PlainBoard, before: number): string[] {
  return executions.slice(before).flatMap(({ payload }) => (payload === '' ? [] : [payload]));
}

const writes = (from: number, through: number): string[] =>
  Array.from({ length: through - from + 1 }, (_, index) => `${WRITE},${from + index}`);

function noteOf(pair: PairHarness<PlainBoard>): string | null {
  return pair.pair.boards.get('b')?.membership.joining?.note ?? null;
}

/** How the story of its leaving says that it has come back. */
function joinedAs(pair: PairHarness<PlainBoard>): unknown {
  const { notes } = pair.ledger;
  return notes.findLast(({ step }) => step === 'joined')?.detail;
}

/** It has left, and come back. */
function comesBack(pair: PairHarness<PlainBoard>): void {
  pair.runUntil(() => !pair.isProtected);
  pair.runUntil(() => pair.isProtected, 6_000);
  // Until the ledger has it.
  pair.run(10);
}

function expectTogether(pair: PairHarness<PlainBoard>): void {
  expect(pair.isProtected).toBe(true);
  expect(pair.boards.b.level).toBe(pair.boards.a.level);
  expect(pair.ledger.complaints).toEqual([]);
}

describe('boards that are given the inputs since their start', () => {
  it('R25: a board that has restarted is given all of it, in order, and protects the pair when it has agreed', () => {
    const pair = pairWith(SINCE_START);
    write(pair, 1, 5);
    const before = pair.boards.b.executions.length;
    pair.boards.b.restart(true);
    comesBack(pair);
    expect(givenSince(pair.boards.b, before)).toEqual(writes(1, 5));
    expect(joinedAs(pair)).toMatchObject({ givenAgain: 5 });
    expectTogether(pair);
  });

  it('R25: with a new ledger both boards are taken to be empty, also where the second one comes later', () => {
    const pair = PairHarness.ofPlain({ wire: { ...PLAIN_WIRE, resync: SINCE_START }, joinComparisons: 3 });
    pair.cut('b');
    pair.startGateway();
    pair.run(50);
    write(pair, 1, 3);
    pair.reconnect('b');
    pair.runUntil(() => pair.memberStateOf('b') === 'joining', 6_000);
    expect(givenSince(pair.boards.b, 0)).toEqual(writes(1, 3));
  });

  it('R25: a board that has not restarted is waited for, and fails no attempt for that', () => {
    const pair = pairWith(SINCE_START);
    write(pair, 1, 3);
    pair.cut('b');
    pair.run(20);
    pair.reconnect('b');
    pair.run(6_000);
    expect(pair.joinStepOf('b')).toBe('resetting');
    expect(noteOf(pair)).toMatch(/until it restarts/);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged']);
    pair.boards.b.restart(true);
    comesBack(pair);
    expectTogether(pair);
  });

  it('R13, R25: where its RESET is wired it is restarted, and needs no banner', () => {
    const pair = pairWith(SINCE_START, { resetLines: ['a', 'b'] });
    write(pair, 1, 3);
    const before = pair.boards.b.executions.length;
    pair.cut('b');
    pair.run(20);
    pair.reconnect('b');
    pair.runUntil(() => pair.isProtected, 6_000);
    expect(pair.boards.b.boot).toBeGreaterThan(1);
    expect(givenSince(pair.boards.b, before)).toEqual(writes(1, 3));
    expectTogether(pair);
  });

  it('R27: what was executed before the gateway was killed belongs to it', () => {
    const pair = pairWith(SINCE_START);
    write(pair, 1, 3);
    pair.killGateway();
    pair.startGateway();
    pair.runUntil(() => pair.isProtected);
    write(pair, 4, 5);
    const before = pair.boards.b.executions.length;
    pair.boards.b.restart(true);
    comesBack(pair);
    expect(givenSince(pair.boards.b, before)).toEqual(writes(1, 5));
    expectTogether(pair);
  });

  it('R27: after a restart of the host nobody knows whether the primary still has it: nothing is given, and that is said', () => {
    const pair = pairWith(SINCE_START);
    write(pair, 1, 3);
    pair.losePower(pair.ledger.journal);
    pair.startGateway();
    pair.run(100);
    pair.boards.b.restart(true);
    pair.runUntil(() => pair.memberStateOf('b') === 'joining');
    expect(noteOf(pair)).toMatch(/nothing is given to it: since the primary was last known to be empty/);
  });

  it('R31: so too where an input is in doubt', () => {
    const pair = pairWith(SINCE_START);
    write(pair, 1, 2);
    pair.boards.a.whim = ([code]) => (code === WRITE ? 'in-doubt' : 'answers');
    write(pair, 3, 3);
    pair.boards.a.whim = () => 'answers';
    pair.boards.b.restart(true);
    pair.runUntil(() => pair.memberStateOf('b') === 'joining');
    expect(noteOf(pair)).toMatch(/nothing is given to it/);
    expect(pair.boards.b.written.filter((one) => one === `${WRITE},1`)).toHaveLength(1);
  });

  it('R25: where the ledger no longer has all of it nothing is given, and the story says so', () => {
    const pair = pairWith(SINCE_START);
    write(pair, 1, 3);
    pair.ledger.historyForgottenThrough = 2;
    const before = pair.boards.b.executions.length;
    pair.boards.b.restart(true);
    pair.runUntil(() => pair.memberStateOf('b') === 'joining');
    expect(noteOf(pair)).toMatch(/the ledger no longer has the inputs back to/);
    expect(givenSince(pair.boards.b, before)).toEqual([]);
  });

  it('R18, R25: an answer that is not that of then is told, and the board is refused', () => {
    const pair = pairWith(SINCE_START);
    write(pair, 1, 3);
    pair.boards.b.corrupt = () => 1;
    pair.boards.b.restart(true);
    pair.run(100);
    const [fault] = pair.ledger.faults.filter(({ code }) => code === 'joining-failed');
    expect(fault?.evidence).toMatchObject({
      step: 'replaying',
      why: 'a replayed result differs from the committed one',
      differences: expect.stringContaining('(board a) against') as string,
    });
    expect(pair.isProtected).toBe(false);
  });

  it('R31: a replayed input without an answer is not given again: the attempt is over', () => {
    const pair = pairWith(SINCE_START);
    write(pair, 1, 2);
    const before = pair.boards.b.executions.length;
    pair.boards.b.whim = ([code]) => (code === WRITE ? 'answer-lost' : 'answers');
    pair.boards.b.restart(true);
    pair.runUntil(() => pair.ledger.faultCodes().includes('joining-failed'));
    expect(givenSince(pair.boards.b, before)).toEqual(writes(1, 1));
    expect(pair.ledger.faults.find(({ code }) => code === 'joining-failed')?.evidence).toMatchObject({
      why: 'no answer',
    });
  });

  it('R25: what the primary had not taken is not given; what the joiner does not take is given again', () => {
    const pair = pairWith(SINCE_START);
    pair.boards.a.whim = ([, value]) => (value === 2 ? 'not-taken' : 'answers');
    write(pair, 1, 4);
    const before = pair.boards.b.executions.length;
    let refused = 0;
    pair.boards.b.whim = ([, value]) => (value === 3 && refused++ < 2 ? 'not-taken' : 'answers');
    pair.boards.b.restart(true);
    comesBack(pair);
    expect(refused).toBe(3);
    expect(givenSince(pair.boards.b, before)).toEqual([...writes(1, 1), ...writes(3, 4)]);
    expectTogether(pair);
  });

  it('R25: it catches up with what the primary executes meanwhile', () => {
    const pair = pairWith(SINCE_START, { maxWindow: 4 });
    for (const board of [pair.boards.a, pair.boards.b]) board.window = 4;
    write(pair, 1, 100);
    pair.boards.b.restart(true);
    for (let value = 101; value <= 160; value++)
      pair.schedule.after((value - 100) * 5_000, () => pair.input(`w${value}`, WRITE, value));
    pair.run(1_500);
    expect(pair.upstream.answers).toHaveLength(160);
    expectTogether(pair);
  });

  it('R6: it has never more in hand than its window, and as many where there are so many', () => {
    const pair = pairWith(SINCE_START, { maxWindow: 4 });
    for (const board of [pair.boards.a, pair.boards.b]) board.window = 3;
    write(pair, 1, 12);
    const sent = pair.links.b.sent.length;
    pair.boards.b.executeUs = 5_000;
    pair.boards.b.restart(true);
    comesBack(pair);
    const first = pair.links.b.sent
      .slice(sent)
      .flatMap(({ atUs, message }) => (message.kind === 'input' && message.payload.length > 0 ? [atUs] : []));
    expect(first.filter((atUs) => atUs === first[0])).toHaveLength(3);
    expectTogether(pair);
  });

  it('R25: at a recorded pace none comes sooner behind another than it did then', () => {
    const pair = pairWith({ ...SINCE_START, pace: 'recorded' });
    write(pair, 1, 4);
    pair.run(200);
    const before = pair.boards.b.executions.length;
    pair.boards.b.restart(true);
    comesBack(pair);
    const times = pair.boards.b.executions.slice(before).flatMap(({ payload, atUs }) => (payload === '' ? [] : [atUs]));
    expect(times).toHaveLength(4);
    expect(times.slice(1).every((atUs, index) => atUs - (times[index] ?? 0) >= 19_000)).toBe(true);
    expectTogether(pair);
  });
});

describe('boards that are given the inputs since one with which their state is known', () => {
  it('R25: begins with the last of them, however far back, and the board need not have restarted', () => {
    const pair = pairWith(SINCE_HOME);
    write(pair, 1, 2);
    pair.input('h1', HOME, 1);
    pair.run(20);
    pair.input('h2', HOME, 2);
    pair.run(20);
    write(pair, 3, 99);
    pair.boards.b.alter();
    const before = pair.boards.b.executions.length;
    pair.cut('b');
    pair.run(20);
    pair.reconnect('b');
    pair.runUntil(() => pair.isProtected);
    expect(givenSince(pair.boards.b, before)).toEqual([`${HOME},2`, ...writes(3, 99)]);
    expectTogether(pair);
  });

  it('R25: goes on with a newer one that comes meanwhile', () => {
    const pair = pairWith({ ...SINCE_HOME, pace: 'recorded' });
    pair.input('h1', HOME, 1);
    pair.run(20);
    write(pair, 1, 20);
    const before = pair.boards.b.executions.length;
    pair.boards.b.restart(true);
    pair.run(60);
    pair.input('h2', HOME, 2);
    pair.run(20);
    write(pair, 21, 22);
    pair.runUntil(() => pair.isProtected, 4_000);
    const given = givenSince(pair.boards.b, before);
    expect(given[0]).toBe(`${HOME},1`);
    expect(given).not.toContain(`${WRITE},20`);
    expect(given.slice(-3)).toEqual([`${HOME},2`, ...writes(21, 22)]);
    expectTogether(pair);
  });

  it('R25: finds it though what comes before it is gone from the ledger', () => {
    const pair = pairWith(SINCE_HOME);
    write(pair, 1, 10);
    pair.input('h1', HOME, 1);
    pair.run(20);
    write(pair, 11, 13);
    pair.ledger.historyForgottenThrough = 9;
    const before = pair.boards.b.executions.length;
    pair.boards.b.restart(true);
    comesBack(pair);
    expect(givenSince(pair.boards.b, before)).toEqual([`${HOME},1`, ...writes(11, 13)]);
    expectTogether(pair);
  });

  it('R25: says so where there is none, or none any more', () => {
    const none = pairWith(SINCE_HOME);
    write(none, 1, 3);
    none.boards.b.restart(true);
    none.runUntil(() => none.memberStateOf('b') === 'joining');
    expect(noteOf(none)).toBe('nothing is given to it: no input that matches /^HOME/ is on record');
    const gone = pairWith(SINCE_HOME);
    gone.input('h1', HOME, 1);
    gone.run(20);
    write(gone, 1, 3);
    gone.ledger.historyForgottenThrough = gone.ledger.journal.executionCount - 1;
    gone.boards.b.restart(true);
    gone.runUntil(() => gone.memberStateOf('b') === 'joining');
    expect(noteOf(gone)).toBe(
      'nothing is given to it: the ledger no longer goes back to an input that matches /^HOME/',
    );
  });

  it('R25: gives the preamble first, and refuses a board that refuses it', () => {
    const preamble = [Uint8Array.of(READ, 1), Uint8Array.of(READ, 2)];
    const pair = pairWith({ ...SINCE_HOME, preamble });
    pair.input('h1', HOME, 1);
    pair.run(20);
    write(pair, 1, 1);
    let before = pair.boards.b.executions.length;
    pair.boards.b.restart(true);
    comesBack(pair);
    expect(givenSince(pair.boards.b, before)).toEqual([`${READ},1`, `${READ},2`, `${HOME},1`, `${WRITE},1`]);
    before = pair.boards.b.executions.length;
    pair.boards.b.whim = ([, value]) => (value === 2 ? 'not-taken' : 'answers');
    pair.boards.b.restart(true);
    pair.runUntil(() => pair.ledger.faultCodes().includes('joining-failed'));
    expect(pair.ledger.faults.at(-1)?.evidence).toMatchObject({
      why: 'the board refuses a line of the preamble',
      line: 2,
    });
    expect(givenSince(pair.boards.b, before)).toEqual([`${READ},1`]);
  });
});
