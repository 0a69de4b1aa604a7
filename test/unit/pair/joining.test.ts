import { describe, expect, it } from 'vitest';
import type { StateChunk } from '../../../src/pair/result/messages.js';
import type { JoinStep } from '../../../src/pair/state/board-state.js';
import { type HarnessOptions, PairHarness } from './fixture/pair-harness.js';
import { brokenPromises, expectPromises } from './fixture/promises.js';
import { stride } from './fixture/thin-out.js';

/** A pair whose backup has failed and is on its way back; `step` is reached. */
function rejoining(step: JoinStep, options: HarnessOptions = {}): PairHarness {
  const pair = PairHarness.started({
    ...options,
    config: { joinComparisons: 2, probeEveryUs: 30_000, ...options.config },
  });
  pair.inputs(3, 4);
  pair.run(40);
  if (step === 'waiting') pair.inputs(200, 1, 'busy');
  pair.boards.b.fail('state-corrupt');
  pair.runUntil(() => pair.joinStepOf('b') === step);
  return pair;
}

function offsets(pair: PairHarness, board: 'a' | 'b', kind: 'stateGet' | 'statePut', sinceUs = 0): number[] {
  return pair.links[board].sent.flatMap(({ atUs, message }) =>
    message.kind === kind && atUs >= sinceUs ? [message.offset] : [],
  );
}

function expectInStep(pair: PairHarness): void {
  expect([...pair.ledger.boards.values()].map(({ standing }) => standing)).toEqual(['in-sync', 'in-sync']);
  expect(pair.isProtected).toBe(true);
  expect(pair.boards.b.level).toBe(pair.boards.a.level);
  expectPromises(pair);
}

describe('a board that joins', () => {
  it('R25: at a cold start gets the state of the primary, read twice, and is compared before it counts', () => {
    const pair = new PairHarness({ config: { joinComparisons: 2 } });
    pair.startGateway();
    pair.run(30);
    expect(offsets(pair, 'a', 'stateGet')).toEqual([0, 36, 72, 0, 36, 72]);
    const puts = pair.links.b.sent.flatMap(({ message }) => (message.kind === 'statePut' ? [message] : []));
    expect(puts.map(({ offset, last, data }) => [offset, last, data.length])).toEqual([
      [0, false, 36],
      [36, false, 36],
      [72, true, 28],
    ]);
    // Only the last is answered: behind each other one goes a question that is.
    expect(offsets(pair, 'b', 'stateGet')).toEqual([36, 72]);
    expect([pair.standingOf('a'), pair.standingOf('b'), pair.isProtected]).toEqual(['in-sync', 'joining', false]);
    pair.inputs(1);
    pair.run(20);
    expect(pair.standingOf('b')).toBe('joining');
    pair.inputs(1, 0, 'j');
    pair.run(20);
    expectInStep(pair);
    expect(pair.ledger.faults).toEqual([]);
    expect(pair.relay.commands).toEqual([]);
  });

  it('R25: an idle pair does not wait for inputs to compare: probes do', () => {
    const pair = new PairHarness({ config: { joinComparisons: 3, probeEveryUs: 500_000 } });
    pair.startGateway();
    // One probe a deadline, and not one each half second.
    pair.run(400);
    expectInStep(pair);
    expect(pair.counts.get('probes')).toBe(3);
  });

  it('R25: a backup that failed is made to restart, and goes on from the state and the level of the primary', () => {
    const pair = rejoining('writing');
    const { boards } = pair;
    expect([boards.b.resets, boards.b.boot, boards.b.level]).toEqual([1, 2, null]);
    pair.runUntil(() => pair.joinStepOf('b') === 'comparing');
    expect(boards.b.transfers.at(-1)).toMatchObject({
      executionCount: boards.a.executions.length,
      level: boards.a.level,
    });
    expect(boards.b.level).toBe(boards.a.level);
    const before = boards.b.executions.length;
    pair.inputs(4, 5, 'j');
    pair.run(100);
    expect(pair.refsOf(boards.b.executedSeqs.slice(before)).filter((ref) => ref !== 'probe')).toEqual([
      'j1',
      'j2',
      'j3',
      'j4',
    ]);
    expectInStep(pair);
    const fault = pair.ledger.faults.find(({ code }) => code === 'failed');
    const steps = pair.ledger.notes.filter(({ faultId }) => faultId === fault?.faultId).map(({ step }) => step);
    expect(steps).toEqual(['evidence', 'set-aside', 'joined']);
  });

  it('R25: a restarted board joins without being reset again', () => {
    const pair = PairHarness.started();
    pair.inputs(3, 4);
    pair.run(40);
    pair.boards.b.restart();
    pair.run(100);
    expect([pair.boards.b.resets, pair.boards.b.boot]).toEqual([0, 2]);
    expect(pair.standingsOf('b').slice(-3)).toEqual(['set-aside', 'joining', 'in-sync']);
    expectInStep(pair);
  });

  it('R25: a link that was cut for a moment costs a backup a join, and no restart', () => {
    const pair = PairHarness.started();
    pair.inputs(8, 10);
    pair.run(35);
    pair.cut('b');
    pair.run(20);
    pair.reconnect('b');
    pair.run(200);
    expect([pair.boards.b.resets, pair.boards.b.boot]).toEqual([0, 1]);
    expectInStep(pair);
  });

  it('R25: the old primary comes back as the backup, never by itself as the primary, and takes over when it is needed', () => {
    const pair = PairHarness.started();
    pair.inputs(3, 4);
    pair.run(30);
    pair.boards.a.restart();
    pair.run(300);
    expect([pair.ledger.owner, pair.relay.contact]).toEqual(['b', 'b']);
    expectInStep(pair);
    pair.inputs(3, 4, 'j');
    pair.run(60);
    pair.boards.b.halt();
    pair.inputs(3, 4, 'k');
    pair.run(300);
    expect([pair.ledger.owner, pair.relay.contact]).toEqual(['a', 'a']);
    expect(pair.relay.commands.map(({ to }) => to)).toEqual(['b', 'a']);
    expect(pair.upstream.answers).toHaveLength(9);
    expectPromises(pair);
  });

  it('R25: a locked-out board that has not restarted is reset, also when it says that it is well', () => {
    const pair = PairHarness.started();
    pair.inputs(3, 4);
    pair.run(9);
    pair.cut('a');
    pair.run(100);
    expect(pair.standingOf('a')).toBe('locked-out');
    pair.reconnect('a');
    pair.run(200);
    expect([pair.boards.a.resets, pair.boards.a.boot]).toEqual([1, 2]);
    expectInStep(pair);
  });

  it('R10, R25: hears nothing before the relay has moved away from it', () => {
    const pair = PairHarness.started();
    pair.relay.operateUs = () => 25_000;
    pair.inputs(1);
    pair.run(20);
    const atUs = pair.schedule.nowUs;
    pair.boards.a.restart();
    pair.runUntil(() => pair.relay.contact === 'b');
    expect(pair.sentKinds('a', atUs)).toEqual([]);
    pair.run(200);
    expect(pair.sentKinds('a', atUs)[0]).toBe('helloRequest');
    expectInStep(pair);
  });

  it('R25: that restarts by itself while the other takes over is not spoken to before that has ended', () => {
    const pair = PairHarness.started({ window: 4 });
    pair.boards.b.slowDown(30_000);
    pair.inputs(4);
    pair.runUntil(() => pair.boards.a.actedSeqs.length === 4);
    const atUs = pair.schedule.nowUs;
    pair.boards.a.restart();
    pair.run(300);
    const ended = pair.ledger.notes.find(({ step }) => step === 'took-over')?.atUs ?? Number.NaN;
    const firstSent = pair.links.a.sent.find((sent) => sent.atUs > atUs);
    expect(firstSent?.atUs).toBeGreaterThanOrEqual(ended);
    expectInStep(pair);
  });
});

describe('what is not let in', () => {
  it.each([
    [
      'firmware',
      (pair: PairHarness): void => {
        pair.boards.b.imageHash = 2;
      },
      { primaryImage: 1, boardImage: 2 },
    ],
    [
      'layout of the state',
      (pair: PairHarness): void => {
        pair.boards.b.stateLayout = 2;
      },
      { primaryBytes: 100, boardBytes: 100 },
    ],
  ] as const)(
    'R25: a board with another %s is kept out, with the difference, until a person has mended it',
    (differs, change, values) => {
      const pair = new PairHarness();
      change(pair);
      pair.startGateway();
      pair.inputs(3, 10);
      pair.run(2_000);
      expect(pair.standingOf('b')).toBe('kept-out');
      expect(pair.ledger.faultCodes()).toEqual(['board-differs']);
      expect(pair.ledger.faults[0]).toMatchObject({ board: 'b', evidence: { differs, ...values } });
      expect(new Set(pair.sentKinds('b'))).toEqual(new Set(['helloRequest']));
      expect(pair.upstream.answers).toHaveLength(3);
      pair.boards.b.imageHash = 1;
      pair.boards.b.stateLayout = 1;
      const ref = pair.command({ command: 'rejoin', board: 'b' });
      pair.run(100);
      expect(pair.commands.get(ref)).toBe('done: Board b joins now.');
      expectInStep(pair);
    },
  );

  it('R25: a board that leaves the pair again and again, until a person says otherwise', () => {
    const pair = PairHarness.started({ config: { flapLimit: 2, flapPermanent: 2 } });
    for (let n = 0; n < 3; n++) {
      expect(pair.isProtected).toBe(true);
      pair.boards.b.restart();
      pair.run(100);
    }
    expect(pair.standingOf('b')).toBe('kept-out');
    expect(pair.ledger.faultCodes()).toEqual(['restarted', 'restarted', 'restarted', 'board-flaps']);
    expect(pair.ledger.faults.at(-1)).toMatchObject({ board: 'b', evidence: { leftTimes: 3, allowed: 2 } });
    const quietFromUs = pair.schedule.nowUs;
    pair.boards.b.restart();
    pair.cut('b');
    pair.run(1);
    pair.reconnect('b');
    pair.inputs(2, 5);
    pair.run(3_000);
    expect(pair.sentKinds('b', quietFromUs)).toEqual([]);
    pair.command({ command: 'rejoin', board: 'b' });
    pair.run(100);
    expectInStep(pair);
    // Its past is forgiven: it may leave as often again.
    for (let n = 0; n < 2; n++) {
      pair.boards.b.restart();
      pair.run(100);
    }
    expectInStep(pair);
  });

  it('R25: leaving now and then, over a long time, is not flapping', () => {
    const pair = PairHarness.started({ config: { flapLimit: 2, flapWindowUs: 100_000 } });
    for (let n = 0; n < 6; n++) {
      pair.boards.b.restart();
      pair.run(130);
    }
    expectInStep(pair);
    expect(pair.ledger.faultCodes()).not.toContain('board-flaps');
    expect(pair.ledger.notes.map(({ step }) => step)).not.toContain('intermittent');
  });

  it('R25: a kept-out board stays out over a restart of the gateway', () => {
    const pair = PairHarness.started({ config: { flapLimit: 0 } });
    pair.boards.b.restart();
    pair.run(50);
    expect(pair.standingOf('b')).toBe('kept-out');
    pair.killGateway();
    pair.startGateway();
    const atUs = pair.schedule.nowUs;
    pair.inputs(2, 5);
    pair.run(500);
    expect(pair.standingOf('b')).toBe('kept-out');
    expect(pair.sentKinds('b', atUs)).toEqual([]);
    expect(pair.upstream.answers).toHaveLength(2);
    expectPromises(pair);
  });

  it('R25: the old primary too, when it flaps', () => {
    const pair = PairHarness.started({ config: { flapLimit: 0 } });
    pair.boards.a.restart();
    pair.run(300);
    expect([pair.ledger.owner, pair.standingOf('a')]).toEqual(['b', 'kept-out']);
    expectPromises(pair);
  });

  it('R25: a board whose restart does not mend it is reset now and then, and not without end', () => {
    const pair = PairHarness.started();
    const { b } = pair.boards;
    b.fail('state-corrupt');
    const restart = b.restart.bind(b);
    b.restart = (): void => {
      restart(false);
      b.fail('state-corrupt');
    };
    pair.inputs(10, 20);
    pair.run(5_000);
    expect(b.resets).toBeLessThan(30);
    expect(pair.upstream.answers).toHaveLength(10);
    expect(pair.ledger.faults.length).toBeLessThan(10);
    expect(brokenPromises(pair)).toEqual([]);
  });

  it('R25: so too when it says itself that it has failed again; each attempt in vain is told and counted', () => {
    const pair = PairHarness.started({ config: { flapLimit: 2, flapPermanent: 2 } });
    const { b } = pair.boards;
    const restart = b.restart.bind(b);
    b.restart = (): void => {
      restart(false);
      b.fail('state-corrupt');
      b.receive(0, { kind: 'helloRequest' });
    };
    b.fail('state-corrupt');
    pair.inputs(5, 20);
    pair.run(3_000);
    const told = pair.ledger.faults.filter(({ code }) => code === 'joining-failed').map(({ evidence }) => evidence);
    expect(told.length).toBeGreaterThan(0);
    for (const evidence of told) expect(evidence).toEqual({ step: 'resetting', why: 'a restart does not mend it' });
    expect(pair.ledger.faultCodes().at(-1)).toBe('board-flaps');
    expect(pair.standingOf('b')).toBe('kept-out');
    // Three times in each attempt.
    expect(b.resets).toBe(3 * told.length);
    expect(pair.upstream.answers).toHaveLength(5);
  });

  it.each([
    ['x', 'refused: There is no board x: this pair has a and b.'],
    ['a', 'refused: Board a is the primary.'],
    ['b', 'refused: Board b is in the pair.'],
  ])('R25: rejoin %s, when there is nothing to do, is %s', (board, answer) => {
    const pair = PairHarness.started();
    const atUs = pair.schedule.nowUs;
    const ref = pair.command({ command: 'rejoin', board });
    expect(pair.commands.get(ref)).toBe(answer);
    pair.run(100);
    expect([...pair.sentKinds('a', atUs), ...pair.sentKinds('b', atUs)]).toEqual([]);
  });

  it('R25: rejoin of a board whose link is down is kept in mind until it is back', () => {
    const pair = PairHarness.started({ config: { flapLimit: 0 } });
    pair.cut('b');
    pair.run(20);
    const ref = pair.command({ command: 'rejoin', board: 'b' });
    expect(pair.commands.get(ref)).toBe('done: Board b joins once its link is back.');
    pair.run(100);
    pair.reconnect('b');
    pair.run(100);
    expectInStep(pair);
  });
});

describe('reading the state', () => {
  it('R25: is done again when the second reading differs from the first', () => {
    const pair = rejoining('reading');
    const atUs = pair.schedule.nowUs;
    pair.runUntil(() => offsets(pair, 'a', 'stateGet', atUs).length === 3);
    pair.boards.a.flipBit(7);
    pair.runUntil(() => pair.joinStepOf('b') === 'comparing');
    expect(offsets(pair, 'a', 'stateGet', atUs).length).toBeGreaterThan(6);
    expect(pair.boards.b.complaints).toEqual([]);
    pair.run(100);
    expectInStep(pair);
  });

  it('R25: never takes a state that changed while it was read', () => {
    for (let chunks = 1; chunks <= 6; chunks++) {
      const pair = rejoining('reading');
      const atUs = pair.schedule.nowUs;
      pair.runUntil(() => offsets(pair, 'a', 'stateGet', atUs).length === chunks);
      pair.input('between', 9);
      pair.runUntil(() => pair.joinStepOf('b') === 'comparing');
      // The joiner says so when it gets a mixture; and its count is that of the level.
      expect(pair.boards.b.complaints).toEqual([]);
      const taken = pair.boards.b.transfers.at(-1);
      const original = pair.boards.a.executions.find(({ executionCount }) => executionCount === taken?.executionCount);
      expect(taken?.level).toBe(original?.level);
      pair.run(200);
      expectInStep(pair);
    }
  });

  it('R5, R25: an input that comes in the middle of it goes to the primary at once', () => {
    const times = (disturbed: boolean, afterMs: number): number[] => {
      const pair = PairHarness.started();
      pair.inputs(2, 4);
      pair.run(40);
      if (disturbed) pair.boards.b.fail('state-corrupt');
      pair.run(afterMs);
      pair.inputs(5, 7, 'j');
      pair.run(300);
      if (disturbed) expectInStep(pair);
      return pair.upstream.answers.map(({ atUs }) => atUs);
    };
    for (let afterMs = 0; afterMs < 24; afterMs += stride) {
      const undisturbed = times(false, afterMs);
      // What a join writes may share or cost a transaction of the ledger; the reading itself costs nothing.
      for (const [index, atUs] of times(true, afterMs).entries()) {
        expect(Math.abs(atUs - (undisturbed[index] ?? Number.NaN))).toBeLessThanOrEqual(800);
      }
    }
  });

  it('R5, R25: without a pause of the primary waits first, and then holds its inputs for a moment', () => {
    const pair = PairHarness.started({ config: { joinPatienceUs: 100_000, maxPending: 500 } });
    pair.inputs(250, 2);
    pair.run(50);
    const atUs = pair.schedule.nowUs;
    pair.boards.b.fail('state-corrupt');
    pair.runUntil(() => pair.boards.b.transfers.length === 2);
    const waitedUs = (pair.boards.b.transfers.at(-1)?.atUs ?? 0) - atUs;
    expect(waitedUs).toBeGreaterThan(100_000);
    expect(waitedUs).toBeLessThan(100_000 + pair.config.deadlineUs);
    pair.run(2_500);
    const given = pair.links.a.sent.filter(({ message }) => message.kind === 'input').map((sent) => sent.atUs);
    const gaps = given.map((sentUs, index) => sentUs - (given[index - 1] ?? sentUs));
    expect(Math.max(...gaps)).toBeLessThan(30_000);
    expect(pair.upstream.answers).toHaveLength(250);
    expect(pair.upstream.refused).toEqual([]);
    expectPromises(pair);
  });

  it('R5, R25: a primary that does not give its state is held no longer than its reading may take, and not again and again', () => {
    const pair = PairHarness.started({ config: { joinPatienceUs: 100_000, maxPending: 1_000 } });
    pair.boards.a.ignoresState = () => true;
    pair.inputs(900, 2);
    pair.run(50);
    pair.boards.b.fail('state-corrupt');
    pair.run(1_300);
    const given = pair.links.a.sent.filter(({ message }) => message.kind === 'input').map((sent) => sent.atUs);
    const gaps = given.map((sentUs, index) => sentUs - (given[index - 1] ?? sentUs));
    const held = gaps.filter((gapUs) => gapUs > 20_000);
    expect(held).toHaveLength(5);
    expect(Math.max(...held)).toBeLessThanOrEqual(2 * pair.config.deadlineUs + 10_000);
    const failed = pair.ledger.faults.filter(({ code }) => code === 'joining-failed');
    expect(failed.map(({ evidence }) => evidence['why'])).toEqual(['the primary does not give its state']);
    expect(pair.ledger.owner).toBe('a');
  });

  it.each([
    ['outputs', () => ({ outputs: [1, 2] })],
    ['levels', () => ({ outputs: [77] })],
    ['bytes', ({ data }: StateChunk) => ({ data: data.map((byte) => byte ^ 1) })],
    ['digest', ({ digest }: StateChunk) => ({ digest: digest + 1 })],
  ] as const)('R25: is done again when the %s alone are others the second time', (_what, alter) => {
    const pair = rejoining('reading', { config: { joinComparisons: 0, probeEveryUs: 0 } });
    const atUs = pair.schedule.nowUs;
    let chunks = 0;
    // The whole second reading is another one; the third is as the first.
    pair.boards.a.alterState = (chunk) => {
      chunks++;
      return chunks > 3 && chunks <= 6 ? { ...chunk, ...alter(chunk) } : chunk;
    };
    pair.runUntil(() => pair.isProtected);
    expect(offsets(pair, 'a', 'stateGet', atUs).slice(0, 12)).toEqual([0, 36, 72, 0, 36, 72, 0, 36, 72, 0, 36, 72]);
    pair.run(100);
    expectInStep(pair);
  });

  it('R25: a board that has another state in the end than it was sent is not compared', () => {
    for (const alter of [{ digest: 1 }, { executionCount: 99 }]) {
      const pair = rejoining('writing');
      pair.boards.b.alterState = (chunk) => (chunk.accepted ? { ...chunk, ...alter } : chunk);
      const transfers = pair.ledger.standings.length;
      pair.run(60);
      const fault = pair.ledger.faults.find(({ code }) => code === 'joining-failed');
      expect(fault?.evidence).toMatchObject({ step: 'writing', why: 'the board has another state than was sent' });
      expect(pair.ledger.standings.slice(transfers).map(({ standing }) => standing)).not.toContain('joining');
      pair.boards.b.alterState = (chunk) => chunk;
      pair.run(1_000);
      expectInStep(pair);
    }
  });

  it('R25: a state that never arrives whole is given up in the end', () => {
    const pair = rejoining('writing');
    pair.boards.b.alterState = (chunk) => (chunk.accepted ? { ...chunk, accepted: false, offset: 36 } : chunk);
    pair.run(200);
    const fault = pair.ledger.faults.find(({ code }) => code === 'joining-failed');
    expect(fault?.evidence).toMatchObject({ step: 'writing', why: 'the state does not arrive whole' });
    const puts = offsets(pair, 'b', 'statePut', pair.schedule.nowUs - 200_000);
    // From where the board said that its bytes end, a few times.
    expect(puts.filter((offset) => offset === 36).length).toBeGreaterThan(4);
    expect(puts.length).toBeLessThan(30);
    pair.boards.b.alterState = (chunk) => chunk;
    pair.run(1_000);
    expectInStep(pair);
  });

  it('R25: a late word of the joiner moves nothing: neither of an earlier chunk, nor busy at the last', () => {
    const pair = rejoining('writing');
    const count = () => offsets(pair, 'b', 'statePut').length;
    const before = count();
    const late = {
      kind: 'state',
      executionCount: 0,
      last: false,
      accepted: false,
      digest: 0,
      outputs: [],
      data: new Uint8Array(0),
    } as const;
    pair.forge('b', { ...late, busy: true, offset: 0 });
    expect(count()).toBe(before);
    pair.runUntil(() => offsets(pair, 'b', 'statePut').at(-1) === 72);
    const atLast = count();
    pair.forge('b', { ...late, busy: true, offset: 72 });
    pair.forge('b', { ...late, busy: true, offset: 108 });
    expect(count()).toBe(atLast);
    pair.run(200);
    expectInStep(pair);
  });

  it('R11, R25: a joiner that has parked while it waited begins clean', () => {
    const pair = PairHarness.started({
      silenceUs: 60_000,
      config: { joinPatienceUs: 200_000, maxPending: 400, joinComparisons: 1, probeEveryUs: 20_000 },
    });
    pair.inputs(150, 2);
    pair.run(20);
    pair.boards.b.restart();
    pair.runUntil(() => pair.joinStepOf('b') === 'waiting');
    pair.run(100);
    expect(pair.boards.b.parked).toBe(true);
    pair.run(1_800);
    expect(pair.ledger.faultCodes()).not.toContain('joining-failed');
    expect(pair.upstream.answers).toHaveLength(150);
    expectInStep(pair);
  });

  it('R25: whatever frame is lost on the way, the state arrives whole', () => {
    const all = rejoining('comparing');
    const framesOf = (pair: PairHarness) => pair.links.a.sent.length + pair.links.b.sent.length;
    expect(framesOf(all)).toBeGreaterThan(20);
    for (const board of ['a', 'b'] as const) {
      for (const direction of ['toBoard', 'fromBoard'] as const) {
        for (let skip = 0; skip < 10; skip += stride) {
          const pair = PairHarness.started({
            config: { joinComparisons: 2, probeEveryUs: 30_000, flapLimit: 10, flapPermanent: 10 },
          });
          pair.inputs(3, 4);
          pair.run(40);
          let left = skip;
          pair.boards.b.fail('state-corrupt');
          pair.run(1.5);
          const lane: { loseNext(match: () => boolean): void } = pair.links[board][direction];
          lane.loseNext(() => left-- === 0);
          pair.run(900);
          expect([board, direction, skip, pair.isProtected]).toEqual([board, direction, skip, true]);
          expectInStep(pair);
        }
      }
    }
  });

  it('R25: what is not answered is asked for again at a third of the deadline, five times', () => {
    const pair = rejoining('writing');
    const atUs = pair.schedule.nowUs;
    pair.links.b.fromBoard.loses = () => true;
    const early = offsets(pair, 'b', 'statePut', atUs).length;
    for (let n = 0; n < 500; n++) {
      pair.run(0.5);
      pair.post({ type: 'timePassed' });
    }
    const puts = pair.links.b.sent.filter((sent) => sent.atUs >= atUs && sent.message.kind === 'statePut');
    expect(puts.length - early).toBe(5);
    const gaps = puts.slice(1).map((put, index) => put.atUs - (puts[index]?.atUs ?? 0));
    expect(Math.min(...gaps)).toBe(pair.config.deadlineUs / 3);
    expect(Math.max(...gaps)).toBeLessThan(pair.config.deadlineUs / 3 + 1_000);
  });

  it('R25: a board that takes no state is tried again later and later, and the primary goes on', () => {
    const pair = PairHarness.started({ config: { flapLimit: 100, flapPermanent: 100 } });
    pair.boards.b.ignoresState = ({ kind }) => kind === 'statePut';
    pair.boards.b.restart();
    pair.inputs(20, 200);
    pair.run(8_000);
    const failed = pair.ledger.faults.filter(({ code }) => code === 'joining-failed');
    expect(failed.length).toBeGreaterThan(2);
    expect(failed.length).toBeLessThan(8);
    expect(failed[0]?.evidence['step']).toBe('writing');
    const waits = failed.map(({ atUs }, index) => atUs - (failed[index - 1]?.atUs ?? atUs)).slice(1);
    for (const [index, waitUs] of waits.entries()) expect(waitUs).toBeGreaterThan(waits[index - 1] ?? 0);
    expect(pair.upstream.answers).toHaveLength(20);
    pair.boards.b.ignoresState = () => false;
    pair.run(4_000);
    expectInStep(pair);
  });
});

describe('comparing', () => {
  it('R25: before it has agreed often enough the board does not take over: the pair stops', () => {
    const pair = new PairHarness({ config: { joinComparisons: 3 } });
    pair.startGateway();
    pair.run(30);
    pair.inputs(2, 10);
    pair.run(60);
    expect(pair.standingOf('b')).toBe('joining');
    pair.boards.a.fail('state-corrupt');
    pair.run(300);
    expect(pair.ledger.fences).toEqual([]);
    expect(pair.ledger.stopped).toBe(true);
    expect(pair.relay.commands).toEqual([]);
    expectPromises(pair);
  });

  it('R25: a result that differs ends the attempt; nobody is judged by it, and the next one begins clean', () => {
    const pair = new PairHarness({ config: { joinComparisons: 3, onMismatch: 'switch' } });
    pair.startGateway();
    pair.run(30);
    let wrong = true;
    pair.boards.b.corrupt = () => (wrong ? 4 : 0);
    pair.inputs(2, 10);
    pair.run(60);
    const [fault] = pair.ledger.faults;
    expect(fault).toMatchObject({
      code: 'joining-failed',
      board: 'b',
      evidence: { step: 'comparing', why: 'mismatch' },
    });
    expect([pair.ledger.owner, pair.standingOf('b')]).toEqual(['a', 'set-aside']);
    wrong = false;
    pair.run(100);
    pair.inputs(5, 10, 'j');
    pair.run(200);
    expect(pair.upstream.answers).toHaveLength(7);
    expect(pair.ledger.fences).toEqual([]);
    expectInStep(pair);
  });

  it('R6, R25: a board that falls too far behind while it is compared starts again', () => {
    const pair = new PairHarness({ config: { joinComparisons: 3, maxLag: 2, deadlineUs: 2_000_000 } });
    pair.startGateway();
    pair.run(30);
    pair.boards.b.slowDown(400_000);
    pair.inputs(6, 10);
    pair.run(100);
    expect(pair.ledger.faults[0]).toMatchObject({
      code: 'joining-failed',
      evidence: { why: 'backup-behind', behind: 3 },
    });
    expect(pair.upstream.answers).toHaveLength(6);
    pair.run(1_000);
    pair.inputs(4, 10, 'j');
    pair.run(200);
    expectInStep(pair);
  });

  it('R25: what the primary executes while the state is on its way is given to the joiner afterwards, in its order', () => {
    const pair = rejoining('writing', { window: 3 });
    pair.boards.a.chooseNext = (queued) => queued[queued.length - 1] ?? null;
    const before = { a: pair.boards.a.executions.length, b: pair.boards.b.executions.length };
    pair.inputs(5, 0, 'j');
    pair.run(200);
    const during = pair.boards.a.executedSeqs.slice(before.a);
    expect(pair.boards.b.executedSeqs.slice(before.b)).toEqual(during);
    expect(during).not.toEqual([...during].sort((one, other) => one - other));
    expectInStep(pair);
  });

  it('R3, R25: a joiner with a smaller window counts for the primary as soon as it has the state', () => {
    const pair = PairHarness.started({ windows: { a: 3, b: 1 } });
    pair.boards.b.halt();
    pair.inputs(1);
    pair.runUntil(() => pair.standingOf('b') === 'set-aside');
    let inWork = 0;
    let most = 0;
    pair.boards.a.onMoment = (moment) => {
      if (moment === 'input-arrived') most = Math.max(most, ++inWork);
      if (moment === 'acted') inWork--;
    };
    pair.inputs(6, 0, 'j');
    pair.run(100);
    expect(most).toBe(3);
    pair.boards.b.restart();
    pair.run(100);
    expectInStep(pair);
    most = 0;
    pair.inputs(6, 0, 'k');
    pair.run(200);
    expect(most).toBe(1);
    expectInStep(pair);
  });
});

const steps: readonly JoinStep[] = ['opening', 'waiting', 'reading', 'writing', 'comparing'];

describe.each(steps)('a join that is interrupted while %s', (step) => {
  const disturbances: Readonly<Record<string, (pair: PairHarness) => void>> = {
    'its link is cut': (pair) => {
      pair.cut('b', 1_000);
      pair.schedule.after(30_000, () => pair.reconnect('b'));
    },
    'it restarts': (pair) => pair.boards.b.restart(),
    'it restarts and does not say so': (pair) => pair.boards.b.restart(false),
    'it fails': (pair) => pair.boards.b.fail('output-corrupt'),
    'it says nothing for a while': (pair) => {
      pair.links.b.fromBoard.loses = () => true;
      pair.schedule.after(700_000, () => {
        pair.links.b.fromBoard.loses = () => false;
      });
    },
    'the link of the primary is cut': (pair) => {
      pair.cut('a', 1_000);
      pair.schedule.after(30_000, () => pair.reconnect('a'));
    },
    'the gateway is killed': (pair) => {
      pair.killGateway();
      pair.run(5);
      pair.startGateway();
    },
  };
  it.each(Object.keys(disturbances))('R25: because %s starts again clean, and nothing else happens', (name) => {
    const pair = rejoining(step, { config: { flapLimit: 10, flapPermanent: 10, maxPending: 400 } });
    disturbances[name]?.(pair);
    pair.run(3_000);
    expect(pair.standingsOf('b').slice(-2)).toEqual(['joining', 'in-sync']);
    expect([pair.ledger.owner, pair.ledger.fences.length, pair.relay.commands.length]).toEqual(['a', 0, 0]);
    expect(pair.boards.b.complaints).toEqual([]);
    expectInStep(pair);
  });
});

describe('what is told of a join that was interrupted', () => {
  it('R25: nothing, as long as the board had been given nothing; a failure of its own always', () => {
    for (const [step, how, told] of [
      ['waiting', 'restart', []],
      ['waiting', 'fail', ['failed']],
      ['writing', 'restart', ['restarted']],
      ['writing', 'fail', ['failed']],
    ] as const) {
      const pair = rejoining(step, { config: { maxPending: 400 } });
      const before = pair.ledger.faults.length;
      if (how === 'restart') pair.boards.b.restart();
      else pair.boards.b.fail('output-corrupt');
      pair.run(5);
      const faults = pair.ledger.faults.slice(before);
      expect([step, how, faults.map(({ evidence }) => evidence['why'])]).toEqual([step, how, told]);
      expect(faults.every(({ code, evidence }) => code === 'joining-failed' && evidence['step'] === step)).toBe(true);
    }
  });
});

describe('boards that cannot transfer their state', () => {
  const options: HarnessOptions = { transfersState: false, config: { joinComparisons: 2, probeEveryUs: 30_000 } };

  /** The backup has restarted, and has executed two of four again. */
  function replaying(): PairHarness {
    const pair = PairHarness.started(options);
    pair.inputs(4, 10);
    pair.run(80);
    pair.boards.b.restart();
    pair.runUntil(() =>
      pair.boards.b.executions.some(({ boot, executionCount }) => boot === 2 && executionCount === 2),
    );
    return pair;
  }

  it('R25: join by executing again all that the pair has executed, with the values that were read then', () => {
    const pair = PairHarness.started(options);
    pair.boards.a.reading = 17;
    pair.inputs(4, 10);
    pair.run(120);
    const executed = pair.boards.a.executions.length;
    const probes = pair.boards.a.executions.filter(({ probe }) => probe);
    expect(probes.length).toBeGreaterThan(0);
    pair.boards.b.restart();
    pair.runUntil(() => pair.joinStepOf('b') === 'comparing');
    const again = pair.boards.b.executions.filter(({ boot }) => boot === 2);
    expect(again.length).toBeGreaterThanOrEqual(executed);
    const first = pair.boards.a.executions.slice(0, again.length);
    expect(again.map(({ seq, level }) => [seq, level])).toEqual(first.map(({ seq, level }) => [seq, level]));
    pair.inputs(3, 10, 'j');
    pair.run(200);
    expectInStep(pair);
  });

  it('R25: are made to restart first when they have executed anything', () => {
    const pair = PairHarness.started(options);
    pair.inputs(2, 10);
    pair.run(60);
    pair.cut('b');
    pair.run(20);
    pair.reconnect('b');
    pair.run(300);
    expect([pair.boards.b.resets, pair.boards.b.boot]).toEqual([1, 2]);
    expectInStep(pair);
  });

  it('R8, R25: that were locked out replay all of it as well, and are not taken for late ones', () => {
    const pair = PairHarness.started(options);
    pair.inputs(4, 10);
    pair.run(80);
    pair.boards.a.restart();
    pair.run(600);
    expect(pair.ledger.owner).toBe('b');
    expect(pair.ledger.refused).toEqual([]);
    expect(pair.sentKinds('a')).not.toContain('violation');
    expectInStep(pair);
  });

  it('R25: catch up with what the primary executes meanwhile', () => {
    const pair = PairHarness.started(options);
    pair.inputs(80, 7);
    pair.run(400);
    pair.boards.b.restart();
    pair.run(2_000);
    expect(pair.upstream.answers).toHaveLength(80);
    expectInStep(pair);
  });

  it('R25: are kept out when the ledger no longer has all of it, and say so', () => {
    const pair = PairHarness.started(options);
    pair.inputs(4, 10);
    pair.run(100);
    pair.ledger.historyForgottenThrough = 2;
    pair.boards.b.restart();
    pair.run(300);
    expect(pair.standingOf('b')).toBe('kept-out');
    const fault = pair.ledger.faults.find(({ code }) => code === 'joining-failed');
    expect(fault?.evidence['why']).toBe('the ledger no longer has all that the pair has executed');
    expect(brokenPromises(pair)).toEqual([]);
  });

  it('R25: are not compared further when a replayed result differs from the committed one', () => {
    const pair = PairHarness.started(options);
    pair.inputs(4, 10);
    pair.run(100);
    pair.boards.b.corrupt = () => 1;
    pair.boards.b.restart();
    pair.run(100);
    const fault = pair.ledger.faults.find(({ code }) => code === 'joining-failed');
    expect(fault?.evidence).toMatchObject({
      step: 'replaying',
      why: 'a replayed result differs from the committed one',
    });
    expect(pair.standingsOf('b').at(-1)).toBe('set-aside');
    pair.boards.b.corrupt = () => 0;
    pair.run(1_000);
    expectInStep(pair);
  });

  it('R17, R25: a ledger that takes its time costs them no attempt', () => {
    const pair = PairHarness.started(options);
    pair.inputs(3, 10);
    pair.run(60);
    pair.boards.b.restart();
    pair.runUntil(() => pair.joinStepOf('b') === 'replaying');
    pair.ledgerAnswers = false;
    pair.run(900);
    expect(pair.joinStepOf('b')).toBe('replaying');
    pair.ledgerAnswers = true;
    pair.run(300);
    expect(pair.ledger.faultCodes()).not.toContain('joining-failed');
    expectInStep(pair);
  });

  it('R25: history that comes twice, or late, is nothing', () => {
    const pair = replaying();
    for (const after of [0, 1, 2, 3, 99]) {
      pair.post({ type: 'historyRead', board: 'b', after, inputs: null });
      pair.post({ type: 'historyRead', board: 'b', after, inputs: [] });
    }
    pair.run(300);
    expect(pair.ledger.faultCodes()).not.toContain('joining-failed');
    expectInStep(pair);
  });

  it('R25: a DONE of something else moves them no further', () => {
    const pair = replaying();
    for (const seq of [1, 2, 3, 4, 5, 99]) pair.forge('b', { kind: 'done', seq, stale: false, readBack: [] });
    pair.run(400);
    const again = pair.boards.b.executions.filter(({ boot }) => boot === 2).map(({ seq }) => seq);
    expect(again).toEqual(pair.boards.a.executedSeqs.slice(0, again.length));
    expect(pair.boards.b.complaints).toEqual([]);
    expectInStep(pair);
  });

  it('R25, R27: are kept out when a part of it was read back from a board and has no payload', () => {
    const pair = PairHarness.started(options);
    pair.inputs(4, 10);
    pair.run(80);
    Object.assign(pair.ledger.input(pair.seqOf('i2')) ?? {}, { kind: 'recovered' });
    pair.boards.b.restart();
    pair.run(200);
    expect(pair.standingOf('b')).toBe('kept-out');
  });

  it('R25: repeat what is lost on the way, and wait for a slow ledger', () => {
    for (let skip = 0; skip < 6; skip++) {
      for (const direction of ['toBoard', 'fromBoard'] as const) {
        const pair = PairHarness.started(options);
        pair.inputs(3, 10);
        pair.run(60);
        pair.boards.b.restart();
        pair.runUntil(() => pair.joinStepOf('b') === 'replaying');
        let left = skip;
        const lane: { loseNext(match: () => boolean): void } = pair.links.b[direction];
        lane.loseNext(() => left-- === 0);
        if (skip === 5) {
          pair.ledgerAnswers = false;
          pair.run(500);
          pair.ledgerAnswers = true;
        }
        pair.run(500);
        expectInStep(pair);
      }
    }
  });
});
