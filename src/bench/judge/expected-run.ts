import { HEATER_START, heaterStep } from '../heater-reference.js';

/** What the actuator should get. */
export interface Level {
  readonly duty: number;
  readonly trip: boolean;
}

/** What a pair should have done with these inputs, by the reference model of the controller. */
export interface ExpectedRun {
  /** levels[0]: the safe level before the first input; levels[k]: after the k-th execution. */
  readonly levels: readonly Level[];
  /** replies[k - 1]: the body of the k-th execution's answer. */
  readonly replies: readonly Uint8Array[];
}

export function expectedRun(payloads: readonly Uint8Array[]): ExpectedRun {
  const levels: Level[] = [{ duty: 0, trip: true }];
  const replies: Uint8Array[] = [];
  let state = HEATER_START;
  for (const payload of payloads) {
    const done = heaterStep(state, { payload, adc: undefined });
    state = done.state;
    levels.push({ duty: state.duty, trip: state.trip !== 0 });
    replies.push(done.body);
  }
  return { levels, replies };
}
