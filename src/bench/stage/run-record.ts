import type { Status } from '../../control/contract/status.js';
import { EmulatedBoard } from '../../emulator/emulated-board.js';
import type { StoredFault } from '../../faults/stored-fault.js';
import type { BenchBoard } from '../bench-board.js';
import type { ActuatorVerdict } from '../judge/judge-actuator.js';
import type { AnswersVerdict } from '../judge/judge-answers.js';
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
  readonly faults: readonly StoredFault[];
  readonly status: Status;
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
    ...equalBoards(run),
    check('the actuator record is whole', droppedRecords(run.stage) === 0, 'records were dropped'),
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
