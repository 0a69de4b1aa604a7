import type { SelfTestReport } from '../result/messages.js';
import type { BoardState, SelfTest } from '../state/board-state.js';
import type { FaultDetail } from '../state/effects.js';
import type { PairState, Step } from '../state/pair-state.js';

/** A slice without an answer is asked for again so often; a board that has no self-test answers none. */
const MAX_ASKS = 4;

/**
 * R19, the third arbiter: the board is asked to test itself, slice by slice, beside its work; begins the test where none
 * is under way. Nothing it finds makes a board fail by itself: what it means is decided here.
 */
export function testBoard(step: Step, board: BoardState): SelfTest {
  board.selfTest ??= { slice: 0, askedAtUs: step.atUs, asks: 0, found: 'running', evidence: {} };
  const { selfTest } = board;
  if (selfTest.found !== 'running') return selfTest;
  if (board.session.state !== 'open') selfTest.found = 'unanswered';
  else if (selfTest.asks === 0) ask(step, board, selfTest);
  return selfTest;
}

/** Whatever was found, it was found for one dispute. */
export function forgetSelfTests(pair: PairState): void {
  for (const board of pair.boards.values()) board.selfTest = null;
}

/** A late or doubled report is of a slice that is not asked for: it says nothing. */
export function selfTestReported(step: Step, board: BoardState, report: SelfTestReport): void {
  const { selfTest } = board;
  if (selfTest === null || selfTest.found !== 'running' || report.slice !== selfTest.slice) return;
  const { flash, ram, ramFaultAt, cpu } = report;
  if (flash === 'bad' || ram === 'bad' || cpu === 'bad') {
    selfTest.found = 'bad';
    selfTest.evidence = { slice: report.slice, ...badParts({ flash, ram, cpu }), ramFaultAt };
    return;
  }
  if (report.last) {
    selfTest.found = 'well';
    return;
  }
  selfTest.slice++;
  selfTest.asks = 0;
  ask(step, board, selfTest);
}

function badParts(verdicts: Readonly<Record<'flash' | 'ram' | 'cpu', string>>): FaultDetail {
  const bad = Object.entries(verdicts).filter(([, verdict]) => verdict === 'bad');
  return { failedTest: bad.map(([part]) => part).join(' and ') };
}

/** Called at every event while a dispute is open: asks again for what was lost on the way. */
export function continueSelfTests(step: Step): void {
  for (const board of step.pair.boards.values()) {
    const { selfTest } = board;
    if (selfTest === null || selfTest.found !== 'running' || step.atUs < againAtUs(step.pair, selfTest)) continue;
    if (selfTest.asks >= MAX_ASKS) selfTest.found = 'unanswered';
    else ask(step, board, selfTest);
  }
}

/** When `continueSelfTests` next wants to hear the time. */
export function selfTestDueUs(pair: PairState): number | null {
  if (pair.comparison.dispute === null) return null;
  const due = [...pair.boards.values()].flatMap(({ selfTest }) =>
    selfTest?.found === 'running' ? [againAtUs(pair, selfTest)] : [],
  );
  return due.length === 0 ? null : Math.min(...due);
}

function againAtUs(pair: PairState, { askedAtUs }: SelfTest): number {
  return askedAtUs + pair.config.deadlineUs;
}

function ask(step: Step, board: BoardState, selfTest: SelfTest): void {
  selfTest.askedAtUs = step.atUs;
  selfTest.asks++;
  const message = { kind: 'selfTest', slice: selfTest.slice } as const;
  step.effects.push({ type: 'send', board: board.id, session: board.session.number, message });
}
