import { expect } from 'vitest';
import type { JoinStep } from '../../../src/pair/state/board-state.js';
import { type HarnessOptions, PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

/** A pair whose backup has failed and is on its way back; `step` is reached. */
export function rejoining(step: JoinStep, options: HarnessOptions = {}): PairHarness {
  const pair = PairHarness.started({
    ...options,
    config: { joinComparisons: 2, probeEveryUs: 30_000, ...options.config },
  });
  pair.inputs(3, 4);
  pair.run(40);
  if (step === 'waiting') pair.inputs(200, 1, 'busy');
  pair.boards.b.fail('state-corrupt');
  pair.runUntil(() => pair.joinStepOf('b') === step);
  return pair;
}

export function offsets(pair: PairHarness, board: 'a' | 'b', kind: 'stateGet' | 'statePut', sinceUs = 0): number[] {
  return pair.links[board].sent.flatMap(({ atUs, message }) =>
    message.kind === kind && atUs >= sinceUs ? [message.offset] : [],
  );
}

export function expectInStep(pair: PairHarness): void {
  expect([...pair.ledger.boards.values()].map(({ standing: memberState }) => memberState)).toEqual([
    'in-sync',
    'in-sync',
  ]);
  expect(pair.isProtected).toBe(true);
  expect(pair.boards.b.level).toBe(pair.boards.a.level);
  expectPromises(pair);
}
