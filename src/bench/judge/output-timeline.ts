import type { BoardAct } from '../record/board-acts.js';

/** The input by whose result outputs were set; `start`: by none since the board started, they are at their safe levels. */
export type SetBy = number | 'start';

/** What a board's outputs stand for from `atUs` on. */
export interface OutputsMean {
  readonly atUs: number;
  readonly seq: SetBy;
  /** What it may set them by from now on, and had not before, in the order in which it would. */
  readonly pending: readonly SetBy[];
  /** At this very moment it says that it has acted: on these, the last of them `seq`; else null. */
  readonly passed: readonly number[] | null;
  /** How often it has begun anew by then: it has acted, started, and acts again without having been given a state. */
  readonly restarts: number;
}

interface Granted {
  readonly seq: SetBy;
  readonly execution: number;
}

/** The acts of one board as what its outputs mean, by time. A board acts in the order of its executions (R3). */
export function outputTimeline(acts: readonly BoardAct[]): OutputsMean[] {
  const timeline: OutputsMean[] = [];
  let seq: SetBy = 'start';
  let execution = 0;
  let granted: readonly Granted[] = [];
  let restarts = 0;
  let hasActed = false;
  let isNew = false;
  for (const act of [...acts].sort((one, another) => one.atUs - another.atUs)) {
    let passed: readonly number[] | null = null;
    if (act.kind === 'started') {
      [seq, execution, granted] = ['start', 0, []];
      isNew = hasActed;
    } else if (act.kind === 'giving') {
      // It may be older than what the board has acted on: it was opened afresh for it.
      granted = [...granted, { seq: act.seq ?? 'start', execution: act.execution }];
    } else if (act.kind === 'given') {
      [seq, execution, granted] = [act.seq ?? 'start', act.execution, []];
      isNew = false;
    } else {
      // A COMMIT or a DONE that is said again, of what was acted on.
      if (act.execution <= execution) continue;
      if (isNew) restarts++;
      isNew = false;
      if (act.kind === 'granted') {
        const others = granted.filter((other) => other.seq !== act.seq);
        granted = [...others, act].sort((one, another) => one.execution - another.execution);
      } else {
        const before = granted.filter((other) => other.execution > execution && other.execution < act.execution);
        passed = [...before.map((other) => other.seq).filter((other) => other !== 'start'), act.seq];
        granted = granted.filter((other) => other.execution > act.execution);
        [seq, execution] = [act.seq, act.execution];
        hasActed = true;
      }
    }
    timeline.push({ atUs: act.atUs, seq, pending: granted.map((other) => other.seq), passed, restarts });
  }
  return timeline;
}
