import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

/** How many inputs a board has got and not acted on, now and at most. */
function countInWork(pair: PairHarness, board: 'a' | 'b'): { now: number; most: number } {
  const count = { now: 0, most: 0 };
  const before = pair.boards[board].onMoment;
  pair.boards[board].onMoment = (moment, seq, payload) => {
    if (moment === 'input-arrived') count.most = Math.max(count.most, ++count.now);
    if (moment === 'acted') count.now--;
    before(moment, seq, payload);
  };
  return count;
}

describe('what a board may have died of', () => {
  it('R22: is given alone by a pair that serves again, and what nobody died of as many at a time as usual', () => {
    const pair = PairHarness.started({ window: 3 });
    const { a, b } = pair.boards;
    b.halt();
    pair.inputs(1);
    pair.runUntil(() => pair.memberStateOf('b') === 'set-aside');
    let deadly = true;
    a.onMoment = (moment, _seq, payload) => deadly && moment === 'executing' && payload[0] === 2 && a.halt();
    pair.inputs(7, 0, 'j');
    pair.runUntil(() => pair.ledger.stopped);
    const died = pair.refsOf([...new Set(pair.ledger.attempts.map(({ seq }) => seq))]);
    expect(died).toEqual(['j2', 'j3']);
    deadly = false;
    a.restart();
    const count = countInWork(pair, 'a');
    pair.command({ command: 'resume' });
    pair.runUntil(() => pair.answersTo('j3').length === 1);
    expect(count.most).toBe(1);
    pair.run(200);
    expect(count.most).toBe(3);
    for (let n = 1; n <= 7; n++) expect(pair.answersTo(`j${n}`)).toHaveLength(1);
    expect(pair.ledger.faultCodes()).not.toContain('input-quarantined');
  });

  it('R22: of which the board dies once more is quarantined, and what was beside it the first time is not', () => {
    const pair = PairHarness.started({ window: 3 });
    const { a, b } = pair.boards;
    b.halt();
    pair.inputs(1);
    pair.runUntil(() => pair.memberStateOf('b') === 'set-aside');
    a.onMoment = (moment, _seq, payload) => moment === 'executing' && payload[0] === 2 && a.halt();
    pair.inputs(5, 0, 'j');
    pair.runUntil(() => pair.ledger.stopped);
    a.restart();
    pair.command({ command: 'resume' });
    pair.runUntil(() => !pair.ledger.stopped);
    pair.runUntil(() => pair.ledger.stopped);
    pair.run(5);
    const quarantined = [...pair.ledger.journal.inputs.values()].filter((input) => input.quarantined);
    expect(quarantined.map(({ ref }) => ref)).toEqual(['j2']);
  });

  /** A primary that is alone, with a window of three, has died of j2 with j3 beside it; the pair is stopped. */
  function diedAlone(): { readonly pair: PairHarness; readonly cure: () => void } {
    const pair = PairHarness.started({ window: 3 });
    const { a, b } = pair.boards;
    b.halt();
    pair.inputs(1);
    pair.runUntil(() => pair.memberStateOf('b') === 'set-aside');
    let deadly = true;
    a.onMoment = (moment, _seq, payload) => deadly && moment === 'executing' && payload[0] === 2 && a.halt();
    pair.inputs(3, 0, 'j');
    pair.runUntil(() => pair.ledger.stopped);
    const cure = (): void => {
      deadly = false;
    };
    return { pair, cure };
  }

  function quarantinedOf(pair: PairHarness): string[] {
    return [...pair.ledger.journal.inputs.values()].filter((input) => input.quarantined).map(({ ref }) => ref);
  }

  it('R22: has nobody beside it that nobody died of, whatever arrives while the board is at work on it', () => {
    const { pair, cure } = diedAlone();
    const { a } = pair.boards;
    cure();
    a.restart();
    const arrived: string[] = [];
    const survived: string[] = [];
    a.onMoment = (moment, seq) => {
      if (moment === 'input-arrived') arrived.push(...pair.refsOf([seq]));
      if (moment === 'result-sent') survived.push(...pair.refsOf([seq]));
      // What is given now would be in the board's window with what it is executing.
      if (moment === 'executing') pair.input(`beside ${pair.refsOf([seq])}`, 9);
    };
    pair.command({ command: 'resume' });
    const arrivedBefore = (ref: string): string[] => {
      pair.runUntil(() => survived.includes(ref));
      return [...arrived];
    };
    expect(arrivedBefore('j2')).toEqual(['j2']);
    expect(arrivedBefore('j3')).toEqual(['j2', 'j3']);
    pair.runUntil(() => survived.length === 4);
    expect(arrived.length).toBeGreaterThan(4);
  });

  it('R22: is not given beside what a person has tried again: it dies of that once more, and of nothing else', () => {
    const { pair } = diedAlone();
    const { a } = pair.boards;
    const resume = (command: Parameters<PairHarness['command']>[0]): void => {
      a.restart();
      pair.run(20);
      pair.command(command);
      pair.runUntil(() => !pair.ledger.stopped);
      pair.runUntil(() => pair.ledger.stopped);
      pair.run(5);
    };
    resume({ command: 'resume' });
    expect(quarantinedOf(pair)).toEqual(['j2']);
    resume({ command: 'retry', seq: pair.seqOf('j2') });
    // Of j3 nobody has died: it was beside j2 once, and is not to be beside it again.
    expect(quarantinedOf(pair)).toEqual([]);
    resume({ command: 'resume' });
    expect(quarantinedOf(pair)).toEqual(['j2']);
  });

  it('R22: the first input of a takeover is told of, and none after it', () => {
    const pair = PairHarness.started();
    pair.boards.a.onMoment = (moment) => moment === 'executing' && pair.boards.a.halt();
    pair.inputs(3);
    pair.run(300);
    const given = pair.ledger.notes.filter(({ step }) => step === 'first-input-given');
    expect(given.map(({ detail }) => detail)).toEqual([{ board: 'b', input: pair.seqOf('i1') }]);
    expect(pair.upstream.answers).toHaveLength(3);
    expectPromises(pair);
  });
});

describe('the receive buffer of a board', () => {
  const payload = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  // INPUT and COMMIT on the wire, with their delimiters; a copy has one observed value besides.
  const inputBytes = 23 + payload.length + 17;

  it.each([
    ['a', 2 * inputBytes, 2],
    ['a', 2 * inputBytes - 1, 1],
    ['b', 2 * (inputBytes + 4), 2],
    ['b', 2 * (inputBytes + 4) - 1, 1],
    ['a', 10, 1],
  ] as const)('R6: board %s with %i bytes has %i inputs at a time', (board, bytes, most) => {
    const pair = PairHarness.started({ window: 2, rxBytes: { [board]: bytes } });
    const count = countInWork(pair, board);
    if (board === 'b') pair.boards.b.slowDown(30_000);
    for (let n = 1; n <= 6; n++) pair.input(`i${n}`, ...payload);
    pair.run(200);
    expect(count.most).toBe(most);
    expect(pair.upstream.answers).toHaveLength(6);
    expectPromises(pair);
  });
});

describe('what has lost its place in the order', () => {
  it('R2, R3, R27: is copied to nobody: who has the same state has done it, and there is nothing to execute it after', () => {
    const pair = PairHarness.started({ window: 2 });
    pair.inputs(6, 9);
    pair.run(120);
    const journal = structuredClone(pair.ledger.journal);
    journal.executionCount = 0;
    for (const input of journal.inputs.values()) {
      Object.assign(input, { commit: null, emitted: false, doneBy: [], finished: false, line: 0 });
    }
    pair.losePower(journal);
    pair.startGateway();
    const sinceUs = pair.schedule.nowUs;
    pair.run(300);
    const copies = pair.links.b.sent.flatMap(({ atUs, message }) =>
      atUs >= sinceUs && message.kind === 'input'
        ? [[pair.ledger.input(message.seq)?.ref ?? '', message.position] as const]
        : [],
    );
    // Four are beyond what a board keeps. The other two are said again.
    expect(copies).toEqual([
      ['i5', 5],
      ['i6', 6],
    ]);
    expect(pair.upstream.refused.map(({ ref, reason }) => `${ref} ${reason}`)).toEqual(
      ['i1', 'i2', 'i3', 'i4'].map((ref) => `${ref} result-lost`),
    );
    expect(pair.pair.queue.inputs.size).toBe(0);
    expect(pair.isProtected).toBe(true);
    expect(pair.boards.b.executedSeqs).toHaveLength(6);
  });
});

describe('an input that is given', () => {
  it('R21: again to the board that committed it carries no values: it keeps its own', () => {
    const pair = PairHarness.started();
    pair.links.a.toBoard.loses = ({ message }) => message.kind === 'commit';
    pair.input('x', 1);
    pair.runUntil(() => pair.sentKinds('a').at(-1) === 'commit');
    pair.killGateway();
    pair.links.a.toBoard.loses = () => false;
    pair.startGateway();
    const atUs = pair.schedule.nowUs;
    pair.run(100);
    const observed = (board: 'a' | 'b') =>
      pair.links[board].sent.flatMap((sent) =>
        sent.message.kind === 'input' && sent.atUs >= atUs ? [sent.message.observed] : [],
      );
    expect([observed('a'), observed('b')]).toEqual([[null], [[0]]]);
    expect(pair.boards.a.executedSeqs).toHaveLength(1);
    expectPromises(pair);
  });

  it('R1, R2: is counted once for each board', () => {
    const pair = PairHarness.started();
    pair.inputs(3, 8);
    pair.run(80);
    expect(pair.pair.counts).toMatchObject({ given: 6, answered: 3, refused: 0 });
  });
});
