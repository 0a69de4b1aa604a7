import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { brokenPromises, expectPromises } from './fixture/promises.js';
import { expectInStep } from './joining-kit.js';

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
      const pair = PairHarness.of();
      change(pair);
      pair.startGateway();
      pair.inputs(3, 10);
      pair.run(2_000);
      expect(pair.memberStateOf('b')).toBe('kept-out');
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

  it.each([
    [6, 'at most 4'],
    [2, 1],
  ])(
    'R25: a board that cannot take %i output levels is kept out, with the numbers, at once',
    (levels, boardOutputs) => {
      const pair = PairHarness.of();
      pair.boards.a.alterState = (chunk) => ({ ...chunk, outputs: Array.from({ length: levels }, () => 1) });
      pair.startGateway();
      pair.inputs(3, 10);
      pair.run(2_000);
      expect(pair.memberStateOf('b')).toBe('kept-out');
      expect(pair.ledger.faults).toMatchObject([
        {
          ...{ board: 'b', code: 'board-differs' },
          evidence: { differs: 'number of outputs', primaryOutputs: levels, boardOutputs },
        },
      ]);
      expect(pair.boards.b.transfers).toEqual([]);
      expect(pair.upstream.answers).toHaveLength(3);
    },
  );

  it('R25: a board that leaves the pair again and again, until a person says otherwise', () => {
    const pair = PairHarness.started({ config: { flapLimit: 2, flapPermanent: 2 } });
    for (let n = 0; n < 3; n++) {
      expect(pair.isProtected).toBe(true);
      pair.boards.b.restart();
      pair.run(100);
    }
    expect(pair.memberStateOf('b')).toBe('kept-out');
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
    expect(pair.memberStateOf('b')).toBe('kept-out');
    pair.killGateway();
    pair.startGateway();
    const atUs = pair.schedule.nowUs;
    pair.inputs(2, 5);
    pair.run(500);
    expect(pair.memberStateOf('b')).toBe('kept-out');
    expect(pair.sentKinds('b', atUs)).toEqual([]);
    expect(pair.upstream.answers).toHaveLength(2);
    expectPromises(pair);
  });

  it('R25: the old primary too, when it flaps', () => {
    const pair = PairHarness.started({ config: { flapLimit: 0 } });
    pair.boards.a.restart();
    pair.run(300);
    expect([pair.ledger.owner, pair.memberStateOf('a')]).toEqual(['b', 'kept-out']);
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
    expect(pair.memberStateOf('b')).toBe('kept-out');
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
