import type { Hello } from './messages.js';
import type { BoardState, PairState, Step } from './pair-state.js';

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
  let next = (board.sessionNumber % 255) + 1;
  if (next === board.helloSession) next = (next % 255) + 1;
  board.session = 'opening';
  board.sessionNumber = next;
  board.executionCount = hello.executionCount - waitingResults(step, hello);
  board.highestGivenSeq = Math.max(0, ...hello.kept);
  board.askedAtUs = step.atUs;
  board.asks = 0;
  board.resume = resume;
  step.effects.push({ type: 'recordSession', board: board.id, session: next, boot: hello.boot });
  ask(step, board);
}

/** Executions whose results nobody has taken yet: they come (again) when their INPUT is repeated (R3). */
function waitingResults(step: Step, hello: Hello): number {
  let waiting = 0;
  for (const [index, seq] of hello.kept.entries()) {
    const acted = (hello.actedBits & (1 << index)) !== 0;
    if (!acted && step.pair.inputs.get(seq)?.commit == null) waiting++;
  }
  return waiting;
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
        nextSeq: step.pair.nextSeq,
      },
    });
  }
}

export function nextAskUs(pair: PairState, board: BoardState): number | null {
  const asking = board.session === 'greeting' || board.session === 'opening';
  if (board.standing !== 'in-sync') return null;
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
