import {
  FAULT_KINDS,
  type FaultKind,
  type PlannedFault,
  TAIL_KINDS,
  THIRD_COPY_KINDS,
  UNMODIFIED_KINDS,
} from './faults/fault-kinds.js';
import { PHASES, type SimulatedPhase } from './phase.js';
import { SeededChoices } from './seeded-choices.js';
import { worldOptionsOf } from './world/world-options.js';

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
const TAILS_STREAM = 15;
/** Pairs whose ledger loses tails, and rounds of theirs in which it does: one in so many. What else befalls them is as without. */
const TAIL_SEEDS = 4;
const TAIL_ROUNDS = 2;
/** About one fault in so many inputs. */
const INPUTS_PER_FAULT = 20;

/** Few pairs have a third copy: there, what befalls it comes so much more often than anything else. */
const THIRD_COPY_SHARE = 4;
/** What is over soon is aimed at more often, or it would seldom be met. */
const AIMED_AT: readonly SimulatedPhase[] = [
  ...PHASES,
  'starting',
  'joining-writing',
  'draining',
  'fencing',
  'catching-up',
  'joining-waiting',
];

/** Where a phase is over soon, a fault that is aimed at it does not wait. */
const LONGEST_DELAY_US: Partial<Record<SimulatedPhase, number>> = { draining: 500 };

interface Provocation {
  readonly kinds: readonly FaultKind[];
  readonly whom: PlannedFault['whom'];
  readonly phase?: SimulatedPhase;
}

const LOSES_THE_PRIMARY: Provocation = {
  kinds: ['board-halted', 'board-restarted', 'link-cut', 'board-gives-up'],
  whom: 'primary',
};
const LOSES_THE_BACKUP: Provocation = { kinds: ['board-restarted', 'board-gives-up', 'link-flaps'], whom: 'other' };
const KILLS_THE_GATEWAY: Provocation = { kinds: ['gateway-killed'], whom: 'primary' };

/** What brings a pair into a phase that it is not in by itself. */
const PROVOKED_BY: Partial<Record<SimulatedPhase, readonly Provocation[]>> = {
  down: [KILLS_THE_GATEWAY],
  starting: [KILLS_THE_GATEWAY],
  unprotected: [{ kinds: ['board-halted', 'link-cut'], whom: 'other' }],
  'joining-waiting': [LOSES_THE_BACKUP],
  'joining-reading': [LOSES_THE_BACKUP],
  'joining-writing': [LOSES_THE_BACKUP],
  'joining-comparing': [LOSES_THE_BACKUP],
  draining: [{ kinds: ['switch-asked'], whom: 'primary', phase: 'serving-busy' }],
  fencing: [LOSES_THE_PRIMARY],
  'catching-up': [LOSES_THE_PRIMARY],
  moving: [LOSES_THE_PRIMARY],
  stopped: [
    { kinds: ['board-halted', 'link-cut'], whom: 'other' },
    { kinds: ['board-gives-up', 'board-restarted'], whom: 'primary', phase: 'unprotected' },
  ],
};

/** What can befall a pair of one kind of boards. */
interface Kinds {
  readonly any: readonly FaultKind[];
  /** One of two is wrong. */
  readonly disputes: readonly FaultKind[];
  readonly known: readonly FaultKind[];
}

const OF_HARNESS = { disputes: ['wrong-result', 'wrong-state', 'wrong-from-now-on'], known: FAULT_KINDS } as const;
const OF_UNMODIFIED = { disputes: ['wrong-result', 'state-corrupted'], known: UNMODIFIED_KINDS } as const;

const HARNESS_KINDS = FAULT_KINDS.filter((kind) => !THIRD_COPY_KINDS.includes(kind) && !TAIL_KINDS.includes(kind));

/** @param inputs of the whole run */
export function planOf(seed: number, inputs: number): RunPlan {
  const random = new SeededChoices(seed, PLAN_STREAM);
  const { config, unmodified } = worldOptionsOf(seed);
  const hasThird = config.thirdCopy !== null;
  const isUnmodified = unmodified !== null;
  const any = isUnmodified ? [...UNMODIFIED_KINDS] : [...HARNESS_KINDS];
  const kinds: Kinds = { ...(isUnmodified ? OF_UNMODIFIED : OF_HARNESS), any };
  const tails = new SeededChoices(seed, TAILS_STREAM);
  const losesTails = !isUnmodified && tails.oneIn(TAIL_SEEDS);
  for (let n = 0; n < THIRD_COPY_SHARE && hasThird; n++) any.push(...THIRD_COPY_KINDS);
  const rounds: Round[] = [];
  let left = inputs;
  while (left > 0) {
    const faults = faultsOf(random, kinds);
    const some = Math.min(left, Math.max(4, faults.length * INPUTS_PER_FAULT));
    if (losesTails && tails.oneIn(TAIL_ROUNDS))
      faults.push(...aimed(tails, { ...kinds, any: TAIL_KINDS }, tails.pick(AIMED_AT)));
    rounds.push({ inputs: some, everyUs: random.pick([0, 0, 500, 2_000, 10_000]), faults });
    left -= some;
  }
  return { seed, rounds };
}

/** One round in so many is about who is wrong of two, and nothing else. */
const DISPUTE_ROUNDS = 12;

/** Alone, in pairs, in bursts; aimed at a phase that something else brings about, where it must. */
function faultsOf(random: SeededChoices, kinds: Kinds): PlannedFault[] {
  if (random.oneIn(DISPUTE_ROUNDS)) return [thrown(random, random.pick(kinds.disputes), 'serving-busy')];
  const phase = random.pick(AIMED_AT);
  const faults = aimed(random, kinds, phase);
  if (random.oneIn(4)) faults.push(thrown(random, random.pick(kinds.any), random.pick(PHASES)));
  if (random.oneIn(12)) {
    for (let n = random.between(2, 4); n > 0; n--) faults.push(thrown(random, random.pick(kinds.any), phase));
  }
  return faults;
}

/** One of them in this phase, behind what brings the pair into it. */
function aimed(random: SeededChoices, kinds: Kinds, phase: SimulatedPhase): PlannedFault[] {
  const thrownAt = thrown(random, random.pick(kinds.any), phase);
  const delayUs = Math.min(thrownAt.delayUs, LONGEST_DELAY_US[phase] ?? thrownAt.delayUs);
  const before = (PROVOKED_BY[phase] ?? []).map((provocation) => provoked(random, possible(provocation, kinds)));
  // What is provoked may be over before so many inputs were sent.
  return [...before, { ...thrownAt, delayUs, afterInputs: before.length > 0 ? 0 : thrownAt.afterInputs }];
}

function possible(provocation: Provocation, { known }: Kinds): Provocation {
  return { ...provocation, kinds: provocation.kinds.filter((kind) => known.includes(kind)) };
}

function provoked(random: SeededChoices, { kinds, whom, phase }: Provocation): PlannedFault {
  const fault = thrown(random, random.pick(kinds), phase ?? random.pick(['serving-busy', 'serving-idle']));
  // Long enough for what is aimed at the time after it.
  return { ...fault, whom, forUs: Math.max(fault.forUs, 100_000) };
}

function thrown(random: SeededChoices, kind: FaultKind, phase: SimulatedPhase): PlannedFault {
  return {
    kind,
    phase,
    whom: random.pick(['primary', 'primary', 'other']),
    direction: random.pick(['to', 'from']),
    count: random.pick([1, 1, 2, 2, 5]),
    forUs: random.pick([2_000, 20_000, 100_000, 300_000, 800_000]),
    delayUs: random.pick([0, 0, 500, 2_000, 6_000]),
    afterInputs: random.between(0, 8),
  };
}
