import { describe, expect, it } from 'vitest';
import type { StateChunk } from '../../../src/pair/result/messages.js';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';
import { stride } from './fixture/thin-out.js';
import { expectInStep, offsets, rejoining } from './joining-kit.js';

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
    ['digest', ({ digest }: StateChunk) => ({ digest: (digest ?? 0) + 1 })],
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
      const transfers = pair.ledger.memberStates.length;
      pair.run(60);
      const fault = pair.ledger.faults.find(({ code }) => code === 'joining-failed');
      expect(fault?.evidence).toMatchObject({ step: 'writing', why: 'the board has another state than was sent' });
      expect(pair.ledger.memberStates.slice(transfers).map(({ standing: memberState }) => memberState)).not.toContain(
        'joining',
      );
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
