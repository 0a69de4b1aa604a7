import { describe, expect, it } from 'vitest';
import type { JoinStep } from '../../../src/pair/state/board-state.js';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';
import { expectInStep, offsets, rejoining } from './joining-kit.js';

describe('a board that joins', () => {
  it('R25: at a cold start gets the state of the primary, read twice, and is compared before it counts', () => {
    const pair = PairHarness.of({ config: { joinComparisons: 2 } });
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
    expect([pair.memberStateOf('a'), pair.memberStateOf('b'), pair.isProtected]).toEqual(['in-sync', 'joining', false]);
    pair.inputs(1);
    pair.run(20);
    expect(pair.memberStateOf('b')).toBe('joining');
    pair.inputs(1, 0, 'j');
    pair.run(20);
    expectInStep(pair);
    expect(pair.ledger.faults).toEqual([]);
    expect(pair.relay.commands).toEqual([]);
  });

  it('R25: an idle pair does not wait for inputs to compare: probes do', () => {
    const pair = PairHarness.of({ config: { joinComparisons: 3, probeEveryUs: 500_000 } });
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
    expect(pair.memberStatesOf('b').slice(-3)).toEqual(['set-aside', 'joining', 'in-sync']);
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
    expect(pair.memberStateOf('a')).toBe('locked-out');
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

describe('comparing', () => {
  it('R25: before it has agreed often enough the board does not take over: the pair stops', () => {
    const pair = PairHarness.of({ config: { joinComparisons: 3 } });
    pair.startGateway();
    pair.run(30);
    pair.inputs(2, 10);
    pair.run(60);
    expect(pair.memberStateOf('b')).toBe('joining');
    pair.boards.a.fail('state-corrupt');
    pair.run(300);
    expect(pair.ledger.fences).toEqual([]);
    expect(pair.ledger.stopped).toBe(true);
    expect(pair.relay.commands).toEqual([]);
    expectPromises(pair);
  });

  it('R25: a result that differs ends the attempt; nobody is judged by it, and the next one begins clean', () => {
    const pair = PairHarness.of({ config: { joinComparisons: 3, onMismatch: 'switch' } });
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
    expect([pair.ledger.owner, pair.memberStateOf('b')]).toEqual(['a', 'set-aside']);
    wrong = false;
    pair.run(100);
    pair.inputs(5, 10, 'j');
    pair.run(200);
    expect(pair.upstream.answers).toHaveLength(7);
    expect(pair.ledger.fences).toEqual([]);
    expectInStep(pair);
  });

  it('R6, R25: a board that falls too far behind while it is compared starts again', () => {
    const pair = PairHarness.of({ config: { joinComparisons: 3, maxLag: 2, deadlineUs: 2_000_000 } });
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
    pair.runUntil(() => pair.memberStateOf('b') === 'set-aside');
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
    expect(pair.memberStatesOf('b').slice(-2)).toEqual(['joining', 'in-sync']);
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
