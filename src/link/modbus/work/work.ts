import type { FromBoard, Seq } from '../../../pair/result/messages.js';

/** Something that a slave is to do for the core: requests, one after the other, and what comes of them. */
export interface Work {
  /** What is asked for again under the same key is the same work. */
  readonly key: string;
  readonly session: number;
  /** To all slaves: there is no answer. */
  readonly isBroadcast: boolean;
  /** Between two of its requests whatever waits goes first. */
  readonly givesWay?: boolean;
  /** What is on its way was asked for once more. */
  isAskedAgain: boolean;
  /** It is lost, and is sent again. */
  noteSentAgain?(): void;
  /** It is lost, and this goes on by itself: what `next` gives is sent. Absent: it is over, and whoever wants it asks for it. */
  noteLost?(): void;
  /** Of an input of several requests: which one. */
  readonly partOf?: Seq;
  /** The PDU that is to go; the same one until it is answered. Null: it is done. */
  next(): Uint8Array | null;
  take(answer: Uint8Array): void;
  /** @param executionCount of the inputs before it */
  end(executionCount: number): Ended;
}

export interface Ended {
  /** Null: nothing is said of it. */
  readonly message: FromBoard | null;
  readonly executionCount: number;
}
