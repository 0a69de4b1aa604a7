import type { Broken } from './judge/invariants.js';
import { planOf } from './plan.js';
import { parseReduction, type Reduction, reduced, reductionText } from './reduction.js';
import { Run } from './run.js';
import { shrink } from './shrink.js';
import { Trace } from './trace.js';

/** A run that broke a promise, made small, and told. */
export interface Story {
  readonly seed: number;
  readonly broken: Broken;
  /** What went wrong in it, fault by fault. */
  readonly faults: readonly string[];
  readonly lastEvents: readonly string[];
  /** The command that plays it again. */
  readonly command: string;
}

const SHOWN_EVENTS = 60;

/** Shrinks a failing seed, and plays what is left once more, with every event written down. */
export function tellFailure(seed: number, inputs: number, broken: Broken): Story {
  const plan = planOf(seed, inputs);
  const reduction = shrink(plan, broken.name);
  return playAgain(seed, inputs, reduction) ?? { seed, broken, faults: [], lastEvents: [], command: '' };
}

/** Plays a seed, or what a reduction leaves of it; null when nothing is broken. */
export function playAgain(seed: number, inputs: number, reduction: Reduction | string | null): Story | null {
  const whole = planOf(seed, inputs);
  const kept = typeof reduction === 'string' ? parseReduction(reduction) : reduction;
  const plan = kept === null ? whole : reduced(whole, kept);
  const trace = new Trace();
  const { broken } = new Run(plan, trace).play();
  if (broken === null) return null;
  const command = `npm run simulate -- --seed-start ${seed} --seeds 1 --inputs ${inputs}`;
  const withPlan = kept === null ? command : `${command} --plan '${reductionText(kept)}'`;
  const faults = plan.rounds
    .flatMap((round) => round.faults)
    .map(({ kind, phase, whom }) => `${kind} (${whom}) while ${phase}`);
  return { seed, broken, faults, lastEvents: trace.last(SHOWN_EVENTS), command: withPlan };
}
