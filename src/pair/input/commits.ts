import type { Result } from '../result/messages.js';
import { accuse, stop } from '../state/accuse.js';
import { actsUnasked } from '../state/board-abilities.js';
import type { BoardState } from '../state/board-state.js';
import { isAccepted } from '../state/disputed-result.js';
import type { LedgerAnswer } from '../state/events.js';
import type { Input, Queue, Step } from '../state/pair-state.js';
import { boardOf, isAccused, takesPart } from '../state/roles.js';
import { awaitsHold, grant, requestCommit } from './agreement.js';
import { emit } from './answer.js';

type CommitAnswer = Extract<LedgerAnswer, { type: 'commitAnswered' }>;

/** The ledger has decided (R8). Only a grant lets the board act; a refusal of a fenced board is VIOLATION, in its time. */
export function commitAnswered(step: Step, answer: CommitAnswer): void {
  const { pair } = step;
  const board = boardOf(pair, answer.board);
  noteCommit(pair.queue, answer);
  if (answer.outcome === 'locked-out') return;
  // R12: a grant that was on its way when its board was accused is the fence transaction's to tell, not ours.
  if (pair.phase === 'stopped' || isAccused(pair, board)) return;
  if (actsUnasked(pair)) return recordedAfterwards(step, board, answer);
  if (board.session.state !== 'open' || answer.session !== board.session.number || !takesPart(board)) return;
  const exchange = board.work.exchanges.get(answer.seq);
  const input = pair.queue.inputs.get(answer.seq);
  if (exchange?.result == null || input === undefined || exchange.state !== 'awaiting-commit') return;
  if (answer.outcome !== 'granted') return commitRefused(step, board, answer, input, exchange.result);
  if (awaitsHold(pair)) {
    // R10: it was asked for before, and is asked for again once the old primary is held: the ledger grants it as often (R8).
    exchange.asked = false;
    return;
  }
  grant(step, board, exchange, exchange.result);
  if (board.id === pair.lease.owner) emit(step, input);
}

/** The board had acted before: with the row in the ledger its answer may leave (R9), whatever has become of its session. */
function recordedAfterwards(step: Step, board: BoardState, answer: CommitAnswer): void {
  const input = step.pair.queue.inputs.get(answer.seq);
  if (input === undefined || !takesPart(board)) return;
  if (answer.outcome === 'granted') {
    if (board.id === step.pair.lease.owner) emit(step, input);
    return;
  }
  if (answer.session !== board.session.number) return;
  commitRefused(step, board, answer, input, board.work.exchanges.get(answer.seq)?.result ?? null);
}

/** Our picture of lease or result is not the ledger's: it decides, and a person is told. What a board did is not undone by that. */
function commitRefused(
  step: Step,
  board: BoardState,
  { seq, outcome }: CommitAnswer,
  input: Input,
  result: Result | null,
): void {
  if (board.id !== step.pair.lease.owner) return accuse(step, board, 'mismatch', seq, { ledger: outcome });
  if (outcome === 'different') {
    if (isAccepted(input, board) && !input.arbitrated && result !== null)
      return askArbitrated(step, board, input, result);
    input.disputedResult = { board: board.id, accepted: false };
  }
  stop(step, `the ledger refused a commit of the primary: ${outcome}`, seq);
}

/** R22: the ledger has a result that the core does not know of, and a person has decided against it (R19). */
function askArbitrated(step: Step, board: BoardState, input: Input, result: Result): void {
  const { seq, hash } = result;
  input.arbitrated = true;
  step.effects.push({ type: 'recordVerdict', seq, board: board.id, hash, verdict: 'arbitrated' });
  if (input.proposed !== null) input.asked.push(input.proposed);
  requestCommit(step, board, step.pair.lease.epoch, result);
}

/** R9: what the ledger has is committed, also when nobody can be told now: after a stop it is not executed again. */
function noteCommit(queue: Queue, { board, seq, hash, outcome }: CommitAnswer): void {
  const input = queue.inputs.get(seq);
  const asked = input?.asked.find((row) => row.board === board && row.hash === hash);
  if (input === undefined || asked === undefined) return;
  if (outcome === 'granted') input.commit ??= asked;
  input.asked = input.asked.filter((row) => row !== asked);
}
