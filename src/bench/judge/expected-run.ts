import { HEATER_START, heaterStep } from '../heater-reference.js';

/** What the actuator should get. */
export interface Level {
  readonly duty: number;
  readonly trip: boolean;
}

const SAFE_LEVEL: Level = { duty: 0, trip: true };

/** What a pair should have done with these inputs, by the reference model of the controller. */
export interface ExpectedRun {
  /** levels[0]: the safe level before the first input; levels[k]: after the k-th execution. */
  readonly levels: readonly Level[];
  /** replies[k - 1]: the body of the k-th execution's answer; empty for a fresh start. */
  readonly replies: readonly Uint8Array[];
}

/**
 * The payloads in the order of their execution; null: both boards began anew there, with the state of a fresh start.
 * `readings`: what the board that executed each of them first read from A0, where it read.
 */
export function expectedRun(
  payloads: readonly (Uint8Array | null)[],
  readings: readonly (number | undefined)[] = [],
): ExpectedRun {
  const levels: Level[] = [SAFE_LEVEL];
  const replies: Uint8Array[] = [];
  let state = HEATER_START;
  for (const [index, payload] of payloads.entries()) {
    if (payload === null) {
      state = HEATER_START;
      levels.push(SAFE_LEVEL);
      replies.push(new Uint8Array(0));
      continue;
    }
    const done = heaterStep(state, { payload, adc: readings[index] });
    state = done.state;
    levels.push({ duty: state.duty, trip: state.trip !== 0 });
    replies.push(Buffer.concat(done.parts));
  }
  return { levels, replies };
}
