import { pairTimeOnWire } from '../input/feed.js';
import type { Resync } from '../result/board-wire.js';
import type { InputRow } from '../result/ledger-rows.js';
import type { BoardState, Joining, ResyncProgress } from '../state/board-state.js';
import type { PairState, Step } from '../state/pair-state.js';
import { readHistory } from './history.js';
import { isGiven } from './resync-begin.js';

/** Rows that are read from the ledger at a time (R6); of those that wait for their time fewer, so that a newer begin is found soon. */
const ROWS_AT_A_TIME = 64;
const ROWS_AT_THEIR_PACE = 8;

export function readOn(step: Step, board: BoardState, progress: ResyncProgress, { pace }: Resync): void {
  const limit = pace === 'full' ? ROWS_AT_A_TIME : ROWS_AT_THEIR_PACE;
  progress.asked = { after: progress.count, limit };
  progress.readAgainAtUs = null;
  readHistory(step, board, progress.count, limit);
}

/** As many as it has room for, and as are due. */
export function giveOn(
  step: Step,
  board: BoardState,
  joining: Joining,
  resync: Resync,
  progress: ResyncProgress,
): void {
  passOver(progress, resync);
  for (let row = progress.rows[progress.given]; row !== undefined; row = progress.rows[progress.given]) {
    if (isGiven(row, resync)) {
      if (step.atUs < giveDueUs(step.pair, board, resync, progress, row)) return;
      if (inHand(progress, resync).length === 0) joining.askedAtUs = step.atUs;
      progress.giveAtUs = step.atUs;
      progress.lastPairTimeMs = row.pairTimeMs;
      give(step, board, row);
    }
    progress.given++;
  }
  if (progress.rows.length === 0) readOn(step, board, progress, resync);
}

export function give(
  step: Step,
  board: BoardState,
  { seq, pairTimeMs, payload }: Pick<InputRow, 'seq' | 'pairTimeMs' | 'payload'>,
): void {
  const about = { probe: false, recall: false, position: 0, observed: null } as const;
  step.effects.push({
    type: 'send',
    board: board.id,
    session: board.session.number,
    message: { kind: 'input', seq, ...about, pairTimeMs: pairTimeOnWire(step.pair, pairTimeMs), payload },
  });
}

/** What it has been given and has not answered. */
export function inHand({ rows, given }: ResyncProgress, resync: Resync): readonly InputRow[] {
  return rows.slice(0, given).filter((row) => isGiven(row, resync));
}

/** When it may be given the next one; infinite: when it has answered another. */
function giveDueUs(
  pair: PairState,
  board: BoardState,
  resync: Resync,
  progress: ResyncProgress,
  next: InputRow,
): number {
  if (!hasRoom(pair, board, next, inHand(progress, resync))) return Number.POSITIVE_INFINITY;
  const { giveAtUs, lastPairTimeMs, tries } = progress;
  const isPaced = resync.pace === 'recorded' && lastPairTimeMs !== null && tries === 0;
  return isPaced ? giveAtUs + 1000 * (next.pairTimeMs - lastPairTimeMs) : giveAtUs;
}

function hasRoom(
  { config }: PairState,
  { session: { hello } }: BoardState,
  next: InputRow,
  given: readonly InputRow[],
): boolean {
  if (given.length === 0) return true;
  const bytes = [...given, next].reduce((sum, { payload }) => sum + config.wire.exchangeBytes(payload.length, 0), 0);
  return given.length < Math.min(hello?.window ?? 1, config.maxWindow) && bytes <= (hello?.rxBytes ?? 0);
}

/** What need not be given, and stands first, is behind it. */
function passOver(progress: ResyncProgress, resync: Resync): void {
  for (let [row] = progress.rows; row !== undefined && !isGiven(row, resync); [row] = progress.rows) {
    progress.rows.shift();
    progress.given = Math.max(0, progress.given - 1);
    progress.count = row.commit?.executionCount ?? progress.count;
  }
}

/** When the next one is due, or an answer is due at the latest; infinite: something else is waited for. */
export function nextGivingUs(
  pair: PairState,
  board: BoardState,
  joining: Joining,
  resync: Resync,
  progress: ResyncProgress,
): number {
  const next = progress.rows[progress.given];
  const giveUs = next === undefined ? Number.POSITIVE_INFINITY : giveDueUs(pair, board, resync, progress, next);
  return Math.min(giveUs, answerDueUs(pair, board, joining, resync, progress));
}

/** R31: it is not asked again: without an answer by then the attempt has failed. */
export function answerDueUs(
  { config }: PairState,
  { work }: BoardState,
  { askedAtUs }: Joining,
  resync: Resync,
  progress: ResyncProgress,
): number {
  if (progress.stage === 'inputs' && inHand(progress, resync).length === 0) return Number.POSITIVE_INFINITY;
  return (config.wire.abilities.bounded ? askedAtUs : Math.max(askedAtUs, work.heardAtUs)) + config.deadlineUs;
}
