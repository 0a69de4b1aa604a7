import { describe, expect, it } from 'vitest';
import type { ToBoard } from '../../../src/pair/result/messages.js';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

/** Boards that cannot transfer their state; b has restarted after eight inputs, and executes them again. */
function replaying(): PairHarness {
  const pair = PairHarness.started({ transfersState: false });
  pair.inputs(8, 10);
  pair.run(140);
  pair.boards.b.restart();
  pair.runUntil(() => pair.joinStepOf('b') === 'replaying');
  return pair;
}

function expectJoined(pair: PairHarness): void {
  expect(pair.ledger.faultCodes()).toEqual(['restarted']);
  expect(pair.isProtected).toBe(true);
  expect(pair.boards.b.level).toBe(pair.boards.a.level);
  expectPromises(pair);
}

describe('a board that replays', () => {
  it.each<ToBoard['kind']>(['input', 'commit'])(
    'R14, R25: whose %s is lost once for each of many inputs has not been silent',
    (kind) => {
      const pair = replaying();
      const lost = new Set<number>();
      pair.links.b.toBoard.loses = ({ message }) => {
        if (message.kind !== kind || !('seq' in message) || lost.has(message.seq)) return false;
        lost.add(message.seq);
        return true;
      };
      pair.run(600);
      expect(lost.size).toBe(8);
      expectJoined(pair);
    },
  );

  it('R14, R25: is asked for one answer five times, and no more', () => {
    const pair = replaying();
    const atUs = pair.schedule.nowUs;
    pair.links.b.toBoard.loses = ({ message }) => message.kind === 'input';
    pair.runUntil(() => pair.ledger.faultCodes().includes('joining-failed'));
    expect(pair.ledger.faults.at(-1)?.evidence).toMatchObject({ step: 'replaying', why: 'no answer', in: 'replaying' });
    expect(pair.sentKinds('b', atUs)).toEqual(new Array(6).fill('input'));
  });

  it('R15, R25: and says that it was given another input is not compared further', () => {
    const pair = replaying();
    pair.runUntil(() => pair.boards.b.executions.at(-1)?.boot === 2);
    const { commit } = pair.ledger.input(pair.seqOf('i1')) ?? {};
    if (commit == null) throw new Error('no commit');
    pair.forge('b', { kind: 'result', seq: pair.seqOf('i1'), inputMatches: false, ...commit });
    expect(pair.joinStepOf('b')).toBe(null);
    pair.run(10);
    expect(pair.ledger.faults.at(-1)).toMatchObject({
      code: 'joining-failed',
      evidence: { why: 'a replayed result differs from the committed one' },
    });
  });

  it('R25: is judged by the result of the input that it was given, and by no other', () => {
    const pair = replaying();
    pair.runUntil(() => pair.boards.b.executions.at(-1)?.boot === 2);
    const { commit } = pair.ledger.input(pair.seqOf('i1')) ?? {};
    if (commit == null) throw new Error('no commit');
    for (const seq of [pair.seqOf('i2'), pair.seqOf('i8'), 99]) {
      pair.forge('b', { kind: 'result', seq, inputMatches: false, ...commit });
    }
    pair.run(400);
    expectJoined(pair);
  });

  it('R25: shows how far it is, of what the primary has executed', () => {
    const pair = replaying();
    const seen = new Set<string>();
    pair.runUntil(() => {
      const joining = pair.pair.boards.get('b')?.membership.joining;
      if (joining?.step === 'replaying') seen.add(`${joining.done} of ${joining.of}`);
      return pair.isProtected;
    });
    expect([...seen]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8].map((done) => `${done} of 8`));
  });

  it('R2, R25: is not given what the primary has not acted on, also when it is committed', () => {
    const pair = replaying();
    pair.links.a.toBoard.loses = ({ message }) => message.kind === 'commit';
    pair.input('x', 9);
    pair.run(40);
    const x = pair.seqOf('x');
    expect(pair.ledger.input(x)?.commit?.board).toBe('a');
    pair.runUntil(() => pair.boards.b.executions.filter(({ boot }) => boot === 2).length === 8);
    expect(pair.boards.b.executions.some(({ seq }) => seq === x)).toBe(false);
    pair.links.a.toBoard.loses = () => false;
    pair.run(300);
    expect(pair.boards.b.executions.at(-1)?.seq).toBe(x);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });
});
