import type { Status } from '../../control/contract/status.js';
import { EmulatedBoard } from '../../emulator/emulated-board.js';
import type { StoredFault } from '../../faults/stored-fault.js';
import type { BenchBoard } from '../bench-board.js';
import type { ActuatorVerdict } from '../judge/judge-actuator.js';
import type { AnswersVerdict } from '../judge/judge-answers.js';
import type { ActuatorPins } from '../plant/actuator.js';
import { ScriptedBoard } from '../scripted-board.js';
import { defaultPins } from '../world/world-options.js';
import type { HeaterSymbols } from './heater-image.js';
import { endOf } from './pair-end.js';
import type { Stage } from './stage.js';
import { heaterState } from './watching/state-watch.js';

/** What one run left behind, judged: by the actuator's record and by what upstream received, not by the gateway. */
export interface ReceivedRun {
  readonly stage: Stage;
  readonly inputs: number;
  /** So many of them end without an answer, as a person has decided. */
  readonly gaveUp: number;
  readonly answers: AnswersVerdict;
  readonly actuator: ActuatorVerdict;
  /** How it compares with one board alone; absent where a reference model judged. */
  readonly replay?: ReplayVerdict;
  readonly faults: readonly StoredFault[];
  readonly status: Status;
}

/** What a replay on one board that nobody harms has shown (DESIGN 9). */
export interface ReplayVerdict {
  /** Sentences: what a board made of an input, and the replay did not. */
  readonly differences: readonly string[];
  /** Seqs that the two boards executed at different places of the order. */
  readonly disorders: readonly number[];
  /** The client's ids that were executed more than once. */
  readonly twice: readonly number[];
  readonly executed: number;
  /** The record that was replayed is whole. */
  readonly isWhole: boolean;
}

/** One thing that must be true for a promise to hold. */
export interface RunCheck {
  readonly what: string;
  readonly ok: boolean;
  /** What was seen instead. */
  readonly seen: string;
}

export function check(what: string, ok: boolean, seen: unknown): RunCheck {
  return { what, ok, seen: typeof seen === 'string' ? seen : JSON.stringify(seen) };
}

/**
 * What every run promises: nothing lost, nothing acted on or answered twice, nothing wrong at the actuator or upstream,
 * and a pair that stands at its end as it is said to.
 */
export function commonChecks(run: ReceivedRun): RunCheck[] {
  const { answers } = run;
  return [
    check('every input answered', answers.completed === run.inputs - run.gaveUp && answers.lost.length === 0, {
      answered: answers.completed,
      of: run.inputs - run.gaveUp,
      lost: answers.lost.slice(0, 5),
    }),
    ...soundChecks(run),
  ];
}

/** The same without the first: where a pair had to stop, some inputs stay unanswered. */
export function soundChecks(run: ReceivedRun): RunCheck[] {
  const { answers, actuator } = run;
  return [
    check('protected before the first input', run.stage.stoodAtStart, run.status.why),
    check(`${run.stage.ends} at the end`, endOf(run.status) === run.stage.ends, {
      phase: run.status.phase,
      why: run.status.why,
    }),
    check('nothing answered twice unmarked', answers.duplicated.length === 0, answers.duplicated.slice(0, 5)),
    check('every answer right', answers.wrong.length === 0, answers.wrong.slice(0, 5)),
    check('nothing wrong at the actuator', actuator.wrong.length === 0, actuator.wrong.slice(0, 5)),
    ...replayChecks(run),
    ...equalBoards(run),
    check('the actuator record is whole', droppedRecords(run.stage) === 0, 'records were dropped'),
  ];
}

function replayChecks({ replay }: ReceivedRun): RunCheck[] {
  if (replay === undefined) return [];
  const { differences, disorders, isWhole, executed } = replay;
  return [
    check(
      'one board alone makes the same of the same inputs',
      differences.length === 0,
      differences.slice(0, 3).join('; '),
    ),
    check('both boards executed in the same order', disorders.length === 0, disorders.slice(0, 5)),
    check('all that was executed could be replayed', isWhole && executed > 0, { executed }),
  ];
}

function droppedRecords({ world, exchanges }: Stage): number {
  return world.recorder.dropped + exchanges.dropped;
}

export function checkDrives(run: ReceivedRun, ...drives: ('a' | 'b')[]): RunCheck {
  return check(`the actuator was driven by ${drives.join(', then ')}`, run.actuator.drives.join() === drives.join(), {
    drives: run.actuator.drives,
  });
}

export function checkFaults(run: ReceivedRun, ...codes: string[]): RunCheck {
  const found = [...new Set(run.faults.map((fault) => fault.code))].sort();
  return check(`faults: ${codes.join(', ') || 'none'}`, found.join() === [...codes].sort().join(), { found });
}

/** A pair that is protected has two boards with the same state and the same levels at their pins. */
function equalBoards({ stage }: ReceivedRun): RunCheck[] {
  if (stage.ends !== 'protected') return [];
  const { a, b } = stage.world.boards;
  if (stage.options.sketch !== undefined) return equalPins(stage, stage.options.sketch.pins);
  const seen = [a, b].map(({ board }) => ({
    state: stateOf(board, stage.symbols),
    levels: [board.duty(defaultPins.duty), board.duty(defaultPins.trip)].join(),
  }));
  const isEqual = seen[0]?.state === seen[1]?.state && seen[0]?.levels === seen[1]?.levels;
  return [check('both boards have the same state and levels at the end', isEqual, seen)];
}

function stateOf(board: BenchBoard, symbols: HeaterSymbols): string {
  if (board instanceof EmulatedBoard) return heaterState(board, symbols);
  if (board instanceof ScriptedBoard) return Buffer.from(board.core?.memory.bytes ?? []).toString('hex');
  return 'unknown';
}

/** Where nobody knows where a program keeps its state, its pins still tell; its digests are compared by the replay. */
function equalPins({ world: { boards } }: Stage, { duty, trip, others = [] }: ActuatorPins): RunCheck[] {
  const pins = [duty, ...(trip === null ? [] : [trip]), ...others];
  const seen = [boards.a, boards.b].map(({ board }) => pins.map((pin) => board.duty(pin)).join());
  return [check('both boards have the same levels at the end', seen[0] === seen[1], seen)];
}
