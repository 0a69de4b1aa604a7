import { nameReadings, nameValues } from '../../faults/named-values.js';
import { SeededRandom } from '../../random/seeded-random.js';
import type { NamedField } from '../../values/named-field.js';
import { isSameLevel, type Level } from '../judge/expected-run.js';
import type { ActuatorPins } from '../plant/actuator.js';
import { Oven } from '../plant/oven.js';
import type { SketchWorld } from '../world-file/sketch-world.js';
import { wireTo } from '../world-file/surroundings.js';
import { payloadsOf } from '../world-file/template-payload.js';
import { ReplayBoard, type ReplayBoardOptions, type ReplayedInput } from './replay-board.js';
import { isNoAnswer, levelOf } from './replay-run.js';
import { resultDifference } from './result-difference.js';

export interface SameInputsOptions {
  readonly program: Pick<ReplayBoardOptions, 'hex' | 'mcu'>;
  readonly pins: ActuatorPins;
  readonly world: SketchWorld;
  readonly inputFields: readonly NamedField[];
  readonly resultFields: readonly NamedField[];
  readonly inputs: number;
  readonly seed: number;
}

/** Whether a program is a function of what it is given. */
export interface SameInputsVerdict {
  /** Inputs that were compared. */
  readonly compared: number;
  /** A sentence: the first input at which two boards differ, and in what; null: they never did. */
  readonly difference: string | null;
  /** There was no result to compare: the program stopped, restarted or waited, given this input. */
  readonly hasStopped: boolean;
}

/** Pair time begins somewhere. */
const FIRST_PAIR_TIME_MS = 1000;
const ONE = { clockErrorPpm: -4000, warmUpUs: 0, shareOfPace: 1 };
/** Another crystal, another memory, started at another moment, and given its inputs at another pace. */
const OTHER = { clockErrorPpm: 4000, warmUpUs: 730_000, shareOfPace: 0.6 };
const OTHER_SEED = 0x5a5a_1234;
const SUPPLY_VOLTS = 5;
const OTHER_DEGC = 3;

/**
 * Gives the same inputs to two boards that differ in everything that a program must not depend on (R21): crystal, start,
 * content of memory, pace, and what is wired to their pins; the second one is given what the first one read.
 */
export function judgeSameInputs(options: SameInputsOptions): SameInputsVerdict {
  const { program, world, inputs, seed } = options;
  const plant = new Oven(world.plant === null ? {} : ovenOf(world.plant));
  const one = new ReplayBoard({ ...program, ...ONE, seed });
  const other = new ReplayBoard({ ...program, ...OTHER, seed: (seed ^ OTHER_SEED) >>> 0 });
  wireTo(one.board, world, 0, plant.temperatureC(0));
  wireTo(other.board, opposite(world), 0, 0);
  for (const board of [one, other]) {
    const opened = board.open();
    if (isNoAnswer(opened)) return { compared: 0, difference: opened.noAnswer, hasStopped: true };
  }
  const nextPayload = payloadsOf(world.inputs, new SeededRandom(seed), () => plant.temperatureC(nowUs));
  let nowUs = 0;
  for (let id = 1; id <= inputs; id++) {
    nowUs = (id - 1) * world.inputs.everyUs;
    wireTo(one.board, world, nowUs, plant.temperatureC(nowUs));
    one.wait(world.inputs.everyUs * ONE.shareOfPace);
    other.wait(world.inputs.everyUs * OTHER.shareOfPace);
    const payload = nextPayload(id);
    const pairTimeMs = FIRST_PAIR_TIME_MS + Math.round(nowUs / 1000);
    const first = one.play({ payload, pairTimeMs, observed: null });
    const observed = isNoAnswer(first) ? null : first.observed;
    const second = other.play({ payload, pairTimeMs, observed });
    const tell = (what: string, hasStopped = false): SameInputsVerdict => ({
      compared: id - 1,
      hasStopped,
      difference: `at input ${id} (${told(payload, pairTimeMs, observed ?? [], options)}) ${what}`,
    });
    if (isNoAnswer(first)) return tell(first.noAnswer, true);
    if (isNoAnswer(second)) return tell(`one of two boards gave no result: ${second.noAnswer}`);
    const difference = differenceOf(
      [first, levelOf(one, options.pins)],
      [second, levelOf(other, options.pins)],
      options,
    );
    if (difference !== null) return tell(`two boards differ: ${difference}`);
    if (world.plant !== null) plant.heat(nowUs, one.board.duty(world.plant.follows));
  }
  return { compared: inputs, difference: null, hasStopped: false };
}

type Outcome = readonly [result: ReplayedInput, levels: Level];

function differenceOf(one: Outcome, other: Outcome, { pins, resultFields }: SameInputsOptions): string | null {
  const inResult = resultDifference(one[0], other[0], resultFields);
  if (inResult !== null || isSameLevel(one[1], other[1])) return inResult;
  const numbers = [pins.duty, ...(pins.trip === null ? [] : [pins.trip]), ...(pins.others ?? [])];
  const levels = [one, other].map(([, { duty, trip, others = [] }]) => [
    duty,
    ...(pins.trip === null ? [] : [trip ? 255 : 0]),
    ...others,
  ]);
  const place = numbers.findIndex((_, index) => levels[0]?.[index] !== levels[1]?.[index]);
  return `pin ${numbers[place]} is at ${levels[0]?.[place]} and at ${levels[1]?.[place]} of 255`;
}

function told(
  payload: Uint8Array,
  pairTimeMs: number,
  observed: readonly number[],
  { inputFields }: SameInputsOptions,
): string {
  const readings = observed.length === 0 ? '' : `, readings ${nameReadings(observed, [])}`;
  return `${nameValues(payload, inputFields)}, pair time ${pairTimeMs} ms${readings}`;
}

function ovenOf({ starts, rests, rises, timeConstantS }: NonNullable<SketchWorld['plant']>) {
  return { startC: starts, ambientC: rests, fullPowerRiseC: rises, timeConstantS };
}

/** Whatever is wired, wired otherwise. */
function opposite(world: SketchWorld): SketchWorld {
  const rest = { kind: 'constant' as const };
  return {
    ...world,
    pins: world.pins.map(({ pin }) => ({ pin, drive: { ...rest, value: 0 } })),
    i2c: world.i2c.map(({ address }) => ({ address, drive: { ...rest, value: OTHER_DEGC } })),
    channels: world.channels.map(({ channel }) => ({ channel, drive: { ...rest, value: SUPPLY_VOLTS / 3 } })),
  };
}
