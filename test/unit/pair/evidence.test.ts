import { describe, expect, it } from 'vitest';
import { actOnEvidence } from '../../../src/pair/failover/declare-failed.js';
import { accuse, leave, stop } from '../../../src/pair/state/accuse.js';
import type { BoardState } from '../../../src/pair/state/board-state.js';
import type { PairState, Step } from '../../../src/pair/state/pair-state.js';
import { boardOf, isAccused } from '../../../src/pair/state/roles.js';
import { restoredPair } from '../gateway-kit.js';

/** A pair that serves, both boards in it and open, and a step that has begun. */
function serving(): { readonly pair: PairState; readonly step: Step; readonly a: BoardState; readonly b: BoardState } {
  const pair = restoredPair(0, { session: 1, boot: 7 });
  pair.phase = 'serving';
  for (const board of pair.boards.values()) {
    board.link.isUp = true;
    board.session.state = 'open';
  }
  return { pair, step: { pair, atUs: 1_000, effects: [], answers: [] }, a: boardOf(pair, 'a'), b: boardOf(pair, 'b') };
}

const typesOf = ({ effects }: Step): string[] => effects.map(({ type }) => type);
const codesOf = ({ effects }: Step): string[] =>
  effects.flatMap((effect) => (effect.type === 'openFault' ? [effect.fault.code] : []));

describe('evidence', () => {
  it('R12: is noted and nothing else; from then on nothing from that board counts', () => {
    const { pair, step, a, b } = serving();
    accuse(step, b, 'silent', 3, {});
    expect([typesOf(step), pair.phase, b.membership.state]).toEqual([[], 'serving', 'in-sync']);
    expect([isAccused(pair, a), isAccused(pair, b)]).toEqual([false, true]);
    actOnEvidence(step);
    expect([pair.findings.noted, b.membership.state, isAccused(pair, b)]).toEqual([[], 'set-aside', false]);
  });

  it('R10: against the primary is a takeover, and what comes after it in the same step is no second one', () => {
    const { pair, step, a } = serving();
    accuse(step, a, 'failed', null, { reason: 'first' });
    accuse(step, a, 'unplugged', null, { link: 'second' });
    actOnEvidence(step);
    expect(typesOf(step).filter((type) => type === 'recordFence')).toHaveLength(1);
    expect([codesOf(step), pair.phase, pair.takeover?.reason]).toEqual([['failed'], 'fencing', 'failed']);
  });

  it('R10, R24: against both is acted on in the order in which it was found', () => {
    const backupFirst = serving();
    accuse(backupFirst.step, backupFirst.b, 'silent', null, {});
    accuse(backupFirst.step, backupFirst.a, 'silent', null, {});
    actOnEvidence(backupFirst.step);
    expect(codesOf(backupFirst.step)).toEqual(['silent', 'silent', 'pair-stopped']);
    expect(typesOf(backupFirst.step)).not.toContain('recordFence');
    const primaryFirst = serving();
    accuse(primaryFirst.step, primaryFirst.a, 'silent', null, {});
    accuse(primaryFirst.step, primaryFirst.b, 'silent', null, {});
    actOnEvidence(primaryFirst.step);
    expect(typesOf(primaryFirst.step)).toContain('recordFence');
    expect([primaryFirst.pair.phase, codesOf(primaryFirst.step).at(-1)]).toEqual(['stopped', 'pair-stopped']);
  });

  it('R13: of several reasons to stop the first is told, and nobody is accused in a stopped pair', () => {
    const { pair, step, a } = serving();
    stop(step, 'the first', 4);
    stop(step, 'the second', 5);
    accuse(step, a, 'silent', null, {});
    actOnEvidence(step);
    const told = step.effects.flatMap((effect) => (effect.type === 'openFault' ? [effect.fault] : []));
    expect(told.map(({ code, seq, evidence }) => [code, seq, evidence['why']])).toEqual([
      ['pair-stopped', 4, 'the first'],
    ]);
    expect(pair.phase).toBe('stopped');
  });

  it('R25: a board that leaves without blame is out, and no fault is told', () => {
    const { step, b } = serving();
    leave(step, b, null, 'later');
    actOnEvidence(step);
    expect([b.membership.state, b.session.state, codesOf(step)]).toEqual(['set-aside', 'closed', []]);
  });

  it('R25: a board that is out already is not taken out again', () => {
    const { step, b } = serving();
    b.membership.state = 'kept-out';
    leave(step, b, null, 'later');
    actOnEvidence(step);
    expect([b.membership.state, typesOf(step)]).toEqual(['kept-out', []]);
  });
});
