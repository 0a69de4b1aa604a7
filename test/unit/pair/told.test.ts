import { describe, expect, it } from 'vitest';
import type { FaultDetail } from '../../../src/pair/state/effects.js';
import { type HarnessOptions, PairHarness } from './fixture/pair-harness.js';

/** What each fault is told with: a person reads it, and nothing else says what was seen. */
const stories: Readonly<
  Record<string, { options?: HarnessOptions; run: (pair: PairHarness) => void; told: readonly [string, FaultDetail][] }>
> = {
  'a primary that hangs in an input': {
    run: (pair) => {
      pair.boards.a.onMoment = (moment) => moment === 'executing' && pair.boards.a.halt();
      pair.inputs(1);
    },
    told: [['silent', { waitedFor: 'RESULT', waitedForMs: 60, deadlineMs: 60, repeats: 2 }]],
  },
  'a primary that hangs with its commit': {
    run: (pair) => {
      pair.boards.a.onMoment = (moment) => moment === 'commit-arrived' && pair.boards.a.halt();
      pair.inputs(1);
    },
    told: [['silent', { waitedFor: 'DONE', waitedForMs: 60, deadlineMs: 60, repeats: 2 }]],
  },
  'a backup that hangs': {
    run: (pair) => {
      pair.boards.b.halt();
      pair.inputs(1);
    },
    told: [['silent', { waitedFor: 'RESULT', waitedForMs: 60, deadlineMs: 60, repeats: 2 }]],
  },
  'a primary that is unplugged': {
    run: (pair) => pair.cut('a'),
    told: [['unplugged', { link: 'pulled out' }]],
  },
  'a primary that is unplugged, and nobody there': {
    run: (pair) => {
      pair.cut('b');
      pair.run(1);
      pair.cut('a');
    },
    told: [
      ['unplugged', { link: 'pulled out' }],
      ['unplugged', { link: 'pulled out', backup: 'none that is in sync' }],
    ],
  },
  'a primary that restarts': {
    run: (pair) => pair.boards.a.restart(),
    told: [['restarted', { resetCause: 'powerOn', boot: 2, bootBefore: 1 }]],
  },
  'a primary that shuts itself down, and nobody there': {
    run: (pair) => {
      pair.cut('b');
      pair.run(1);
      pair.boards.a.fail('state-corrupt');
    },
    told: [
      ['unplugged', { link: 'pulled out' }],
      ['failed', { reason: 'state-corrupt', detail: 0, backup: 'none that is in sync' }],
      ['pair-stopped', { why: 'board a failed (failed) and no backup is in sync', pending: 0 }],
    ],
  },
  'an input that two boards died of': {
    run: (pair) => {
      for (const board of Object.values(pair.boards)) {
        board.onMoment = (moment) => moment === 'executing' && board.restart();
      }
      pair.inputs(1);
    },
    told: [
      ['restarted', { resetCause: 'powerOn', boot: 2, bootBefore: 1 }],
      ['restarted', { resetCause: 'powerOn', boot: 2, bootBefore: 1 }],
      ['input-quarantined', { diedOnIt: 'a and b', deaths: 2 }],
      ['pair-stopped', { why: 'board b failed (restarted) while it took over', pending: 1 }],
    ],
  },
  'a joiner that restarts': {
    run: (pair) => {
      pair.boards.b.restart();
      pair.runUntil(() => pair.joinStepOf('b') === 'writing');
      pair.boards.b.restart();
    },
    told: [
      ['restarted', { resetCause: 'powerOn', boot: 2, bootBefore: 1 }],
      ['joining-failed', { step: 'writing', why: 'restarted', resetCause: 'powerOn', boot: 3, bootBefore: 2 }],
    ],
  },
  'two results that differ': {
    run: (pair) => {
      pair.boards.b.rejects = () => true;
      pair.inputs(1);
    },
    told: [
      [
        'mismatch',
        {
          differs: 'body',
          differences: 'rejected: no (board a) against yes (board b)',
          decidedBy: 'nothing',
          committedBy: 'a',
          committedResult: '120000',
          otherBoard: 'b',
          otherResult: '',
          otherRejected: true,
          committedDigest: 1_922_605_585,
          otherDigest: 2_575_877_834,
          committedImage: 1,
          otherImage: 1,
          selfTests: 'not asked: self-tests is never (the default with on-mismatch: switch or stop)',
          policy: 'alarm',
          stateBytes: 100,
        },
      ],
    ],
  },
  'two results that differ, and the policy to stop': {
    options: { config: { onMismatch: 'stop' } },
    run: (pair) => {
      pair.boards.b.corrupt = () => 1;
      pair.inputs(1);
    },
    told: [
      ['mismatch', expect.objectContaining({ differs: 'body', policy: 'stop' }) as FaultDetail],
      ['pair-stopped', { why: 'the boards differ', pending: 1 }],
    ],
  },
  'two results that differ, and the policy to switch': {
    options: { config: { onMismatch: 'switch' } },
    run: (pair) => {
      pair.boards.b.corrupt = () => 1;
      pair.inputs(1);
    },
    told: [
      ['mismatch', expect.objectContaining({ committedBy: 'a', otherBoard: 'b', policy: 'switch' }) as FaultDetail],
    ],
  },
  'a lost INPUT': {
    run: (pair) => {
      pair.links.a.toBoard.loseNext(({ message }) => message.kind === 'input');
      pair.inputs(1);
    },
    told: [['link-degraded', { repeated: 'INPUT', repeats: 1 }]],
  },
  'a lost COMMIT': {
    run: (pair) => {
      pair.links.a.toBoard.loseNext(({ message }) => message.kind === 'commit');
      pair.inputs(1);
    },
    told: [['link-degraded', { repeated: 'COMMIT', repeats: 1 }]],
  },
  'a backup that is behind': {
    options: { config: { maxLag: 2, deadlineUs: 1_000_000, maxPending: 32 } },
    run: (pair) => {
      pair.boards.b.slowDown(900_000);
      pair.inputs(4);
    },
    told: [['backup-behind', { behind: 3, allowed: 2 }]],
  },
  'a relay that does not follow': {
    run: (pair) => {
      pair.relay.stuck = true;
      pair.boards.a.fail('output-corrupt');
    },
    told: [
      ['failed', { reason: 'output-corrupt', detail: 0 }],
      ['relay-stuck', { to: 'b', takingOver: true }],
      ['pair-stopped', { why: 'the relay does not follow', pending: 0 }],
    ],
  },
  'a relay that does not follow at a start': {
    run: (pair) => pair.post({ type: 'relayStuck', to: 'a' }),
    told: [['relay-stuck', { to: 'a', takingOver: false }]],
  },
  'a restart of the gateway': {
    run: (pair) => {
      pair.ledgerAnswers = true;
      pair.input('x', 1);
      pair.runUntil(() => pair.boards.a.executedSeqs.length === 1);
      pair.killGateway();
      pair.startGateway();
    },
    told: [['gateway-restarted', { unfinished: 1, primary: 'a' }]],
  },
  'boards without a past': {
    run: (pair) => {
      pair.input('x', 1);
      pair.run(40);
      pair.killGateway();
      pair.boards.a.restart(false);
      pair.boards.b.restart(false);
      pair.startGateway();
    },
    told: [
      ['gateway-restarted', { unfinished: 0, primary: 'a' }],
      ['pair-restarted', { unfinished: 0 }],
    ],
  },
  'a primary that was found restarted at a start': {
    run: (pair) => {
      pair.input('x', 1);
      pair.run(40);
      pair.killGateway();
      pair.boards.a.restart(false);
      pair.startGateway();
    },
    told: [
      ['gateway-restarted', { unfinished: 0, primary: 'a' }],
      ['restarted', { found: 'at the start of the gateway', resetCause: 'powerOn' }],
    ],
  },
  'a result for an input that was never given': {
    run: (pair) => {
      const result = { parts: [], digest: 0, hash: 0, observed: [], inputMatches: true } as const;
      const { session } = pair.boards.a;
      pair.post({
        type: 'messageReceived',
        board: 'a',
        session,
        message: { kind: 'result', seq: 30, executionCount: 1, ...result },
      });
    },
    told: [['unknown-result', { result: 30, highestGiven: 0 }]],
  },
  'a result for another input under the same seq': {
    run: (pair) => {
      pair.links.a.heard = ({ inputCrc: _, ...result }) => ({ ...result, inputMatches: false });
      pair.inputs(1);
    },
    told: [['unknown-result', { inputMatches: false, result: 1 }]],
  },
  'DONE without a commit': {
    run: (pair) => {
      pair.boards.a.slowDown(30_000);
      pair.inputs(1);
      pair.run(5);
      const { session } = pair.boards.a;
      const message = { kind: 'done', seq: 1, stale: false, readBack: [] } as const;
      pair.post({ type: 'messageReceived', board: 'a', session, message });
    },
    told: [['done-without-commit', { done: 1, stale: false }]],
  },
  'DONE of an input that was never given': {
    run: (pair) => {
      const { session } = pair.boards.a;
      const message = { kind: 'done', seq: 30, stale: false, readBack: [] } as const;
      pair.post({ type: 'messageReceived', board: 'a', session, message });
    },
    told: [['done-without-commit', { done: 30 }]],
  },
  'a board that flaps': {
    options: { config: { flapLimit: 0, flapWindowUs: 120_000_000 } },
    run: (pair) => pair.boards.b.restart(),
    told: [
      ['restarted', { resetCause: 'powerOn', boot: 2, bootBefore: 1 }],
      ['board-flaps', { leftTimes: 1, allowed: 0, withinMinutes: 1 }],
    ],
  },
};

describe('what is told of a fault', () => {
  it.each(Object.keys(stories))('R15, R24: %s, with what was seen', (name) => {
    const story = stories[name];
    const pair = PairHarness.started(story?.options);
    story?.run(pair);
    pair.run(90);
    const told = pair.ledger.faults.map(({ code, evidence }) => [code, evidence]);
    expect(told.slice(0, story?.told.length)).toEqual(story?.told);
    // The evidence is the first step of its story as well.
    for (const { faultId } of pair.ledger.faults) {
      expect(pair.ledger.notes.find((note) => note.faultId === faultId)?.step).toBe('evidence');
    }
  });

  it('R10: the steps of a takeover, in order, with their particulars', () => {
    const pair = PairHarness.started();
    pair.inputs(1);
    pair.run(40);
    pair.boards.a.slowDown(75_000);
    pair.input('late', 2);
    pair.run(300);
    const fault = pair.ledger.faults[0];
    const steps = pair.ledger.notes.filter(({ faultId }) => faultId === fault?.faultId);
    const seq = pair.seqOf('late');
    expect(fault).toMatchObject({ code: 'silent', board: 'a', seq });
    expect(steps.map(({ step, detail }) => [step, detail])).toEqual([
      ['evidence', fault?.evidence],
      ['declared-failed', { board: 'a', reason: 'silent', pending: 1 }],
      ['fenced', { lockedOut: 'a', epoch: 2, pending: 1 }],
      ['relay-commanded', { to: 'b', unfinished: 0 }],
      ['first-input-given', { board: 'b', input: seq }],
      ['first-answer', { board: 'b', input: seq }],
      ['relay-moved', { to: 'b', proved: true }],
      ['took-over', { primary: 'b', lockedOut: 'a' }],
      ['late-commit-refused', { board: 'a', input: seq }],
      ['violation-sent', { board: 'a', input: seq }],
      ['joined', { board: 'a', compared: 0 }],
    ]);
  });

  it('R10: the first answer of a takeover is told once, and a stop with its reason', () => {
    const pair = PairHarness.started();
    pair.boards.a.onMoment = (moment) => moment === 'executing' && pair.boards.a.halt();
    pair.inputs(3);
    pair.run(300);
    const first = pair.ledger.notes.filter(({ step }) => step === 'first-answer');
    expect(first.map(({ detail }) => detail)).toEqual([{ board: 'b', input: pair.seqOf('i1') }]);
    pair.boards.b.fail('state-corrupt');
    pair.run(20);
    const why = 'board b failed (failed) and no backup is in sync';
    expect(pair.ledger.notes.at(-1)).toMatchObject({ step: 'stopped', detail: { why } });
  });

  it('R8: a late board that asks again and again is told of once', () => {
    const pair = PairHarness.started();
    pair.relay.operateUs = () => 150_000;
    pair.inputs(1);
    pair.run(40);
    pair.boards.a.slowDown(62_000);
    pair.input('late', 2);
    pair.run(500);
    const late = pair.ledger.refused.filter(({ board }) => board === 'a').length;
    expect(late).toBeGreaterThan(2);
    const steps = pair.ledger.notes.map(({ step }) => step);
    expect(steps.filter((step) => step === 'late-commit-refused')).toHaveLength(1);
    expect(steps.filter((step) => step === 'violation-sent')).toHaveLength(1);
    expect(pair.sentKinds('a').filter((kind) => kind === 'violation')).toHaveLength(1);
  });

  it('R26: the steps of a switchover', () => {
    const pair = PairHarness.started();
    pair.inputs(1);
    pair.run(40);
    pair.command({ command: 'switch' });
    pair.run(60);
    expect(pair.ledger.notes.map(({ step, detail }) => [step, detail])).toEqual([
      ['evidence', { from: 'a', to: 'b' }],
      ['declared-failed', { board: 'a', planned: true }],
      ['fenced', { lockedOut: null, epoch: 2, pending: 0 }],
      ['relay-commanded', { to: 'b', unfinished: 0 }],
      ['relay-moved', { to: 'b', proved: true }],
      ['took-over', { primary: 'b', lockedOut: null }],
    ]);
  });

  it('R24, R25: the steps of a backup that leaves, and of one that is kept out', () => {
    const pair = PairHarness.started({ config: { flapLimit: 1, flapPermanent: 1 } });
    pair.boards.b.restart();
    pair.run(60);
    pair.boards.b.restart();
    pair.run(60);
    expect(pair.ledger.notes.map(({ faultId, step, detail }) => [faultId, step, detail])).toEqual([
      [1, 'evidence', { resetCause: 'powerOn', boot: 2, bootBefore: 1 }],
      [1, 'set-aside', { board: 'b', primary: 'a' }],
      [1, 'joined', { board: 'b', compared: 0 }],
      [2, 'evidence', { resetCause: 'powerOn', boot: 3, bootBefore: 2 }],
      [2, 'set-aside', { board: 'b', primary: 'a' }],
      [2, 'kept-out', { board: 'b', primary: 'a', leftTimes: 2, withinMinutes: 1 }],
      [3, 'evidence', expect.objectContaining({ leftTimes: 2, allowed: 1 })],
      [3, 'kept-out', { board: 'b', primary: 'a' }],
    ]);
  });
});
