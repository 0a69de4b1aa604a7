import type { InvariantName } from './judge/invariants.js';
import type { RunPlan } from './plan.js';
import { type KeptRound, type Reduction, reduced, wholeOf } from './reduction.js';
import { Run } from './run.js';

/** Runs that a shrinking may take. */
const MOST_RUNS = 250;

/**
 * Makes a plan that breaks an invariant as small as it gets while it breaks the same one: fewer rounds, fewer faults, fewer
 * inputs. What is left need not be the least there is.
 */
export function shrink(plan: RunPlan, name: InvariantName): Reduction {
  let runs = 0;
  const breaks = (reduction: Reduction): boolean => {
    if (runs++ >= MOST_RUNS) return false;
    return new Run(reduced(plan, reduction)).play().broken?.name === name;
  };
  let best = withoutRounds(wholeOf(plan), breaks);
  for (let index = 0; index < best.length; index++) {
    best = withoutFaults(best, index, breaks);
    best = withFewerInputs(best, index, breaks);
  }
  return withoutRounds(best, breaks);
}

type Breaks = (reduction: Reduction) => boolean;

/** Leaves out runs of rounds, long ones first. */
function withoutRounds(whole: Reduction, breaks: Breaks): Reduction {
  let best = whole;
  for (let length = best.length - 1; length >= 1; length = Math.floor(length / 2)) {
    for (let from = 0; from + length <= best.length; ) {
      const less = [...best.slice(0, from), ...best.slice(from + length)];
      if (less.length > 0 && breaks(less)) best = less;
      else from += length;
    }
  }
  return best;
}

function withoutFaults(whole: Reduction, index: number, breaks: Breaks): Reduction {
  let best = whole;
  for (const fault of whole[index]?.[1] ?? []) {
    const less = replaced(best, index, ([round, faults, inputs]) => [
      round,
      faults.filter((other) => other !== fault),
      inputs,
    ]);
    if (breaks(less)) best = less;
  }
  return best;
}

function withFewerInputs(whole: Reduction, index: number, breaks: Breaks): Reduction {
  let best = whole;
  for (let inputs = Math.floor((best[index]?.[2] ?? 0) / 2); inputs >= 1; inputs = Math.floor(inputs / 2)) {
    const fewer = replaced(best, index, ([round, faults]) => [round, faults, inputs]);
    if (!breaks(fewer)) break;
    best = fewer;
  }
  return best;
}

function replaced(reduction: Reduction, index: number, by: (kept: KeptRound) => KeptRound): Reduction {
  return reduction.map((kept, at) => (at === index ? by(kept) : kept));
}
