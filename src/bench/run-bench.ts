import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { CopycatError } from '../errors/copycat-error.js';
import { nearestWord } from '../words/nearest-word.js';
import { aloneInFolder } from './alone-in-folder.js';
import type { BenchReport } from './bench-report.js';
import type { LinkModelName } from './link-models/link-parameters.js';
import type { RunTrace } from './plot/run-trace.js';
import type { ScenarioOptions } from './run-scenario.js';
import { leftOutOfAnyImage, scenariosOfAnyImage } from './scenarios/any-image.js';
import { scenarios } from './scenarios/scenarios.js';
import { type BenchKind, hasHeater, mcuOfKind } from './stage/heater-image.js';
import type { Scenario } from './stage/run-plan.js';
import type { SketchSubject } from './stage/sketch-subject.js';
import { playTour } from './tour/play-tour.js';

export interface BenchOptions {
  /** Names; empty: the standard tour. */
  readonly scenarios: readonly string[];
  readonly seed: number;
  /** Inputs of each scenario. */
  readonly inputs: number;
  readonly link: LinkModelName;
  /** Every scenario with commits that need both boards, where it does not say otherwise. */
  readonly needsBoth?: boolean;
  /** What the emulated boards are; Unos when not given. */
  readonly kind?: BenchKind;
  /** Somebody's own program; the heater when not given. */
  readonly sketch?: SketchSubject;
  /** Keeps the wall clock's pace, through pseudo-terminals, one scenario after another. */
  readonly realTime?: boolean;
  /** How many scenarios are played at a time, at the virtual pace; as many as there are processors, 2 at most, when not given. */
  readonly players?: number;
  /** Where ledgers, logs and configurations are kept. */
  readonly folder: string;
  readonly onStart?: (scenario: string, index: number, of: number) => void;
  /** What happened in each run is kept, to be drawn. */
  readonly isTraced?: boolean;
  /** `traces`: one for each run, where they are kept. */
  readonly onReport?: (report: BenchReport, traces: readonly RunTrace[]) => void;
}

/** Scenarios need room before, between and after their faults. */
const LEAST_INPUTS = 30;
/** A player and its gateway take turns: together they keep one processor busy. */
const MOST_PLAYERS = 2;

/**
 * Runs scenarios, and gives their reports in order. Rejects with USAGE for a name that is none, LEDGER_LOCKED while another bench is at
 * work in the folder, EMULATOR_FAILED where it cannot run.
 */
export async function runBench(options: BenchOptions): Promise<BenchReport[]> {
  const { sketch } = options;
  const kind = sketch?.kind ?? options.kind ?? 'uno';
  const chosen = chooseScenarios(options.scenarios, kind, sketch !== undefined);
  if (options.inputs < LEAST_INPUTS) {
    throw new CopycatError('USAGE', 'too few inputs for a scenario', {
      value: options.inputs,
      expected: `at least ${LEAST_INPUTS}`,
    });
  }
  const runs = join(options.folder, 'runs');
  return aloneInFolder(options.folder, () => {
    rmSync(runs, { recursive: true, force: true });
    return play(chosen, options, kind, runs);
  });
}

function play(
  chosen: readonly Scenario[],
  options: BenchOptions,
  kind: BenchKind,
  folder: string,
): Promise<BenchReport[]> {
  const { sketch, seed, inputs, link, needsBoth = false, realTime = false } = options;
  const pace = realTime ? 'real-time' : 'virtual';
  const scenarioOptions: ScenarioOptions = {
    ...{ seed, inputs, link, needsBoth, kind, pace },
    folder,
    isTraced: options.isTraced === true,
    ...(sketch === undefined ? {} : { sketch }),
  };
  // Against the wall clock, two at a time would disturb each other.
  const players = realTime ? 1 : (options.players ?? Math.min(MOST_PLAYERS, availableParallelism()));
  return playTour(chosen, scenarioOptions, players, {
    onStart: (scenario, index) => options.onStart?.(scenario, index, chosen.length),
    onReport: (report, traces) => options.onReport?.(report, traces),
  });
}

/** All there are; the standard tour leaves out those that have to be named. */
export function listScenarios(kind: BenchKind = 'uno'): readonly Pick<Scenario, 'name' | 'promise' | 'onlyNamed'>[] {
  return scenarios.filter((scenario) => isFor(scenario, kind));
}

/** Some scenarios need images that come along for the Uno alone. */
function isFor({ images = [], runs, play }: Scenario, kind: BenchKind): boolean {
  if (play !== undefined) return mcuOfKind(kind).name === 'atmega328p';
  return [...images, ...runs.map(({ image = 'heater' }) => image)].every((image) => hasHeater(image, kind));
}

/** A star stands for any letters. */
function isMeant(scenario: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/\W/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(scenario);
}

/**
 * What is played where these names are said; none: the standard tour. Each once, though two names mean it.
 * @throws CopycatError USAGE for a name that is none
 */
export function scenariosMeant(
  names: readonly string[],
  kind: BenchKind,
  isSketch: boolean,
): readonly Pick<Scenario, 'name' | 'play'>[] {
  return [...new Set(chooseScenarios(names, kind, isSketch))];
}

function chooseScenarios(names: readonly string[], kind: BenchKind, isSketch: boolean): readonly Scenario[] {
  const playable = isSketch ? scenariosOfAnyImage() : scenarios.filter((scenario) => isFor(scenario, kind));
  if (names.length === 0) return playable.filter((scenario) => scenario.onlyNamed !== true);
  return names.flatMap((name): Scenario | readonly Scenario[] => {
    const several = name.includes('*') ? playable.filter((scenario) => isMeant(scenario.name, name)) : [];
    if (several.length > 0) return several;
    const chosen = playable.find((scenario) => scenario.name === name);
    if (chosen !== undefined) return chosen;
    const left = isSketch ? leftOutOfAnyImage().find((one) => one.name === name) : undefined;
    if (left !== undefined) {
      throw new CopycatError('USAGE', `${name} cannot be played with any image: ${left.why}`, {
        value: name,
        expected: 'another scenario',
      });
    }
    const found = scenarios.find((scenario) => scenario.name === name);
    if (found !== undefined) {
      throw new CopycatError('USAGE', `${name} needs images that there are not for a ${kind}`, {
        value: kind,
        expected: 'an Uno (--board uno), or another scenario',
      });
    }
    const near = nearestWord(
      name,
      scenarios.map((scenario) => scenario.name),
    );
    throw new CopycatError('USAGE', `no scenario is called ${name}`, {
      value: name,
      expected:
        near === undefined
          ? 'a name that copycat bench --list shows'
          : `${near}, or another that copycat bench --list shows`,
    });
  });
}
