import type { PairConfig } from '../../../src/pair/state/pair-config.js';
import { field } from './fixture/field.js';
import { type HarnessOptions, PairHarness } from './fixture/pair-harness.js';

export const LEVEL = field({ name: 'level' });

/** Two boards and a third copy, all three in the pair. */
export function ofThree(config: Partial<PairConfig> = {}, options: Omit<HarnessOptions, 'config'> = {}): PairHarness {
  const pair = PairHarness.of({ ...options, config: { thirdCopy: 'third', ...config } });
  pair.start();
  pair.runUntil(() => thirdMemberState(pair) === 'in-sync');
  pair.run(10);
  return pair;
}

export const thirdMemberState = (pair: PairHarness): string | undefined =>
  pair.pair.boards.get('third')?.membership.state;
export const third = (pair: PairHarness) => {
  if (pair.third === null) throw new Error('no third copy');
  return pair.third.board;
};
export const evidenceOf = (pair: PairHarness, code: string) =>
  pair.ledger.faults.filter((fault) => fault.code === code).map(({ evidence, board }) => ({ ...evidence, board }));
