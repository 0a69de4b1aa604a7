import type { Round, RunPlan } from './plan.js';

/** One round of a reduced plan: its number in the whole plan, the faults that are left of it, and its inputs. */
export type KeptRound = readonly [round: number, faults: readonly number[], inputs: number];

/** What is left of a plan: small enough to be typed. */
export type Reduction = readonly KeptRound[];

/** Nothing left out. */
export function wholeOf(plan: RunPlan): Reduction {
  return plan.rounds.map(
    ({ faults, inputs }, index): KeptRound => [index, faults.map((_fault, fault) => fault), inputs],
  );
}

/** @throws RangeError when the plan has no such round or fault. */
export function reduced(plan: RunPlan, reduction: Reduction): RunPlan {
  const rounds = reduction.map(([index, faults, inputs]): Round => {
    const round = plan.rounds[index];
    if (round === undefined) throw new RangeError(`the plan has ${plan.rounds.length} rounds, and no round ${index}`);
    const kept = faults.map((fault) => {
      const found = round.faults[fault];
      if (found === undefined)
        throw new RangeError(`round ${index} has ${round.faults.length} faults, no fault ${fault}`);
      return found;
    });
    return { ...round, faults: kept, inputs };
  });
  return { ...plan, rounds };
}

/** As `reductionText` writes it. @throws SyntaxError, RangeError for anything else */
export function parseReduction(text: string): Reduction {
  const parsed: unknown = JSON.parse(text);
  if (Array.isArray(parsed) && parsed.every(isKeptRound)) return parsed;
  throw new RangeError('a plan is a list of [round, [faults], inputs]');
}

export function reductionText(reduction: Reduction): string {
  return JSON.stringify(reduction);
}

function isKeptRound(value: unknown): value is KeptRound {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [round, faults, inputs] = value as unknown[];
  const isCount = (number: unknown): boolean => Number.isInteger(number) && Number(number) >= 0;
  return isCount(round) && isCount(inputs) && Array.isArray(faults) && faults.every(isCount);
}
