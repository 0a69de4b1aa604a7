import { describe, expect, it } from 'vitest';
import type { PairConfig } from '../../../src/pair/state/pair-config.js';
import { evidenceOf, LEVEL, ofThree, third } from './arbitration-kit.js';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

describe('limits of plausibility', () => {
  it.each([
    ['a', 'b'],
    ['b', 'a'],
  ] as const)('R19: decide against board %s, whose value is beyond them, without a third copy', (wrong, right) => {
    const pair = PairHarness.started({ config: { fields: [{ ...LEVEL, max: 100 }] } });
    pair.boards[wrong].corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x80 : 0);
    pair.input('x', 1);
    pair.run(900);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([
      expect.objectContaining({ board: wrong, decidedBy: 'plausibility', field: 'level', limit: 'max', allowed: 100 }),
    ]);
    expect([pair.ledger.owner, pair.isProtected]).toEqual([right === 'b' ? 'b' : 'a', true]);
  });

  it('R19: on a change that is faster than can be', () => {
    const pair = PairHarness.started({ config: { fields: [{ ...LEVEL, maxChangePerS: 1_000 }] } });
    pair.input('w', 1);
    pair.run(60);
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0xc0 : 0);
    pair.input('x', 1);
    pair.run(60);
    const [evidence] = evidenceOf(pair, 'judged-wrong');
    expect(evidence).toMatchObject({ board: 'b', decidedBy: 'plausibility', limit: 'rate' });
  });

  it('R19: tell which value of which board it was, in its unit', () => {
    const pair = PairHarness.started({ config: { fields: [{ ...LEVEL, max: 100 }] } });
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x80 : 0);
    pair.input('x', 1);
    pair.run(60);
    const level = (pair.boards.b.executions.find(({ seq }) => seq === pair.seqOf('x'))?.sum ?? 0) & 0xff;
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([
      expect.objectContaining({ wrong: 'b', field: 'level', unit: '%', value: level, limit: 'max', allowed: 100 }),
    ]);
  });

  it('R19: that neither of two different answers keeps to tell nothing', () => {
    const pair = PairHarness.started({ config: { fields: [{ ...LEVEL, max: 100 }] } });
    pair.boards.a.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x80 : 0);
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0xc0 : 0);
    pair.input('x', 1);
    pair.run(100);
    expect(evidenceOf(pair, 'mismatch')).toEqual([expect.objectContaining({ board: 'b', decidedBy: 'nothing' })]);
    expect([pair.ledger.owner, pair.memberStateOf('b')]).toEqual(['a', 'kept-out']);
  });

  it('R19: come before the third copy, which is not asked', () => {
    const pair = ofThree({ fields: [{ ...LEVEL, max: 100 }] });
    third(pair).halt();
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x80 : 0);
    pair.input('x', 1);
    pair.run(20);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([
      expect.objectContaining({ board: 'b', decidedBy: 'plausibility' }),
    ]);
  });

  it('R19: that both keep to tell nothing', () => {
    const pair = PairHarness.started({ config: { fields: [{ ...LEVEL, max: 255 }] } });
    pair.boards.b.corrupt = () => 0x80;
    pair.input('x', 1);
    pair.run(60);
    expect(evidenceOf(pair, 'mismatch')).toEqual([expect.objectContaining({ decidedBy: 'nothing' })]);
  });
});

describe('self-tests', () => {
  const differing = (config: Partial<PairConfig> = {}) => {
    const pair = PairHarness.started({ config: { selfTests: true, ...config } });
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    return pair;
  };
  const slicesOf = (pair: PairHarness, board: 'a' | 'b') =>
    pair.links[board].sent.flatMap(({ message }) => (message.kind === 'selfTest' ? [message.slice] : []));

  it('R19: the backup is tested first; a bad one is wrong, and stays out until a person lets it in', () => {
    const pair = differing();
    pair.boards.b.selfTest = 'bad';
    pair.input('x', 1);
    pair.run(100);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([
      expect.objectContaining({ board: 'b', decidedBy: 'self-test', failedTest: 'ram', slice: 1, ramFaultAt: 77 }),
    ]);
    expect(pair.ledger.faultCodes()).toEqual(['judged-wrong', 'self-test-failed']);
    expect([slicesOf(pair, 'a'), slicesOf(pair, 'b')]).toEqual([[], [0, 1]]);
    pair.run(500);
    expect([pair.ledger.owner, pair.memberStateOf('b')]).toEqual(['a', 'kept-out']);
    expectPromises(pair);
  });

  it('R10, R19: then the primary, beside its work; a bad one loses the lease and stays out, after a restart too', () => {
    for (const killed of [false, true]) {
      const pair = differing();
      pair.boards.a.selfTest = 'bad';
      pair.input('x', 1);
      pair.runUntil(() => pair.ledger.owner === 'b');
      if (killed) {
        pair.killGateway();
        pair.startGateway();
      }
      pair.run(500);
      expect(evidenceOf(pair, 'judged-wrong')).toEqual([
        expect.objectContaining({ board: 'a', decidedBy: 'self-test', failedTest: 'ram' }),
      ]);
      expect([slicesOf(pair, 'a'), slicesOf(pair, 'b')]).toEqual([
        [0, 1],
        [0, 1, 2],
      ]);
      expect([pair.ledger.owner, pair.memberStateOf('a')]).toEqual(['b', 'kept-out']);
    }
  });

  it('R19: the primary answers inputs all the while', () => {
    const pair = differing();
    pair.links.b.toBoard.loses = ({ message }) => message.kind === 'selfTest';
    pair.input('x', 1);
    pair.runUntil(() => slicesOf(pair, 'b').length > 0);
    pair.inputs(3, 10);
    pair.run(60);
    expect(pair.upstream.answers).toHaveLength(4);
    expect(pair.ledger.faultCodes()).toEqual([]);
    expect(pair.isProtected).toBe(false);
  });

  it('R6, R19: take their time, in which the backup may fall behind; beyond a bound the policy decides', () => {
    const pair = differing({ maxLag: 2, maxPending: 64 });
    pair.links.b.toBoard.loses = ({ message }) => message.kind === 'selfTest';
    pair.input('x', 1);
    pair.runUntil(() => slicesOf(pair, 'b').length > 0);
    pair.inputs(12, 8);
    pair.run(110);
    expect(pair.ledger.faultCodes()).toEqual([]);
    pair.inputs(8, 8, 'j');
    pair.run(110);
    expect(evidenceOf(pair, 'mismatch')).toEqual([
      expect.objectContaining({ board: 'b', behind: 17, policy: 'alarm' }),
    ]);
    expect(pair.ledger.faultCodes()).toEqual(['mismatch']);
  });

  it.each([
    ['find nothing', 'well', 'board b well, board a well'],
    ['are not there', 'none', 'board b unanswered, board a unanswered'],
  ] as const)('R19: that %s leave the policy to decide', (_what, selfTest, told) => {
    const pair = differing();
    pair.boards.a.selfTest = selfTest;
    pair.boards.b.selfTest = selfTest;
    pair.input('x', 1);
    pair.run(800);
    expect(evidenceOf(pair, 'mismatch')).toEqual([
      expect.objectContaining({ board: 'b', decidedBy: 'nothing', selfTests: told, policy: 'alarm' }),
    ]);
    expect(pair.memberStateOf('b')).toBe('kept-out');
  });

  it('R14: a lost slice is asked for again, and one that is reported twice counts once', () => {
    const pair = differing();
    pair.boards.b.selfTest = 'bad';
    pair.links.b.toBoard.loseNext(({ message }) => message.kind === 'selfTest');
    pair.input('x', 1);
    pair.runUntil(() => slicesOf(pair, 'b').length === 2);
    const well = { last: false, flash: 'not-tested', ram: 'ok', ramFaultAt: null, cpu: 'ok' } as const;
    pair.forge('b', { kind: 'selfTestReport', slice: 0, ...well });
    pair.forge('b', { kind: 'selfTestReport', slice: 0, ...well });
    pair.forge('b', { kind: 'selfTestReport', slice: 7, ...well, ram: 'bad' });
    pair.run(200);
    expect(slicesOf(pair, 'b').slice(0, 3)).toEqual([0, 0, 1]);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([expect.objectContaining({ slice: 1 })]);
  });

  it('R19: are asked only where the third copy does not tell, and forgotten when the dispute is over', () => {
    const pair = ofThree({ selfTests: true });
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
    pair.input('x', 1);
    pair.run(100);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([expect.objectContaining({ decidedBy: 'third-copy' })]);
    expect([slicesOf(pair, 'a'), slicesOf(pair, 'b')]).toEqual([[], []]);
  });

  it('R22: end with a primary that dies meanwhile: what was given out and differs stops the pair', () => {
    const pair = differing();
    pair.boards.b.selfTest = 'none';
    pair.input('x', 1);
    pair.runUntil(() => slicesOf(pair, 'b').length > 0);
    pair.cut('a');
    pair.run(300);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'mismatch', 'pair-stopped']);
    expect([...pair.pair.boards.values()].map(({ selfTest }) => selfTest)).toEqual([null, null]);
  });
});

describe('results within tolerance', () => {
  it('R16, R20: leave states that differ, which no probe is to call a mismatch', () => {
    const pair = PairHarness.started({ config: { fields: [{ ...LEVEL, tolerance: 3 }], probeEveryUs: 50_000 } });
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 2 : 0);
    pair.input('x', 1);
    pair.run(300);
    expect(pair.ledger.faultCodes()).toEqual([]);
    expect(pair.isProtected).toBe(true);
  });

  it('R8, R20: are a match; the ledger is told, and both boards act on their own', () => {
    const pair = PairHarness.started({ config: { fields: [{ ...LEVEL, tolerance: 3 }] } });
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 2 : 0);
    pair.input('x', 1);
    pair.run(100);
    expect([pair.boards.a.actedSeqs.length, pair.boards.b.actedSeqs.length]).toEqual([1, 1]);
    expect(pair.ledger.faultCodes()).toEqual([]);
    expect(pair.isProtected).toBe(true);
  });
});
