import type { ExecutionOrder, WaitingInput } from '../../model-board/execution-order.js';
import type { SeededChoices } from '../seeded-choices.js';

const LONGEST_WAIT_US = 4_000;

/** A board with an order of its own (R3): lets inputs gather for a moment, then takes any of them. */
export class ShuffledOrder implements ExecutionOrder {
  constructor(private readonly random: SeededChoices) {}

  next(waiting: readonly WaitingInput[], nowUs: number): number | null {
    const [oldest] = waiting;
    if (oldest === undefined) return null;
    if (nowUs - oldest.arrivedUs < LONGEST_WAIT_US && this.random.oneIn(3)) return null;
    return this.random.pick(waiting).seq;
  }
}
