import { Dice } from './dice.js';
import { FAULT_KINDS, type FaultKind, type PlannedFault } from './faults/fault-kinds.js';
import { PHASES, type SimulatedPhase } from './phase.js';

/** One stretch of a run: inputs, and what goes wrong meanwhile; it ends when all is quiet again. */
export interface Round {
  readonly inputs: number;
  /** Between two inputs. */
  readonly everyUs: number;
  readonly faults: readonly PlannedFault[];
}

export interface RunPlan {
  readonly seed: number;
  readonly rounds: readonly Round[];
}

const PLAN_STREAM = 0;
/** About one fault in so many inputs. */
const INPUTS_PER_FAULT = 20;

/** What brings a pair into a phase that it is not in by itself. */
const PROVOKED_BY: Partial<Record<SimulatedPhase, readonly FaultKind[]>> = {
  down: ['gateway-killed'],
  starting: ['gateway-killed'],
  unprotected: ['board-halted', 'link-cut'],
  'joining-waiting': ['board-restarted'],
  'joining-reading': ['board-restarted'],
  'joining-writing': ['board-restarted'],
  'joining-comparing': ['board-restarted'],
  draining: ['switch-asked'],
  fencing: ['board-halted', 'board-restarted', 'link-cut', 'board-gives-up'],
  'catching-up': ['board-halted', 'board-restarted', 'link-cut', 'board-gives-up'],
  moving: ['board-halted', 'board-restarted', 'link-cut', 'board-gives-up', 'switch-asked'],
};
const BY_THE_BACKUP: ReadonlySet<SimulatedPhase> = new Set([
  'unprotected',
  'joining-waiting',
  'joining-reading',
  'joining-writing',
  'joining-comparing',
]);

/** @param inputs of the whole run */
export function planOf(seed: number, inputs: number): RunPlan {
  const dice = new Dice(seed, PLAN_STREAM);
  const rounds: Round[] = [];
  let left = inputs;
  while (left > 0) {
    const faults = faultsOf(dice);
    const some = Math.min(left, Math.max(4, faults.length * INPUTS_PER_FAULT));
    rounds.push({ inputs: some, everyUs: dice.pick([0, 1_000, 4_000, 12_000]), faults });
    left -= some;
  }
  return { seed, rounds };
}

/** Alone, in pairs, in bursts; aimed at a phase that something else brings about, where it must. */
function faultsOf(dice: Dice): PlannedFault[] {
  const phase = dice.pick(PHASES);
  const aimed = thrown(dice, dice.pick(FAULT_KINDS), phase);
  const before = provoker(dice, phase);
  const faults = before === null ? [aimed] : [before, aimed];
  if (dice.oneIn(4)) faults.push(thrown(dice, dice.pick(FAULT_KINDS), dice.pick(PHASES)));
  if (dice.oneIn(12)) {
    for (let n = dice.between(2, 4); n > 0; n--) faults.push(thrown(dice, dice.pick(FAULT_KINDS), phase));
  }
  return faults;
}

function provoker(dice: Dice, phase: SimulatedPhase): PlannedFault | null {
  const kinds = PROVOKED_BY[phase];
  if (kinds === undefined) return null;
  const fault = thrown(dice, dice.pick(kinds), dice.pick(['serving-busy', 'serving-idle']));
  return { ...fault, whom: BY_THE_BACKUP.has(phase) ? 'other' : 'owner' };
}

function thrown(dice: Dice, kind: FaultKind, phase: SimulatedPhase): PlannedFault {
  return {
    kind,
    phase,
    whom: dice.pick(['owner', 'owner', 'other']),
    direction: dice.pick(['to', 'from']),
    count: dice.pick([1, 1, 2, 2, 5]),
    forUs: dice.pick([2_000, 20_000, 100_000, 300_000]),
    delayUs: dice.pick([0, 0, 500, 2_000, 6_000]),
    afterInputs: dice.between(0, 8),
  };
}
