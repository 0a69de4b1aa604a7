import type { NamedField } from '../../values/named-field.js';
import type { ExpectedRun, Level } from '../judge/expected-run.js';
import type { ActuatorPins } from '../plant/actuator.js';
import type { ExecutedInput } from '../record/executed-inputs.js';
import { type NoAnswer, ReplayBoard, type ReplayBoardOptions } from './replay-board.js';
import { resultDifference } from './result-difference.js';

/** More are counted, not told. */
const MOST_TOLD = 20;

export interface ReplayOptions {
  readonly program: Pick<ReplayBoardOptions, 'hex' | 'mcu'>;
  readonly seed: number;
  readonly pins: ActuatorPins;
  /** Names of what stands in results. */
  readonly fields: readonly NamedField[];
}

/** What the executed inputs come to on one board that nobody harms. */
export interface ReplayedRun extends ExpectedRun {
  /** Sentences: what a board of the pair made of an input that the replay did not. */
  readonly differences: readonly string[];
}

/**
 * Gives one board what the pair has executed and committed, in that order, each with its payload, pair time and readings:
 * the reference of an image that has no model. It starts anew where the pair did.
 */
export function replayRun(order: readonly (ExecutedInput | null)[], options: ReplayOptions): ReplayedRun {
  const { pins, fields } = options;
  let board = begin(options, 0);
  const safe = levelOf(board, pins);
  const levels: Level[] = [safe];
  const replies: Uint8Array[] = [];
  const differences: string[] = [];
  const tell = (text: string): void => {
    if (differences.length < MOST_TOLD) differences.push(text);
  };
  for (const [index, executed] of order.entries()) {
    if (executed === null) {
      board = begin(options, index + 1);
      levels.push(safe);
      replies.push(new Uint8Array(0));
      continue;
    }
    const { seq, payload, pairTimeMs, observed, results } = executed;
    const replayed = board.play({ payload, pairTimeMs, observed });
    if (isNoAnswer(replayed)) {
      tell(`input ${seq}: on one board alone, ${replayed.noAnswer}`);
      break;
    }
    levels.push(levelOf(board, pins));
    replies.push(Buffer.concat(replayed.parts.map(({ body }) => body)));
    for (const { board: name, result } of results) {
      const difference = resultDifference(result, replayed, fields);
      if (difference !== null) tell(`input ${seq}: board ${name} and one board alone differ: ${difference}`);
    }
  }
  return { levels, replies, changed: null, differences };
}

export function isNoAnswer(answer: object): answer is NoAnswer {
  return 'noAnswer' in answer;
}

/** A start for each time the pair began anew: another memory, another clock. */
function begin({ program, seed }: ReplayOptions, start: number): ReplayBoard {
  const board = new ReplayBoard({ ...program, seed: (seed ^ 0x9e37 ^ start) >>> 0, clockErrorPpm: 1500 });
  board.open();
  return board;
}

/** What the actuator would get of it now. */
export function levelOf({ board }: ReplayBoard, { duty, trip, others = [] }: ActuatorPins): Level {
  return {
    duty: board.duty(duty),
    trip: trip !== null && board.duty(trip) > 0,
    others: others.map((pin) => board.duty(pin)),
  };
}
