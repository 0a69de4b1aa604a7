import type { FromBoard, Result, ResultEnding, Seq } from '../../../pair/result/messages.js';
import { exceptionIn } from '../../../protocol/modbus/answer.js';
import { EXCEPTION, type RegisterRange } from '../../../protocol/modbus/function-codes.js';
import type { CodeTable } from '../../../protocol/modbus/pdu-length.js';
import { answersHash, comparedOf } from '../compared-answer.js';
import type { Ended, Work } from './work.js';

export interface InputWorkOptions {
  readonly session: number;
  readonly seq: Seq;
  /** PDUs. None: nobody is asked for this. */
  readonly requests: readonly Uint8Array[];
  readonly isBroadcast: boolean;
  /** False: it shows that the board is there, and no more. */
  readonly isCompared: boolean;
  readonly ignore: readonly RegisterRange[];
  readonly codes: CodeTable;
}

export class InputWork implements Work {
  isAskedAgain = false;
  readonly #answers: Uint8Array[] = [];
  #sentAgain = 0;
  readonly #requests: readonly Uint8Array[];

  constructor(private readonly options: InputWorkOptions) {
    this.#requests = options.requests;
  }

  static keyOf(seq: Seq): string {
    return `input ${seq}`;
  }

  get key(): string {
    return InputWork.keyOf(this.options.seq);
  }

  get session(): number {
    return this.options.session;
  }

  get isBroadcast(): boolean {
    return this.options.isBroadcast;
  }

  get partOf(): Seq {
    return this.options.seq;
  }

  noteSentAgain(): void {
    this.#sentAgain++;
  }

  next(): Uint8Array | null {
    return this.#requests[this.#answers.length] ?? null;
  }

  take(answer: Uint8Array): void {
    this.#answers.push(answer);
  }

  end(before: number): Ended {
    const { seq, ignore, codes, isCompared } = this.options;
    const executionCount = before + 1;
    const isBare = this.#answers.length === 0 || !isCompared;
    const answered = { seq, requests: this.#requests, answers: this.#answers };
    const message = isBare ? unanswered(seq, executionCount) : resultOf(answered, executionCount, ignore, codes);
    const isTold = message.kind === 'result' && this.#sentAgain > 0;
    return { message: isTold ? { ...message, sentAgain: this.#sentAgain } : message, executionCount };
  }
}

/** What was asked for one input, and what came. */
interface Answered {
  readonly seq: Seq;
  readonly requests: readonly Uint8Array[];
  readonly answers: readonly Uint8Array[];
}

const ENDINGS: ReadonlyMap<number, ResultEnding> = new Map([
  [EXCEPTION.serverDeviceFailure, 'in-doubt'],
  [EXCEPTION.acknowledge, 'unfinished'],
  [EXCEPTION.serverDeviceBusy, 'not-taken'],
]);

/**
 * What the answers to an input say to the core. Exceptions are results, but for those by which a slave says that it has not taken the
 * request, is not done with it, or cannot tell (6, 5, 4); a parity error of its memory (8) is evidence against it.
 */
function resultOf(
  { seq, requests, answers }: Answered,
  executionCount: number,
  ignore: readonly RegisterRange[],
  codes: CodeTable,
): FromBoard {
  const exceptions = answers.map(exceptionIn).filter((exception) => exception !== null);
  if (exceptions.includes(EXCEPTION.memoryParityError)) return { kind: 'failed', reason: 'memory-parity', detail: 0 };
  const parts = answers.map((body) => ({ rejected: exceptionIn(body) !== null, body }));
  const compared = answers.map((answer, index) => ({
    rejected: exceptionIn(answer) !== null,
    body: comparedOf(requests[index] ?? answer, answer, ignore, codes),
  }));
  const result: Result = {
    ...{ kind: 'result', seq, executionCount, parts, digest: null, hash: answersHash(compared) },
    ...{ observed: [], inputMatches: true },
  };
  const [ending] = exceptions.map((exception) => ENDINGS.get(exception)).filter((one) => one !== undefined);
  return ending === undefined ? result : { ...result, ending };
}

/** Done without an answer: a broadcast, or a probe for which nobody was asked. */
function unanswered(seq: Seq, executionCount: number): Result {
  const parts = [{ rejected: false, body: new Uint8Array(0) }];
  return {
    ...{ kind: 'result', seq, executionCount, parts, digest: null, hash: answersHash(parts) },
    ...{ observed: [], inputMatches: true },
  };
}
