import type { Resync } from '../result/board-wire.js';
import type { InputRow } from '../result/ledger-rows.js';
import type { BoardState, ResyncProgress } from '../state/board-state.js';
import type { Step } from '../state/pair-state.js';
import { readHistory } from './history.js';
import { asItStands, GOING_ON, type ResyncOutcome } from './resync-outcome.js';

/** R25: where in the ledger the state is known to be empty. */

/** Rows that are looked through at a time (R6). */
const ROWS_AT_A_TIME = 64;

/** A count: what comes after so many executions is to be given. */
export type Begin = number | ResyncOutcome;

export function findBegin(step: Step, board: BoardState, progress: ResyncProgress, resync: Resync): Begin {
  if (resync.from === 'last-match') return searchBefore(step, board, progress, resync, ROWS_AT_A_TIME);
  const { emptyAt, brokenAt } = step.pair.history;
  if (emptyAt !== null && emptyAt >= brokenAt) return emptyAt;
  return asItStands('since the primary was last known to be empty it may have done what no record tells of');
}

/** From the end backwards, and no further than what is known to be whole. */
function searchBefore(
  step: Step,
  board: BoardState,
  progress: ResyncProgress,
  { beginsWith }: Resync,
  most: number,
): Begin {
  const { brokenAt } = step.pair.history;
  if (progress.count <= brokenAt) return asItStands(`no input that matches ${beginsWith} is on record`);
  const after = Math.max(brokenAt, progress.count - most);
  progress.asked = { after, limit: progress.count - after };
  readHistory(step, board, after, progress.count - after);
  return GOING_ON;
}

export function searched(
  step: Step,
  board: BoardState,
  progress: ResyncProgress,
  resync: Resync,
  rows: readonly InputRow[] | null,
  limit: number,
): Begin {
  // The first of the piece may be gone, and not the last.
  if (rows === null && limit > 1) return searchBefore(step, board, progress, resync, Math.floor(limit / 2));
  if (rows === null) return asItStands(`the ledger no longer goes back to an input that matches ${resync.beginsWith}`);
  const begin = rows.findLast((row) => isBegin(row, resync));
  if (begin?.commit != null) return begin.commit.executionCount - 1;
  progress.count -= limit;
  return searchBefore(step, board, progress, resync, ROWS_AT_A_TIME);
}

function isBegin(row: InputRow, resync: Resync): boolean {
  return isGiven(row, resync) && resync.begins(row.payload);
}

/** What comes before the newest input with which the state is known need not be given. */
export function sinceNewestBegin(rows: readonly InputRow[], resync: Resync): InputRow[] {
  const newest = resync.from === 'last-match' ? rows.findLastIndex((row) => isBegin(row, resync)) : -1;
  return rows.slice(Math.max(0, newest));
}

/** A question of our own changes nothing, and what was not executed then is not executed now. */
export function isGiven({ kind, commit }: InputRow, { wasTaken }: Resync): boolean {
  return kind !== 'probe' && commit !== null && wasTaken(commit.parts);
}
