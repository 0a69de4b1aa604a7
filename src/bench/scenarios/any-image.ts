import type { RunPlan, Scenario } from '../stage/run-plan.js';
import { check, type ReceivedRun } from '../stage/run-record.js';
import { primaryDiesRuns, primaryRestartsRuns, primarySlowRun, rejoinRun, steadyRun } from './runs-of-any-image.js';
import { scenarios } from './scenarios.js';

/** `own`: as it is, for it looks at frames, answers and pins alone. Else runs that do, or why there can be none. */
type ForAnyImage = 'own' | readonly RunPlan[] | { readonly not: string };

const LOOKS_INSIDE = 'it changes what the heater keeps in its memory; where this image keeps it, nobody knows';
const SECOND_IMAGE = 'it needs a second image, built for it from the same sketch';

/** What each scenario can do with an image of which nothing is known. */
const FOR_ANY_IMAGE: Readonly<Record<string, ForAnyImage>> = {
  steady: [steadyRun],
  'primary-halts': 'own',
  'primary-unplugged': 'own',
  'primary-restarts': primaryRestartsRuns,
  'primary-slow': [primarySlowRun],
  'primary-corrupts-state': { not: LOOKS_INSIDE },
  'line-noise': 'own',
  reordered: { not: 'its boards are a script of the heater' },
  'backup-halts': 'own',
  'backup-corrupts-state': { not: LOOKS_INSIDE },
  'gateway-killed': 'own',
  'gateway-power-cycled-after-takeover': 'own',
  'cold-start': 'own',
  rejoin: [rejoinRun],
  switchover: 'own',
  'window-4': { not: 'it needs an image that was built with a window of 4' },
  'poison-input': 'own',
  'primary-dies-in-each-place': primaryDiesRuns,
  'sensor-drift': { not: 'it needs the thermometer of the oven' },
  'mismatch-primary-wrong': { not: LOOKS_INSIDE },
  'mismatch-backup-wrong': { not: LOOKS_INSIDE },
  'both-wrong-same-way': { not: LOOKS_INSIDE },
  'needs-both-wrong-output': { not: LOOKS_INSIDE },
  'needs-both-alone': 'own',
  'rolling-update-identical': { not: SECOND_IMAGE },
  'rolling-update-different': { not: SECOND_IMAGE },
  'double-fault': 'own',
  'killed-while-joining': { not: 'it watches the memory of the heater step by step' },
  'host-power-cut': { not: 'it watches the memory of the heater step by step' },
  'third-copy-slow': { not: 'its third copy is a heater' },
  'ledger-full': 'own',
  'ledger-slow': 'own',
  'ledger-gone': 'own',
};

/** With durability `process`, what was under way at a power cut may be executed twice: docs/ledger.md. */
const MAY_EXECUTE_TWICE: readonly string[] = ['gateway-power-cycled-after-takeover'];

/** A scenario that an image of somebody's own cannot play, and why. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

/** The scenarios that any image can play, with the runs that it plays. */
export function scenariosOfAnyImage(): readonly Scenario[] {
  return scenarios.flatMap((scenario) => {
    const runs = forAnyImage(scenario.name);
    if ('not' in Object(runs)) return [];
    return [
      { ...scenario, runs: (runs === 'own' ? scenario.runs : (runs as readonly RunPlan[])).map(withOnce(scenario)) },
    ];
  });
}

/** The others. */
export function leftOutOfAnyImage(): readonly LeftOut[] {
  return scenarios.flatMap(({ name }) => {
    const runs = forAnyImage(name);
    return typeof runs === 'object' && 'not' in runs ? [{ name, why: runs.not }] : [];
  });
}

function forAnyImage(name: string): ForAnyImage {
  return FOR_ANY_IMAGE[name] ?? { not: 'nobody has said what it would do with another image' };
}

/** The reference model of the heater would have shown it; a replay does not. */
function withOnce({ name }: Scenario): (plan: RunPlan) => RunPlan {
  if (MAY_EXECUTE_TWICE.includes(name)) return (plan) => plan;
  return (plan) => ({ ...plan, checks: (run) => [...plan.checks(run), executedOnce(run)] });
}

function executedOnce({ replay }: ReceivedRun) {
  const twice = replay?.twice ?? [];
  return check('no input was executed twice', twice.length === 0, twice.slice(0, 5));
}
