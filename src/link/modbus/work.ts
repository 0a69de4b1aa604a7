import type { FromBoard, Result, ResultEnding, Seq } from '../../pair/result/messages.js';
import { exceptionIn } from '../../protocol/modbus/answer.js';
import { EXCEPTION, type RegisterRange } from '../../protocol/modbus/function-codes.js';
import type { CodeTable } from '../../protocol/modbus/pdu-length.js';
import { answersHash, comparedOf } from './compared-answer.js';

/** One input at a slave: the requests that it takes, one after the other, and what was answered so far. */
export interface Work {
  readonly session: number;
  readonly seq: Seq;
  /** PDUs. None: nobody is asked for this. */
  readonly requests: readonly Uint8Array[];
  /** To all slaves: there is no answer. */
  readonly isBroadcast: boolean;
  readonly answers: Uint8Array[];
  /** False: it shows that the board is there, and no more. */
  readonly isCompared: boolean;
  /** The one that is on its way was asked for once more. */
  isAskedAgain: boolean;
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
export function resultOf(
  work: Pick<Work, 'seq' | 'requests' | 'answers'>,
  executionCount: number,
  ignore: readonly RegisterRange[],
  codes: CodeTable,
): FromBoard {
  const { seq, requests, answers } = work;
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
export function unanswered(seq: Seq, executionCount: number): Result {
  const parts = [{ rejected: false, body: new Uint8Array(0) }];
  return {
    ...{ kind: 'result', seq, executionCount, parts, digest: null, hash: answersHash(parts) },
    ...{ observed: [], inputMatches: true },
  };
}
