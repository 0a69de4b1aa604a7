import type { BoardState } from './board-state.js';
import { keepUnit } from './known-unit.js';
import type { Hello, Seq } from './messages.js';
import type { PairState, Step } from './pair-state.js';
import { isAccused, isWanted, isWitness } from './roles.js';

/** Opening a port proves nothing: the board is asked who it is. */
export function greet(step: Step, board: BoardState): void {
  board.session = 'greeting';
  board.askedAtUs = step.atUs;
  board.asks = 0;
  board.mute = false;
  ask(step, board);
}

/** A session is open only when the board has confirmed it; OPEN names the life and the session that HELLO showed. */
export function open(step: Step, board: BoardState, resume: boolean): void {
  const { hello } = board;
  if (hello === null) return;
  const { sessions } = step.pair.config.wire;
  let next = (board.sessionNumber % sessions) + 1;
  if (next === board.helloSession) next = (next % sessions) + 1;
  board.session = 'opening';
  board.sessionNumber = next;
  board.executionCount = hello.executionCount;
  // Opened afresh it drops the results it kept.
  board.takeBack = resume ? executedBefore(step.pair, board, hello) : [];
  board.highestGivenSeq = resume ? Math.max(0, ...hello.kept) : 0;
  board.askedAtUs = step.atUs;
  board.asks = 0;
  board.resume = resume;
  if (!isWitness(step.pair, board)) {
    keepUnit(step, board);
    step.effects.push({ type: 'recordSession', board: board.id, session: next, boot: hello.boot });
  }
  ask(step, board);
}

/** What the board still owes an answer to, as far as the ledger knows of it: it comes (again) with its INPUT (R3). */
export function executedBefore(pair: PairState, board: BoardState, hello: Hello): Seq[] {
  return hello.kept.filter((seq) => {
    const input = pair.inputs.get(seq);
    return input !== undefined && !input.doneBy.has(board.id);
  });
}

/** Sends HELLO_REQ or OPEN, first or again. */
function ask(step: Step, board: BoardState): void {
  if (board.session === 'greeting') {
    step.effects.push({ type: 'send', board: board.id, session: 0, message: { kind: 'helloRequest' } });
  } else if (board.session === 'opening' && board.hello !== null) {
    step.effects.push({
      type: 'send',
      board: board.id,
      session: 0,
      message: {
        kind: 'open',
        newSession: board.sessionNumber,
        wasSession: board.helloSession,
        boot: board.hello.boot,
        resume: board.resume,
        nextSeq: step.pair.nextSeq % (step.pair.config.wire.lastSeq + 1),
      },
    });
  }
}

export function nextAskUs(pair: PairState, board: BoardState): number | null {
  const asking = board.session === 'greeting' || board.session === 'opening';
  if (!isWanted(board) || isAccused(pair, board)) return null;
  const everyUs = pair.config.helloTimeoutUs / 3;
  if (asking) return board.askedAtUs + (board.asks + 1) * everyUs;
  // A board whose port never opened counts as mute too, so that a start does not wait for it for ever.
  if (pair.phase === 'starting' && board.session === 'closed' && !board.mute) {
    return board.askedAtUs + pair.config.helloTimeoutUs;
  }
  return null;
}

export function askAgain(step: Step, board: BoardState): void {
  board.asks++;
  ask(step, board);
}
