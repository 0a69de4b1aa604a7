import { describe, expect, test } from 'vitest';
import type { BenchBoard } from '../../src/bench/bench-board.js';
import { ScriptedBoard } from '../../src/bench/scripted-board.js';
import { FlashSum } from '../../src/link/harness/flash-sum.js';
import { selfTestReportFromWire } from '../../src/link/harness/self-test-report.js';
import { ScriptedOrder } from '../../src/model-board/execution-order.js';
import { heaterPayload } from '../../src/model-board/heater-reference.js';
import type { SelfTestReport } from '../../src/pair/result/messages.js';
import { Conversation } from './bench-conversation.js';

const payload = (setPointC: number, measuredC: number) => heaterPayload(setPointC * 16, measuredC * 16);
const bootUs = 300_000;

function serving(board: BenchBoard): Conversation {
  const talk = new Conversation(board);
  talk.wait(bootUs);
  talk.open(7);
  return talk;
}

describe('ScriptedBoard', () => {
  test('R3: collects three inputs and runs them 3, 1, 2; without a third it falls back to arrival order', () => {
    const order = new ScriptedOrder();
    const board = new ScriptedBoard({ seed: 1, order });
    const talk = serving(board);
    for (const seq of [1, 2, 3]) talk.input(seq, payload(60, 20));
    const results = talk.wait(20_000, 'result');
    expect(results.map(({ seq, executionCount }) => [seq, executionCount])).toEqual([
      [3, 1],
      [1, 2],
      [2, 3],
    ]);
    for (const result of results) talk.commit(result);
    talk.wait(20_000);
    for (const seq of [4, 5]) talk.input(seq, payload(60, 20));
    expect(talk.wait(20_000, 'result')).toEqual([]);
    expect(talk.wait(20_000, 'result').map(({ seq }) => seq)).toEqual([4, 5]);
    expect(board.executed.map(({ seq }) => seq)).toEqual([3, 1, 2, 4, 5]);
    expect(board.acted.map(({ seq }) => seq)).toEqual([3, 1, 2]);
    expect(order.counters).toEqual({ groups: 1, fallbacks: 1 });
  });

  test('R3: positions stand above an order of its own', () => {
    const board = new ScriptedBoard({ seed: 1, order: new ScriptedOrder() });
    const talk = serving(board);
    for (const [seq, position] of [
      [3, 2],
      [1, 3],
      [2, 1],
    ] as const) {
      talk.input(seq, payload(60, 20), { position });
    }
    expect(talk.wait(20_000, 'result').map(({ seq }) => seq)).toEqual([2, 3, 1]);
  });

  test('R19: its self-test finds what is broken in it, and it goes on', () => {
    const board = new ScriptedBoard({ seed: 1 });
    const talk = serving(board);
    const tested = (): SelfTestReport[] => {
      const sum = new FlashSum();
      sum.heard(talk.hello());
      const reports: SelfTestReport[] = [];
      while (reports.at(-1)?.last !== true) {
        talk.send({ kind: 'selfTest', session: 7, seq: 0, slice: reports.length });
        for (const one of talk.wait(5_000, 'selfTestReport')) reports.push(selfTestReportFromWire(one, sum));
      }
      return reports;
    };
    const found = (reports: readonly SelfTestReport[]) => ({
      flash: reports.at(-1)?.flash,
      ramFaultAt: [...new Set(reports.map(({ ramFaultAt }) => ramFaultAt))],
      cpu: [...new Set(reports.map(({ cpu }) => cpu))],
    });
    expect(found(tested())).toEqual({ flash: 'ok', ramFaultAt: [null], cpu: ['ok'] });
    board.defects.stuckCells.add(1500);
    board.defects.flippedFlash.set(3, 0x40);
    board.defects.wrongCpu = true;
    expect(found(tested())).toEqual({ flash: 'bad', ramFaultAt: [null, 1500], cpu: ['bad'] });
    talk.input(1, payload(60, 20));
    expect(talk.wait(20_000, 'result')).toMatchObject([{ seq: 1 }]);
    board.resetExternal();
    talk.wait(bootUs);
    talk.open(7);
    expect(found(tested())).toMatchObject({ flash: 'bad', cpu: ['bad'] });
  });
});
