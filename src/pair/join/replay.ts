import { pairTimeOnWire } from '../input/feed.js';
import { verdictOn } from '../input/verdict-on.js';
import type { InputRow } from '../result/ledger-rows.js';
import type { Done, Result, ToBoard } from '../result/messages.js';
import type { BoardState, Joining } from '../state/board-state.js';
import type { LedgerAnswer } from '../state/events.js';
import type { PairState, Step } from '../state/pair-state.js';
import { primaryOf } from '../state/roles.js';
import { readHistory, yetToCome } from './history.js';
import { follow } from './write-state.js';

/** Rows that are read from the ledger at a time (R6). */
const ROWS_AT_A_TIME = 64;

export type ReplayOutcome = 'going-on' | 'caught-up' | 'different' | 'history-lost';

/**
 * R25: a board that cannot take a state executes, from its fresh start on, all that the pair has executed, with the
 * values that were observed then. Everything of it is committed: nothing here is asked of the ledger's constraint, and
 * its pins are not at the actuator.
 */
export function askForHistory(step: Step, board: BoardState, joining: Joining): ReplayOutcome {
  joining.step = 'replaying';
  joining.replay = { rows: null, count: board.session.hello?.executionCount ?? 0, granted: null };
  joining.done = 0;
  joining.of = primaryOf(step.pair).work.executionCount;
  if (joining.of === 0) {
    // The pair has just begun anew: what the ledger has is of before, until the primary's first commit.
    follow(step.pair, board, joining, { executionCount: 0, digest: 0, outputs: [], bytes: new Uint8Array(0) });
    return 'caught-up';
  }
  readOn(step, board, joining);
  return 'going-on';
}

function readOn(step: Step, board: BoardState, joining: Joining): void {
  const { replay } = joining;
  if (replay === null) return;
  replay.rows = null;
  joining.askedAtUs = step.atUs;
  readHistory(step, board, replay.count, ROWS_AT_A_TIME);
}

export function historyRead(
  step: Step,
  board: BoardState,
  joining: Joining,
  answer: Extract<LedgerAnswer, { type: 'historyRead' }>,
): ReplayOutcome {
  const { replay } = joining;
  if (replay === null || replay.rows !== null || answer.after !== replay.count) return 'going-on';
  if (answer.inputs === null || answer.inputs.some((row) => isNotOfThePrimary(step, row))) return 'history-lost';
  // R2: what the primary is not done with comes as a copy later.
  const notDone = answer.inputs.findIndex(
    ({ seq }) => step.pair.queue.inputs.get(seq)?.doneBy.has(step.pair.lease.owner) === false,
  );
  const rows = notDone < 0 ? [...answer.inputs] : answer.inputs.slice(0, notDone);
  if (rows.length === 0 && joining.snapshot !== null) {
    if (replay.count + yetToCome(step.pair, replay.count) < primaryOf(step.pair).work.executionCount)
      return 'history-lost';
    follow(step.pair, board, joining, { ...joining.snapshot, executionCount: replay.count });
    return 'caught-up';
  }
  // From here on what the primary executes is kept; what it had finished until now, one more reading tells.
  if (rows.length < ROWS_AT_A_TIME) {
    joining.snapshot ??= { executionCount: 0, digest: 0, outputs: [], bytes: new Uint8Array(0) };
  }
  replay.rows = rows;
  if (rows.length === 0) readOn(step, board, joining);
  else giveRow(step, board, joining);
  return 'going-on';
}

/** R27: what it did is not known; or the pair had begun anew since, and the ledger lost that with its tail. */
function isNotOfThePrimary({ pair }: Step, { kind, commit }: InputRow): boolean {
  return kind === 'recovered' || (commit?.executionCount ?? 0) > primaryOf(pair).work.executionCount;
}

/** Sends what the first row waits for, first or again. */
export function continueReplay(step: Step, board: BoardState, joining: Joining): void {
  const { replay } = joining;
  joining.askedAtUs = step.atUs;
  // R17: the ledger takes its time; that is not the board's.
  if (replay === null || replay.rows === null) joining.asks = 0;
  else if (replay.granted !== null) grant(step, board, replay.granted);
  else giveRow(step, board, joining);
}

function giveRow(step: Step, board: BoardState, joining: Joining): void {
  const [row] = joining.replay?.rows ?? [];
  if (row === undefined || joining.replay === null) return;
  joining.askedAtUs = step.atUs;
  send(step, board, inputOf(step.pair, row, joining.replay.count + 1));
}

function inputOf(pair: PairState, row: InputRow, position: number): ToBoard {
  const { seq, payload } = row;
  const pairTimeMs = pairTimeOnWire(pair, row.pairTimeMs);
  const observed = row.commit?.observed ?? null;
  return { kind: 'input', seq, probe: row.kind === 'probe', recall: false, position, pairTimeMs, observed, payload };
}

export function replayResult(step: Step, board: BoardState, joining: Joining, result: Result): ReplayOutcome {
  const { replay } = joining;
  const [row] = replay?.rows ?? [];
  if (replay === null || row === undefined || row.commit === null || result.seq !== row.seq) return 'going-on';
  if (!result.inputMatches || verdictOn(step.pair, row, row.commit, result).verdict === 'mismatch') return 'different';
  replay.granted = result;
  joining.asks = 0;
  joining.askedAtUs = step.atUs;
  grant(step, board, result);
  return 'going-on';
}

export function replayDone(step: Step, board: BoardState, joining: Joining, done: Done): void {
  const { replay } = joining;
  if (replay === null || replay.rows === null || replay.granted?.seq !== done.seq) return;
  replay.granted = null;
  replay.rows.shift();
  replay.count++;
  joining.done = replay.count;
  joining.of = Math.max(primaryOf(step.pair).work.executionCount, replay.count);
  joining.asks = 0;
  if (replay.rows.length === 0) readOn(step, board, joining);
  else giveRow(step, board, joining);
}

function grant(step: Step, board: BoardState, { seq, hash }: Result): void {
  send(step, board, { kind: 'commit', seq, hash });
}

function send(step: Step, board: BoardState, message: ToBoard): void {
  step.effects.push({ type: 'send', board: board.id, session: board.session.number, message });
}
