import { COMMAND_LIMIT_MS } from '../../api/socket/control-channel.js';
import type { Clock } from '../../clock/clock.js';
import type { Command, CommandOutcome } from '../../control/contract/command.js';
import type { PairEvent } from '../../pair/state/events.js';
import type { CommandAnswer } from '../perform.js';

/** More than people give at a time; each ends in bounded time (R6). */
const MAX_OPEN = 16;

const STILL_UNDER_WAY = 'still under way: see copycat status';

/** Takes what people ask for to the core, and what became of it back to whoever asked. */
export class OperatorCommands {
  readonly #open = new Map<string, (outcome: CommandOutcome) => void>();
  #asked = 0;

  constructor(
    private readonly clock: Clock,
    private readonly dispatch: (event: PairEvent) => void,
  ) {}

  /** Ends after the limit at the latest, and never rejects; the command itself goes on. */
  ask(
    command: Exclude<Command, { command: 'identify' | 'relay-test' | 'update-check' | 'notify-test' }>,
  ): Promise<CommandOutcome> {
    if (this.#open.size >= MAX_OPEN) {
      return Promise.resolve({ refused: `${MAX_OPEN} commands are under way already; wait for their ends` });
    }
    const ref = `command:${++this.#asked}`;
    return new Promise((resolve) => {
      const limitUs = this.clock.nowUs() + COMMAND_LIMIT_MS * 1000;
      const cancelLimit = this.clock.alarm(limitUs, () => this.#end(ref, { underWay: STILL_UNDER_WAY }));
      this.#open.set(ref, (outcome) => {
        cancelLimit();
        resolve(outcome);
      });
      this.dispatch({ type: 'commandAsked', ref, ...command });
    });
  }

  /** What the core says of it. Nobody waits any more for one that came after its limit: the log has it. */
  answer(answer: CommandAnswer): void {
    this.#end(answer.ref, answer.type === 'commandDone' ? { done: answer.outcome } : { refused: answer.why });
  }

  /** The gateway ends: what is not answered by now will not be. */
  close(): void {
    for (const ref of [...this.#open.keys()]) this.#end(ref, { underWay: 'the gateway ended before it was done' });
  }

  #end(ref: string, outcome: CommandOutcome): void {
    const resolve = this.#open.get(ref);
    this.#open.delete(ref);
    resolve?.(outcome);
  }
}
