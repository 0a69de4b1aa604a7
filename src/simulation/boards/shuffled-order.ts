import type { ExecutionOrder, WaitingInput } from '../../model-board/execution-order.js';
import type { Dice } from '../dice.js';

const LONGEST_WAIT_US = 4_000;

/** A board with an order of its own (R3): lets inputs gather for a moment, then takes any of them. */
export class ShuffledOrder implements ExecutionOrder {
  constructor(private readonly dice: Dice) {}

  next(waiting: readonly WaitingInput[], nowUs: number): number | null {
    const [oldest] = waiting;
    if (oldest === undefined) return null;
    if (nowUs - oldest.arrivedUs < LONGEST_WAIT_US && this.dice.oneIn(3)) return null;
    return this.dice.pick(waiting).seq;
  }
}
