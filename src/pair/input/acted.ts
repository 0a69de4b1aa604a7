import type { BoardState, Exchange } from '../state/board-state.js';
import type { Step } from '../state/pair-state.js';
import { isThirdCopy } from '../state/roles.js';

/** `readBack`: none where what the board said of its outputs is not of this input. */
export function haveActed(step: Step, board: BoardState, exchange: Exchange, readBack: readonly number[] = []): void {
  exchange.state = 'acted';
  step.pair.lastWorkUs = step.atUs;
  if (isThirdCopy(step.pair, board)) return;
  const told = readBack.length === 0 ? {} : { readBack };
  step.effects.push({ type: 'recordDone', board: board.id, seq: exchange.seq, ...told });
}

/** Decays slowly, so that one bad moment long ago does not make every takeover wait (R10). */
export function noteWholeExchange(step: Step, { work }: BoardState, { givenAtUs }: Exchange): void {
  work.slowestExchangeUs = Math.max(step.atUs - givenAtUs, Math.round(work.slowestExchangeUs * 0.98));
}
