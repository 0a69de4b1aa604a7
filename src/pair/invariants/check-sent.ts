import type { BoardState } from '../state/board-state.js';
import type { PairEffect } from '../state/effects.js';
import type { TimedPairEvent } from '../state/events.js';
import type { Input, PairState, Step } from '../state/pair-state.js';
import { type BeforeStep, wasOrIs } from './before-step.js';
import { broken } from './broken-invariant.js';

type Send = Extract<PairEffect, { type: 'send' }>;

/** What is about to leave to a board. */
export function checkSent(before: BeforeStep, event: TimedPairEvent, step: Step, send: Send): void {
  const { pair } = step;
  const { kind } = send.message;
  if (kind !== 'input' && kind !== 'commit' && kind !== 'violation') return;
  const board = pair.boards.get(send.board);
  const what = `${kind.toUpperCase()} of input ${send.message.seq} to ${send.board}`;
  if (board === undefined) return broken(pair, event, 'nothingToWhoIsOut', `${what}, which this pair does not have`);
  if (kind === 'violation') {
    if (wasOrIs(before, board, 'isLockedOut')) return;
    broken(pair, event, 'violationOnlyToLockedOut', `${what}, which is ${board.membership.state}`);
  }
  if (before.phase === 'stopped' && pair.phase === 'stopped') broken(pair, event, 'nothingInAStop', what);
  if (!wasOrIs(before, board, 'isIn'))
    broken(pair, event, 'nothingToWhoIsOut', `${what}, which is ${board.membership.state}`);
  if (wasOrIs(before, board, 'isReplaying')) return;
  if (kind === 'input') checkOnce(event, pair, send.board, send.message, what);
  if (kind === 'input') checkGiven(event, step, board, send.message.seq, what);
  else checkGrant(event, pair, board, send.message.seq, what);
}

function checkGiven(event: TimedPairEvent, { pair, atUs }: Step, board: BoardState, seq: number, what: string): void {
  const input = pair.queue.inputs.get(seq);
  if (input?.recorded === false) broken(pair, event, 'givenOnlyWhenRecorded', what);
  if (input?.quarantined === true) broken(pair, event, 'quarantinedIsNotGiven', what);
  const exchange = board.work.exchanges.get(seq);
  // A repeat is of what was given rightly; what has left the board's hands since is no matter of this step.
  if (exchange === undefined || exchange.givenAtUs !== atUs) return;
  if (board.id !== pair.lease.owner && !isPrimaryDone(pair, input, seq))
    broken(pair, event, 'releasedOnlyByThePrimary', what);
  const window = Math.max(1, Math.min(board.session.hello?.window ?? 1, pair.config.maxWindow));
  if (board.work.exchanges.size > window) {
    broken(
      pair,
      event,
      'windowIsKept',
      `${what}, which has ${board.work.exchanges.size} in work; its window is ${window}`,
    );
  }
}

/** R31 */
function checkOnce(
  event: TimedPairEvent,
  pair: PairState,
  board: string,
  { seq, payload }: { readonly seq: number; readonly payload: Uint8Array },
  what: string,
): void {
  const {
    config: { wire },
    ledgerSaid: { given },
  } = pair;
  if (wire.abilities.repeats || wire.mayRepeat(payload)) return;
  const boards = given.get(seq) ?? new Set();
  if (boards.has(board)) broken(pair, event, 'neverGivenTwice', what);
  given.set(seq, boards.add(board));
}

/** R2(a), where commits need both: it has given its whole result. R2(b): after the fence the heir is the primary. */
function isPrimaryDone(
  { boards, lease: { owner: primary }, config }: PairState,
  input: Input | undefined,
  seq: number,
): boolean {
  if (input?.doneBy.has(primary) === true) return true;
  const state = boards.get(primary)?.work.exchanges.get(seq)?.state;
  if (state === 'acted') return true;
  // R7: without a commit its answer says so.
  if (state === 'awaiting-commit' && !config.wire.abilities.commit) return true;
  return config.commitNeeds === 'both' && (state === 'awaiting-commit' || state === 'committed');
}

/** R7: the ledger has said so; of the third copy, which is not asked for, what the primary has committed. */
function checkGrant(event: TimedPairEvent, pair: PairState, board: BoardState, seq: number, what: string): void {
  const isCommitted =
    board.id === pair.config.thirdCopy
      ? pair.queue.inputs.get(seq)?.commit != null
      : pair.ledgerSaid.committed.has(seq);
  if (!isCommitted) broken(pair, event, 'grantedOnlyWhenCommitted', what);
}
