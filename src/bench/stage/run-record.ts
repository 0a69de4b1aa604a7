import type { Status } from '../../control/status.js';
import type { StoredFault } from '../../faults/stored-fault.js';
import type { ActuatorVerdict } from '../judge/judge-actuator.js';
import type { AnswersVerdict } from '../judge/judge-answers.js';
import type { Stage } from './stage.js';
import type { PairEnd } from './stage-setup.js';

/** What one run left behind, judged: by the actuator's record and by what upstream received, not by the gateway. */
export interface ReceivedRun {
  readonly stage: Stage;
  readonly inputs: number;
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
    check('every input answered', answers.completed === run.inputs && answers.lost.length === 0, {
      answered: answers.completed,
      of: run.inputs,
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
    check('the actuator record is whole', run.stage.world.counters['recordsDropped'] === 0, 'records were dropped'),
  ];
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

/** How the pair stands. */
export function endOf(status: Status): PairEnd {
  if (status.phase === 'stopped') return 'stopped';
  return status.protected ? 'protected' : 'not protected';
}
