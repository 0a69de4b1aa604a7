import type { FailedReason, InputMessage, ResultMessage } from '../protocol/messages.generated.js';

/** What became of an input on a board, in this order. */
export type SlotPhase = 'queued' | 'executed' | 'granted' | 'acted';

/** One input and then its result; seq n lives in slot n % window. */
export interface BoardSlot {
  readonly seq: number;
  readonly input: InputMessage;
  readonly inputCrc: number;
  readonly arrivedUs: number;
  /** Its number in the order of arrival. */
  readonly arrival: number;
  /** The execution count it must get; 0: any. */
  position: number;
  phase: SlotPhase;
  executionCount: number;
  hash: number;
  /** The result as it goes on the wire, without its session. */
  parts: readonly Omit<ResultMessage, 'session'>[];
  levels: readonly (number | null)[];
  readBack: readonly number[];
  /** Next part of the result to send; null when none is due. */
  duePart: number | null;
  isDoneDue: boolean;
  repeatedUs: number;
}

/** What the slots need of the board around them. */
export interface BoardHost {
  readonly nowUs: number;
  say(seq: number, text: string): void;
  stop(reason: FailedReason, detail: number): void;
  /** The board's own reading of its source. */
  readOwnSource(): number;
}

export const isExecuted = ({ phase }: BoardSlot): boolean => phase !== 'queued';
