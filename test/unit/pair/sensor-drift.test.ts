import { describe, expect, it } from 'vitest';
import { noteReadings } from '../../../src/pair/arbitration/sensor-drift.js';
import { newBoard } from '../../../src/pair/state/board-state.js';
import type { PairConfig } from '../../../src/pair/state/pair-config.js';
import type { PairState, Step } from '../../../src/pair/state/pair-state.js';
import { boardOf } from '../../../src/pair/state/roles.js';
import { PAIR_CONFIG, restoredPair } from '../gateway-kit.js';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

const SOURCES: PairConfig['sources'] = [{ name: 'temperature', unit: 'degC', scale: 0.5, tolerance: 2 }];

function started(config: Partial<PairConfig> = {}): PairHarness {
  const pair = PairHarness.started({ config: { sources: SOURCES, ...config } });
  pair.boards.a.reading = 120;
  pair.boards.b.reading = 120;
  return pair;
}

let rounds = 0;
/** Gives so many inputs, one after the other, and lets the backup copy them. */
function give(pair: PairHarness, inputs: number): void {
  pair.inputs(inputs, 20, `round ${++rounds} input `);
  pair.run(inputs * 20 + 60);
}

describe('R21: both boards’ own readings', () => {
  it('are one fault by name when they differ beyond their tolerance, so often in a row; it is no mismatch', () => {
    const pair = started();
    give(pair, 3);
    pair.boards.b.reading = 125;
    give(pair, 2);
    expect(pair.ledger.faultCodes()).toEqual([]);
    give(pair, 20);
    expect(pair.ledger.faults).toHaveLength(1);
    expect(pair.ledger.faults[0]).toMatchObject({
      code: 'sensor-drift',
      board: null,
      evidence: {
        source: 'temperature',
        readings: '60.0 degC (board a) against 62.5 degC (board b)',
        tolerance: '2.0 degC',
        inARow: 3,
      },
    });
    expect(pair.memberStateOf('b')).toBe('in-sync');
    expect(pair.memberStateOf('a')).toBe('in-sync');
    expect(pair.ledger.owner).toBe('a');
    expect(pair.upstream.answers).toHaveLength(25);
    expectPromises(pair);
  });

  it('are none while they differ within the tolerance, or not so often in a row', () => {
    const pair = started();
    pair.boards.b.reading = 124;
    give(pair, 6);
    for (let round = 0; round < 4; round++) {
      pair.boards.b.reading = 125;
      give(pair, 2);
      pair.boards.b.reading = 116;
      give(pair, 1);
    }
    expect(pair.ledger.faultCodes()).toEqual([]);
  });

  it('end the story when they have agreed as often again, and may drift anew', () => {
    const pair = started({ driftReadings: 2 });
    const differ = (by: number, inputs: number) => {
      pair.boards.a.reading = 120 + by;
      give(pair, inputs);
    };
    differ(5, 2);
    expect(pair.ledger.faultCodes()).toEqual(['sensor-drift']);
    differ(0, 1);
    differ(-5, 1);
    differ(0, 1);
    const ends = () => pair.ledger.notes.filter(({ step }) => step === 'ended');
    expect(ends()).toEqual([]);
    differ(0, 1);
    expect(ends()).toMatchObject([
      {
        faultId: pair.ledger.faults[0]?.faultId,
        detail: { source: 'temperature', readings: '60.0 degC (board a) against 60.0 degC (board b)' },
      },
    ]);
    differ(0, 4);
    expect(pair.ledger.faultCodes()).toEqual(['sensor-drift']);
    differ(5, 2);
    expect(pair.ledger.faultCodes()).toEqual(['sensor-drift', 'sensor-drift']);
  });

  it('are not compared without a tolerance, and not where the configuration names no source', () => {
    const [source] = SOURCES;
    if (source === undefined) throw new Error('the test has no source');
    for (const sources of [[{ ...source, tolerance: null }], []]) {
      const pair = started({ sources });
      pair.boards.b.reading = 500;
      give(pair, 6);
      expect(pair.ledger.faultCodes()).toEqual([]);
    }
  });

  it('are compared exactly with the tolerance 0, and a source that no board reads is none', () => {
    const [source] = SOURCES;
    if (source === undefined) throw new Error('the test has no source');
    const pair = started({
      sources: [
        { ...source, tolerance: 0 },
        { ...source, name: 'unused' },
      ],
    });
    pair.boards.b.reading = 121;
    give(pair, 6);
    expect(pair.ledger.faults.map(({ evidence }) => evidence['source'])).toEqual(['temperature']);
  });

  it('say nothing of a board that is not in the pair yet, or any more', () => {
    const pair = started({ joinComparisons: 6, probeEveryUs: 50_000 });
    pair.boards.b.reading = 200;
    pair.cut('b');
    pair.run(50);
    pair.reconnect('b');
    pair.inputs(40, 20);
    pair.runUntil(() => pair.memberStateOf('b') === 'joining');
    const before = pair.boards.b.executions.length;
    pair.runUntil(() => pair.memberStateOf('b') === 'in-sync');
    expect(pair.boards.b.executions.slice(before).filter(({ probe }) => !probe).length).toBeGreaterThan(3);
    expect(pair.ledger.faultCodes()).not.toContain('sensor-drift');
    pair.run(300);
    expect(pair.ledger.faultCodes().filter((code) => code === 'sensor-drift')).toHaveLength(1);
  });

  it('stay one fault over a switchover: it is the pair of sensors that differs', () => {
    const pair = started();
    pair.boards.b.reading = 130;
    give(pair, 4);
    expect(pair.ledger.faultCodes()).toEqual(['sensor-drift']);
    pair.command({ command: 'switch' });
    pair.run(200);
    expect(pair.ledger.owner).toBe('b');
    give(pair, 6);
    expect(pair.ledger.faultCodes().filter((code) => code === 'sensor-drift')).toHaveLength(1);
    expectPromises(pair);
  });
});

describe('R21: what counts as a pair of readings', () => {
  const config: PairConfig = { ...PAIR_CONFIG, sources: SOURCES, driftReadings: 1 };

  /** Both boards in the pair, and readings far apart: how many faults does that make? */
  function faults(
    change: (pair: PairState) => void = () => undefined,
    [ours, theirs]: readonly [readonly number[], readonly number[]] = [[120], [160]],
    who: { readonly board?: string; readonly committed?: string } = {},
  ): number {
    const pair = restoredPair(0, { session: 1, boot: 1 }, config);
    pair.phase = 'serving';
    change(pair);
    const step: Step = { pair, atUs: 0, effects: [], answers: [] };
    const board = pair.boards.get(who.board ?? 'b') ?? newBoard(who.board ?? 'b');
    noteReadings(step, board, { board: who.committed ?? 'a', observed: ours }, { seq: 1, observed: theirs });
    return step.effects.filter(({ type }) => type === 'openFault').length;
  }

  it('the pair serves or drains, and does nothing else', () => {
    expect(faults()).toBe(1);
    const phases = ['starting', 'serving', 'draining', 'fencing', 'catching-up', 'moving', 'stopped'] as const;
    const counted = phases.filter((phase) => faults((pair) => Object.assign(pair, { phase })) > 0);
    expect(counted).toEqual(['serving', 'draining']);
  });

  it('both boards are in the pair, and are two of its own', () => {
    for (const id of ['a', 'b']) {
      for (const memberState of ['joining', 'set-aside', 'locked-out', 'kept-out'] as const) {
        expect(faults((pair) => Object.assign(boardOf(pair, id).membership, { state: memberState }))).toBe(0);
      }
    }
    expect(faults(undefined, undefined, { board: 'a' })).toBe(0);
    expect(faults(undefined, undefined, { board: 'third' })).toBe(0);
    expect(faults(undefined, undefined, { committed: 'third' })).toBe(0);
    expect(faults(undefined, undefined, { board: 'a', committed: 'b' })).toBe(1);
  });

  it('both have read it', () => {
    expect(faults(undefined, [[], [160]])).toBe(0);
    expect(faults(undefined, [[120], []])).toBe(0);
    expect(faults(undefined, [[], []])).toBe(0);
    expect(
      faults(undefined, [
        [120, 0],
        [120, 9],
      ]),
    ).toBe(0);
  });
});
