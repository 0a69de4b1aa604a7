import type { BoardName } from '../bench-board.js';
import type { ActuatorChange } from '../plant/recorder.js';
import type { Level } from './expected-run.js';

/** Two registers that change for one result do so within some instructions: what lasts shorter is no level. */
const SHORTEST_LEVEL_US = 60;

/** A contact that opens again so soon has not closed yet. */
const LONGEST_BOUNCE_US = 1000;

export interface ActuatorFinding {
  readonly atUs: number;
  readonly board: BoardName;
  readonly duty: number;
  readonly trip: boolean;
  readonly why: 'not in the reference' | 'older than what it had' | 'not the last one';
}

/** The actuator went from one board to the other. Levels are those that lasted. */
export interface Transfer {
  readonly from: BoardName;
  readonly to: BoardName;
  /** From the moment the old contact opened until the new one had stopped bouncing. */
  readonly openUs: number;
  readonly before: Level;
  readonly after: Level;
}

export interface ActuatorVerdict {
  readonly wrong: readonly ActuatorFinding[];
  /** Which boards drove it, in order. */
  readonly drives: readonly BoardName[];
  /** Each hand-over, in order. */
  readonly transfers: readonly Transfer[];
  /** How long nobody drove it, all in all, between the first and the last contact. */
  readonly gapUs: number;
}

/**
 * A board that has failed, restarted or lost its supply shows its safe level or floating pins, which R7 allows: from
 * then until the relay connects the other one.
 */
export interface SafeLevel {
  readonly board: BoardName;
  readonly fromUs: number;
  /** And no longer than this; Infinity: as long as the relay stays with it. */
  readonly untilUs: number;
}

export interface JudgeOptions {
  /** From here on the record counts; before, the pair was starting. */
  readonly fromUs: number;
  /** Where a safe level is allowed (R7); empty where even that must not reach the actuator. */
  readonly safeLevels: readonly SafeLevel[];
}

/**
 * Holds what the actuator got against the reference: every level is one the reference gave, in its order, never an older
 * one again, and the last is the last. Greedy: each level is taken for the earliest step it can be.
 */
export function judgeActuator(
  changes: readonly ActuatorChange[],
  levels: readonly Level[],
  options: JudgeOptions,
): ActuatorVerdict {
  const wrong: ActuatorFinding[] = [];
  const drives: BoardName[] = [];
  let at = 0;
  let gapUs = 0;
  let openSinceUs: number | null = null;
  let last: (ActuatorChange & { readonly board: BoardName }) | null = null;
  const lasting = settled(changes);
  const first = lasting.findLastIndex((change) => change.atUs <= options.fromUs);
  for (const change of lasting.slice(Math.max(0, first))) {
    if (change.board === null) {
      openSinceUs ??= change.atUs;
      continue;
    }
    if (openSinceUs !== null && drives.length > 0) gapUs += change.atUs - openSinceUs;
    openSinceUs = null;
    if (drives.at(-1) !== change.board) drives.push(change.board);
    const driven = { ...change, board: change.board };
    if (isAllowedSafe(driven, lasting, options.safeLevels)) continue;
    last = driven;
    const found = levels.findIndex((level, index) => index >= at && isSame(level, change));
    if (found >= 0) at = found;
    else {
      const older = levels.slice(0, at).some((level) => isSame(level, change));
      wrong.push(finding(driven, older ? 'older than what it had' : 'not in the reference'));
    }
  }
  const end = levels.at(-1);
  if (last !== null && end !== undefined && !isSame(end, last)) wrong.push(finding(last, 'not the last one'));
  return { wrong, drives, gapUs, transfers: transfersIn(lasting.slice(Math.max(0, first))) };
}

function transfersIn(changes: readonly ActuatorChange[]): Transfer[] {
  const transfers: Transfer[] = [];
  let last: (ActuatorChange & { readonly board: BoardName }) | null = null;
  let openedUs = 0;
  for (const [index, change] of changes.entries()) {
    const { board } = change;
    if (board === null) {
      if (changes[index - 1]?.board === last?.board) openedUs = change.atUs;
      continue;
    }
    const bounces =
      changes[index + 1]?.board === null && (changes[index + 1]?.atUs ?? 0) - change.atUs < LONGEST_BOUNCE_US;
    if (last !== null && board !== last.board && bounces) continue;
    if (last !== null && board !== last.board) {
      transfers.push({ from: last.board, to: board, openUs: change.atUs - openedUs, before: last, after: change });
    }
    last = { ...change, board };
  }
  return transfers;
}

/** Drops what did not last: the moment between two register writes of one result. */
function settled(changes: readonly ActuatorChange[]): ActuatorChange[] {
  return changes.filter((change, index) => {
    const next = changes[index + 1];
    return next === undefined || next.board !== change.board || next.atUs - change.atUs >= SHORTEST_LEVEL_US;
  });
}

function isAllowedSafe(
  change: ActuatorChange,
  changes: readonly ActuatorChange[],
  safeLevels: readonly SafeLevel[],
): boolean {
  if (change.duty !== 0) return false;
  return safeLevels.some(({ board, fromUs, untilUs }) => {
    if (change.board !== board || change.atUs < fromUs || change.atUs > untilUs) return false;
    // Until another board has been connected, after this one was.
    const later = changes.filter(({ atUs }) => atUs >= fromUs);
    const isConnected = changes.findLast(({ atUs }) => atUs < fromUs)?.board === board;
    const since = isConnected ? 0 : later.findIndex(({ board: at }) => at === board);
    const left = later.slice(since).find(({ board: at }) => at !== board && at !== null);
    return left === undefined || change.atUs < left.atUs;
  });
}

function isSame(level: Level, change: ActuatorChange): boolean {
  return level.duty === change.duty && level.trip === change.trip;
}

function finding(change: ActuatorChange & { readonly board: BoardName }, why: ActuatorFinding['why']): ActuatorFinding {
  return { atUs: change.atUs, board: change.board, duty: change.duty, trip: change.trip, why };
}
