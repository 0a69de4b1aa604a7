import type { BoardWire } from '../pair/result/board-wire.js';
import type { BoardId, FromBoard, ToBoard } from '../pair/result/messages.js';
import type { Cut } from '../values/cut.js';
import type { LinkCounts } from './link-counters.js';
import type { LinkNote } from './link-notes.js';

/** A protocol that boards speak: what it costs and what its boards can do, and somebody who speaks it with one of them. */
export interface Dialect {
  readonly wire: BoardWire;
  /** What a speaker is pushed: pieces between delimiters, or bytes as they come. */
  readonly cut: Cut;
  /** Longer than anything that one delimiter ends, in bytes: what comes without one beyond it is noise, and is dropped. */
  readonly maxFrameBytes: number;
  readonly speakWith: (listener: DialectListener) => Speaker;
}

/** Who hears of what is not for the core. */
export interface DialectListener {
  readonly board: BoardId;
  readonly counts: LinkCounts;
  readonly note: (note: LinkNote) => void;
}

/** What the board said, and in which session it stands. */
export interface ReadMessage {
  readonly session: number;
  readonly message: FromBoard;
}

/** What a speaker has to write and to say when it is called for it. */
export interface Taken {
  /** Each goes out in one write of its own: a pause inside a frame ends it. */
  readonly writes: readonly Uint8Array[];
  readonly messages: readonly ReadMessage[];
  /** When it wants to be called again, on the link's clock; null: only when something happens. */
  readonly nextUs: number | null;
}

/** Bytes to messages and back, for one board, over all openings of its link. Decides nothing. */
export interface Speaker {
  /**
   * Bytes to write; nothing else is told of a message that goes out. None: there is nothing to write now.
   * @param atUs on the link's clock; 0 to a speaker without `take`, which goes by no time
   * @throws RangeError when the message does not fit
   */
  encode(session: number, message: ToBoard, atUs: number): Uint8Array;
  /**
   * What has come, cut as the port's parser cuts it. Never throws: what is no message is counted.
   * @param atUs on the link's clock
   */
  push(bytes: Uint8Array, atUs: number): readonly ReadMessage[];
  /**
   * Only of a speaker that waits between frames, answers for its board, or asks of its own accord. Called after `encode`, after
   * `push` and at `nextUs`, while the link is open.
   */
  take?(atUs: number): Taken;
  /** This opening is over: what was begun is nothing. */
  ended(): void;
}
