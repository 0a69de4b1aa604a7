import { existsSync, writeFileSync } from 'node:fs';
import type { BenchReport } from '../../bench/bench-report.js';
import { firstWorld, isBenchKind, loadSubject, type SubjectChoice } from '../../bench/image/load-subject.js';
import { judgeSameInputs } from '../../bench/replay/same-inputs.js';
import { leftOutOfAnyImage } from '../../bench/scenarios/any-image.js';
import { BENCH_KINDS, type BenchKind } from '../../bench/stage/heater-image.js';
import type { SketchSubject } from '../../bench/stage/sketch-subject.js';
import { WORLD_FILE } from '../../bench/world-file/load-world.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { wrap } from '../../faults/wrap-text.js';
import { commandName } from '../terminal/command-name.js';
import { colours, print, textWidth } from '../terminal/terminal.js';
import type { BenchArguments } from './bench-arguments.js';

/** Emulated inputs of the judgement that comes first: enough for some seconds of a sketch's own clock. */
const MOST_COMPARED = 300;
/** What stands before each line. */
const INDENT = 2;
const NO_FUNCTION = 'This sketch is not a function of what it is given:';
const NO_RESULT = 'This sketch gives no result, on one board alone:';
const STOPPED =
  'No scenario was played. If the sketch does right to stop at such an input, say in a world file what inputs it really gets.';

/** The program that was named. Throws USAGE or CONFIG_INVALID, with what is wrong with it. */
export function loadSketch(options: BenchArguments): SketchSubject {
  return loadSubject({ ...choiceOf(options), worldFile: worldFileOf(options) });
}

/** The one that is named, or ./world.yaml where there is one; null: none. */
function worldFileOf({ world }: BenchArguments): string | null {
  return world ?? (existsSync(WORLD_FILE) ? WORLD_FILE : null);
}

/** Writes a world file to begin with. Throws USAGE where there is one already. */
export function initWorld(options: BenchArguments): void {
  const file = options.world ?? WORLD_FILE;
  const text = firstWorld(choiceOf(options));
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    throw new CopycatError('USAGE', `${file} was not written`, {
      expected: 'a folder without one that can be written',
      cause,
    });
  }
  print(`${file} written. Say in it what your pins are wired to, then: ${commandName()} bench --firmware FILE.hex`);
}

function choiceOf(options: BenchArguments): Omit<SubjectChoice, 'worldFile'> {
  const { firmware, config } = options;
  return { firmware: firmware ?? null, configFile: config ?? null, kind: boardKindOf(options) };
}

/** What --board says; null: nothing. Throws USAGE for a kind that is not emulated. */
export function boardKindOf({ board }: BenchArguments): BenchKind | null {
  if (board === undefined || isBenchKind(board)) return board ?? null;
  throw new CopycatError('USAGE', `the bench has no boards of kind ${board}`, {
    value: board,
    expected: `one of ${BENCH_KINDS.join(', ')}`,
  });
}

/** R21: whether it is a function of what it is given, as a scenario of its own that comes before all others. */
export function judgeFunction(sketch: SketchSubject, { inputs, seed }: BenchArguments): BenchReport {
  const compares = Math.min(inputs, MOST_COMPARED);
  const { hex, mcu, pins, world, inputFields, resultFields } = sketch;
  const options = { program: { hex, mcu }, pins, world, inputFields, resultFields };
  const { compared, difference, hasStopped } = judgeSameInputs({ ...options, inputs: compares, seed });
  return {
    scenario: 'same-inputs',
    promise: 'two boards that are given the same inputs and readings come to the same results, states and levels',
    held: difference === null,
    ...{ inputs: compares, completed: compared, lost: 0, dropped: 0, duplicated: 0, wrongAtActuator: 0 },
    ...{ detectionMs: null, takeoverMs: null, actuatorGapMs: null, reason: null, primaryAfter: null },
    ...{
      protectionAfter: 'not protected',
      faults: [],
      ledger: '',
      ledgers: [],
      drives: [],
      slippedMs: 0,
      emulatedMs: 0,
    },
    failures: difference === null ? [] : [hasStopped ? `${NO_RESULT} ${difference}` : `${NO_FUNCTION} ${difference}`],
  };
}

/** What a person reads of a sketch that is none, instead of a table. */
export function notAFunction({ failures }: BenchReport): string {
  const found = `${failures.join('; ')}.`;
  const [first = '', ...rest] = wrap(found, width());
  const head = [colours.red(first), ...rest];
  if (found.startsWith(NO_RESULT)) return [...head, ...wrap(STOPPED, width())].map((line) => `  ${line}`).join('\n');
  const causes =
    'The two differed in board clock, moment of start, content of memory and what is wired to their pins, and got the same inputs, pair times and readings. ' +
    'Usual causes: millis() or micros() instead of the pair time of the input, a variable that is not set before it is used, digitalRead() or analogRead() instead of cc_read(), random(), state that is not in CC_STATE.';
  const consequence = 'A backup that is given the same would come to something else, so no scenario was played.';
  return [...head, ...wrap(causes, width()), ...wrap(consequence, width())].map((line) => `  ${line}`).join('\n');
}

/** `pins 9 and 8`. */
export function pinsText({ pins: { duty, others = [] } }: SketchSubject): string {
  const pins = [duty, ...others];
  if (pins.length === 1) return `pin ${duty}`;
  return `pins ${pins.slice(0, -1).join(', ')} and ${pins.at(-1)}`;
}

/** Which world it lives in, for the second line. */
export function worldText({ worldFile }: SketchSubject): string {
  if (worldFile !== null) return `World: ${worldFile}.`;
  return `World: every pin and channel moves, inputs every 20 ms (${commandName()} bench --init-world writes one to be changed).`;
}

/** Scenarios that this image cannot play, by reason. */
export function leftOutText(): string {
  const names = new Map<string, string[]>();
  for (const { name, why } of leftOutOfAnyImage()) names.set(why, [...(names.get(why) ?? []), name]);
  const lines = [...names].flatMap(([why, of]) =>
    wrap(`${of.join(', ')}: ${why}`, width() - INDENT).map((line, index) =>
      index === 0 ? `  ${line}` : `    ${line}`,
    ),
  );
  return ['Not played with an image of your own:', ...lines].join('\n');
}

const width = (): number => textWidth() - INDENT;
