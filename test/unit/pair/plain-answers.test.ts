import { describe, expect, it } from 'vitest';
import type { BoardWire } from '../../../src/pair/result/board-wire.js';
import { PairHarness } from './fixture/pair-harness.js';
import { PLAIN_WIRE, READ, WRITE } from './fixture/plain-board.js';

/** Two answers are alike within a tolerance where their first bytes are no more than 1 apart. */
const TOLERANT: BoardWire = {
  ...PLAIN_WIRE,
  compareAnswers: (_payload, [one], [other]) => {
    const [a = 0, b = 0] = [one?.body[0], other?.body[0]];
    if (Math.abs(a - b) <= 1) return { verdict: 'match', within: a === b ? 'exactly' : 'tolerance' };
    const texts = [`f=${a}`, `f=${b}`] as const;
    const difference = { field: 'line 1', unit: '', scale: null, committed: null, other: null, texts };
    return { verdict: 'mismatch', where: 'body', part: 0, differences: [difference] };
  },
};

describe('answers of boards with firmware of their own', () => {
  it('R20: what their link leaves out of the hash is not compared, and reaches upstream all the same', () => {
    const pair = PairHarness.plain();
    pair.boards.a.serial = [1];
    pair.boards.b.serial = [2];
    for (const value of [1, 2, 3]) pair.input(`w${value}`, WRITE, value);
    pair.run(300);
    expect(pair.ledger.faultCodes()).toEqual([]);
    expect(pair.isProtected).toBe(true);
    expect(pair.answersTo('w3')).toHaveLength(1);
  });

  it('R8, R20: numbers within the tolerance of their protocol are no difference, and the ledger has a verdict for the other hash', () => {
    const pair = PairHarness.plain({ wire: TOLERANT, onMismatch: 'stop' });
    pair.boards.b.corrupt = () => 1;
    for (const value of [1, 2, 3]) pair.input(`w${value}`, WRITE, value);
    pair.run(300);
    expect(pair.ledger.faultCodes()).toEqual([]);
    expect(pair.ledger.stopped).toBe(false);
    expect(pair.boards.b.written).toHaveLength(3);
    expect([...pair.ledger.refused]).toEqual([]);
  });

  it('R18: beyond it the fault has both answers as they stand', () => {
    const pair = PairHarness.plain({ wire: TOLERANT, onMismatch: 'alarm' });
    pair.boards.b.corrupt = () => 2;
    pair.input('w1', WRITE, 1);
    pair.run(300);
    const fault = pair.ledger.faults.find(({ code }) => code === 'mismatch');
    expect(fault?.evidence['differences']).toMatch(/^line 1: "f=\d+" \(board a\) against "f=\d+" \(board b\)$/);
  });

  it('R25: a board with other settings is kept out, with those that differ, before anything is protected', () => {
    const pair = PairHarness.plain();
    pair.boards.a.settings = [
      { asked: 'ID', answer: 'valve 7\n' },
      { asked: '$$', answer: '$0=1\n$120=10.000\nok\n' },
    ];
    pair.boards.b.settings = [
      { asked: 'ID', answer: 'valve 7\n' },
      { asked: '$$', answer: '$0=1\n$120=9.5\nok\n' },
    ];
    pair.killGateway();
    pair.run(10);
    pair.startGateway();
    pair.run(500);
    pair.boards.b.restart(true);
    pair.run(2_000);
    const fault = pair.ledger.faults.find(({ code }) => code === 'board-differs');
    expect(fault).toMatchObject({
      board: 'b',
      evidence: {
        differs: 'a setting',
        differences: '$$ line 2: "$120=10.000" (board a) against "$120=9.5" (board b)',
      },
    });
    expect(pair.isProtected).toBe(false);
  });

  it('R25: so is one that says otherwise only as its session is opened, when it is asked once more', () => {
    const pair = PairHarness.plain();
    pair.boards.a.settings = [{ asked: 'revision', answer: '1.0' }];
    const isOpening = () => pair.pair.boards.get('b')?.session.state === 'opening';
    Object.defineProperty(pair.boards.b, 'settings', {
      get: () => [{ asked: 'revision', answer: isOpening() ? '1.1 of another' : '1.0' }],
    });
    pair.killGateway();
    pair.run(10);
    pair.startGateway();
    pair.run(50);
    pair.boards.b.restart(true);
    pair.run(2_000);
    expect(pair.ledger.faults.find(({ code }) => code === 'board-differs')).toMatchObject({
      board: 'b',
      evidence: { differences: 'revision: "1.0" (board a) against "1.1 of another" (board b)' },
    });
    expect(pair.isProtected).toBe(false);
  });

  it.each(['a', 'b'] as const)('R25: one that cannot say who it is (board %s) is not refused for that', (silent) => {
    const pair = PairHarness.plain();
    for (const board of ['a', 'b'] as const) {
      if (board !== silent) pair.boards[board].settings = [{ asked: 'revision', answer: '1.0' }];
    }
    pair.killGateway();
    pair.run(10);
    pair.startGateway();
    pair.run(500);
    pair.boards.b.restart(true);
    pair.run(2_000);
    expect(pair.ledger.faultCodes()).not.toContain('board-differs');
    expect(pair.isProtected).toBe(true);
  });

  it('R25: so is one that was set otherwise, or exchanged, while no gateway ran', () => {
    const pair = PairHarness.plain();
    pair.killGateway();
    pair.boards.a.settings = [{ asked: 'ID', answer: 'valve 7\n' }];
    pair.boards.b.settings = [{ asked: 'ID', answer: 'valve 8 with another firmware\n' }];
    pair.run(10);
    pair.startGateway();
    pair.run(500);
    const fault = pair.ledger.faults.find(({ code }) => code === 'board-differs');
    expect(fault).toMatchObject({
      board: 'b',
      evidence: { differences: 'ID: "valve 7" (board a) against "valve 8 with another firmware" (board b)' },
    });
    expect(pair.isProtected).toBe(false);
    pair.input('r', READ);
    pair.run(100);
    expect(pair.answersTo('r')).toHaveLength(1);
    expect(pair.boards.b.executions).toEqual([]);
  });
});
