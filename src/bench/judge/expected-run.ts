import { HEATER_START, type HeaterState, heaterStep } from '../../model-board/heater-reference.js';
import type { BoardName } from '../bench-board.js';

/** What the actuator should get. */
export interface Level {
  readonly duty: number;
  readonly trip: boolean;
  /** 0 to 255 for each pin beyond those two, where the actuator has more. */
  readonly others?: readonly number[];
}

export function isSameLevel(one: Level, another: Level): boolean {
  if (one.duty !== another.duty || one.trip !== another.trip) return false;
  const others = another.others ?? [];
  return (one.others ?? []).every((level, index) => level === others[index]);
}

const SAFE_LEVEL: Level = { duty: 0, trip: true };

/** What a pair should have done with these inputs, by the reference model of the controller. */
export interface ExpectedRun {
  /** levels[0]: the safe level before the first input; levels[k]: after the k-th execution, step k. */
  readonly levels: readonly Level[];
  /** What another program makes of the last step before it drives: its board stands there. */
  readonly changed: ChangedLevel | null;
  /** replies[k - 1]: the body of the k-th execution's answer; empty for a fresh start. */
  readonly replies: readonly Uint8Array[];
}

export interface ChangedLevel {
  readonly board: BoardName;
  readonly step: number;
  readonly level: Level;
}

/** From some input on another program drives: one that gives so much where the heater gives full power. */
export interface ProgramChange {
  /** Whose program it is when it begins to drive. */
  readonly board: BoardName;
  /** Inputs that were executed by the old program. */
  readonly after: number;
  readonly fullDuty: number;
}

/**
 * The payloads in the order of their execution; null: both boards began anew there, with the state of a fresh start.
 * `readings`: what the board that executed each of them first read from A0, where it read.
 * `change`: what the new program made of the last input before it is a level of its own.
 */
export function expectedRun(
  payloads: readonly (Uint8Array | null)[],
  readings: readonly (number | undefined)[] = [],
  change: ProgramChange | null = null,
): ExpectedRun {
  const levels: Level[] = [SAFE_LEVEL];
  const replies: Uint8Array[] = [];
  let state = HEATER_START;
  let changed: ChangedLevel | null = null;
  for (const [index, payload] of payloads.entries()) {
    if (payload === null) {
      state = HEATER_START;
      levels.push(SAFE_LEVEL);
      replies.push(new Uint8Array(0));
      continue;
    }
    const input = { payload, adc: readings[index] };
    const isNew = change !== null && index >= change.after;
    const done = heaterStep(state, input, isNew ? change.fullDuty : undefined);
    if (change !== null && index === change.after - 1) {
      const level = levelOf(heaterStep(state, input, change.fullDuty).state);
      changed = { board: change.board, step: change.after, level };
    }
    state = done.state;
    levels.push(levelOf(state));
    replies.push(Buffer.concat(done.parts));
  }
  return { levels, replies, changed };
}

function levelOf({ duty, trip }: HeaterState): Level {
  return { duty, trip: trip !== 0 };
}
