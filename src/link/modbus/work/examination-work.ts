import type { Ended, Work } from './work.js';

/** R19: reads by which it shows whether a board is as it was left. What they show whoever looks at every answer says (RegisterWatch). */
export class ExaminationWork implements Work {
  static readonly KEY = 'examination';
  readonly key = ExaminationWork.KEY;
  readonly isBroadcast = false;
  readonly givesWay = true;
  isAskedAgain = false;
  #answered = 0;

  constructor(
    readonly session: number,
    private readonly requests: readonly Uint8Array[],
  ) {}

  next(): Uint8Array | null {
    return this.requests[this.#answered] ?? null;
  }

  take(): void {
    this.#answered++;
  }

  end(executionCount: number): Ended {
    return { message: { kind: 'examined' }, executionCount };
  }
}
