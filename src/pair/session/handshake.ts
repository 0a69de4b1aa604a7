import type { Hello, Seq } from '../result/messages.js';
import { tellsLife } from '../state/board-abilities.js';
import type { BoardState } from '../state/board-state.js';
import type { PairState, Step } from '../state/pair-state.js';
import { isAccused, isThirdCopy, isWanted, otherOf, primaryOf } from '../state/roles.js';

/** Opening a port proves nothing: the board is asked who it is. */
export function beginHandshake(step: Step, board: BoardState): void {
  board.session.state = 'hello-requested';
  board.session.askedAtUs = step.atUs;
  board.session.asks = 0;
  board.session.unresponsive = false;
  board.session.isQuestioned = false;
  ask(step, board);
}

/** R31: an answer is missing, and nothing says more of it than whether the board is there at all. */
export function beginQuestion(step: Step, board: BoardState): void {
  beginHandshake(step, board);
  board.session.isQuestioned = true;
}

/** A session is open only when the board has confirmed it; OPEN names the life and the session that HELLO showed. */
export function open(step: Step, board: BoardState, resume: boolean): void {
  const { hello } = board.session;
  if (hello === null) return;
  const { sessions } = step.pair.config.wire;
  let next = (board.session.number % sessions) + 1;
  if (next === board.session.helloSession) next = (next % sessions) + 1;
  board.session.state = 'opening';
  board.session.isQuestioned = false;
  board.session.number = next;
  noteExecuted(step.pair, board, hello);
  // Opened afresh it drops the results it kept.
  board.work.toRecover = resume ? executedBefore(step.pair, board, hello) : [];
  board.work.highestGivenSeq = resume ? Math.max(0, ...hello.kept) : 0;
  board.session.askedAtUs = step.atUs;
  board.session.asks = 0;
  board.session.resume = resume;
  if (!isThirdCopy(step.pair, board)) {
    keepUnit(step, board);
    step.effects.push({ type: 'recordSession', board: board.id, session: next, boot: hello.boot });
  }
  ask(step, board);
}

/** R3: where it goes on counting from. A board that tells no life is taken for the one that it was. */
export function noteExecuted(pair: PairState, { work }: BoardState, { executionCount }: Hello): void {
  work.executionCount = tellsLife(pair) ? executionCount : Math.max(work.executionCount, pair.start.executionCount);
}

/** What the board still owes an answer to, as far as the ledger knows of it: it comes (again) with its INPUT (R3). */
export function executedBefore(pair: PairState, board: BoardState, hello: Hello): Seq[] {
  return hello.kept.filter((seq) => {
    const input = pair.queue.inputs.get(seq);
    return input !== undefined && !input.doneBy.has(board.id);
  });
}

/** Sends HELLO_REQ or OPEN, first or again. */
function ask(step: Step, board: BoardState): void {
  if (board.session.state === 'hello-requested') {
    step.effects.push({ type: 'send', board: board.id, session: 0, message: { kind: 'helloRequest' } });
  } else if (board.session.state === 'opening' && board.session.hello !== null) {
    step.effects.push({
      type: 'send',
      board: board.id,
      session: 0,
      message: {
        kind: 'open',
        newSession: board.session.number,
        wasSession: board.session.helloSession,
        boot: board.session.hello.boot,
        resume: board.session.resume,
        nextSeq: step.pair.seqs.nextSeq % (step.pair.config.wire.lastSeq + 1),
      },
    });
  }
}

export function nextAskUs(pair: PairState, board: BoardState): number | null {
  const asking = board.session.state === 'hello-requested' || board.session.state === 'opening';
  if (!isWanted(board) || isAccused(pair, board)) return null;
  const everyUs = pair.config.helloTimeoutUs / 3;
  if (asking) return board.session.askedAtUs + (board.session.asks + 1) * everyUs;
  // A board whose port never opened counts as unresponsive too, so that a start does not wait for it for ever.
  if (pair.phase === 'starting' && board.session.state === 'closed' && !board.session.unresponsive) {
    return board.session.askedAtUs + pair.config.helloTimeoutUs;
  }
  return null;
}

export function askAgain(step: Step, board: BoardState): void {
  board.session.asks++;
  ask(step, board);
}

/** The board that is there is the one that is expected here from now on, also by the next gateway. */
export function keepUnit(step: Step, board: BoardState): void {
  const { heardUnit, missedUnit } = board.identity;
  if (heardUnit === null || heardUnit === 0 || heardUnit === board.identity.unit) return;
  if (heardUnit === missedUnit) keepMissedUnit(step, board, 0);
  // Nobody can say yet that the one it replaces is not at the other port. One that is back where it was missed replaces nobody.
  else if (neighbourOf(step.pair, board).identity.heardUnit === null) keepMissedUnit(step, board, board.identity.unit);
  board.identity.unit = heardUnit;
  step.effects.push({ type: 'keepFact', name: `unit.${board.id}`, value: String(heardUnit) });
}

export function keepMissedUnit(step: Step, board: BoardState, unit: number): void {
  if (board.identity.missedUnit === unit) return;
  board.identity.missedUnit = unit;
  step.effects.push({ type: 'keepFact', name: `missed.${board.id}`, value: String(unit) });
}

/** The other of the two, whichever is the primary. */
export function neighbourOf(pair: PairState, board: BoardState): BoardState {
  const other = otherOf(pair);
  return other.id === board.id ? primaryOf(pair) : other;
}
