import type { BoardName } from '../bench-board.js';
import type { ActuatorChange } from '../plant/recorder.js';
import type { Level } from './expected-run.js';

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

/** Whether what the board shows from then on may be its safe level. */
export function isAllowedSafe(
  change: ActuatorChange,
  changes: readonly ActuatorChange[],
  safeLevels: readonly SafeLevel[],
  safe?: Level,
): boolean {
  if (!isSafe(change, safe)) return false;
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

/** While a board starts, its pins come from floating to their safe levels one after the other. */
function isSafe({ duty, trip, others = [] }: ActuatorChange, safe: Level | undefined): boolean {
  if (safe === undefined) return duty === 0;
  const isOne = (level: number, safeLevel: number): boolean => level === 0 || level === safeLevel;
  return (
    isOne(duty, safe.duty) &&
    (!trip || safe.trip) &&
    others.every((level, index) => isOne(level, safe.others?.[index] ?? 0))
  );
}
