import { FrameSplitter } from '../../../protocol/frame-splitter.js';
import type { Message } from '../../../protocol/messages.generated.js';
import type { BoardName } from '../../bench-board.js';
import type { BenchWorld } from '../../world/world.js';

export type MessageTest = (message: Message) => boolean;

/**
 * Calls `then` once, when the next message of this kind for the board has left the gateway. With `loses` the write it
 * came in does not get there any more.
 */
export function onNextToBoard(
  world: BenchWorld,
  name: BoardName,
  isIt: MessageTest,
  then: () => void,
  options: { readonly loses?: boolean } = {},
): void {
  const { hostEnd } = world.boards[name];
  const splitter = new FrameSplitter();
  const pass = hostEnd.onData;
  let due = true;
  hostEnd.onData = (bytes) => {
    const isDue = due && splitter.push(bytes).some((received) => received.ok && isIt(received.message));
    if (!isDue || options.loses !== true) pass(bytes);
    if (!isDue) return;
    due = false;
    then();
  };
}

/** Calls `then` once, at the last byte of the next message of this kind that the board sends. */
export function onNextFromBoard(world: BenchWorld, name: BoardName, isIt: MessageTest, then: () => void): void {
  const { board } = world.boards[name];
  const splitter = new FrameSplitter();
  const pass = board.onTransmit;
  let due = true;
  board.onTransmit = (byte, atUs, baudRate, format) => {
    pass(byte, atUs, baudRate, format);
    const received = due ? splitter.pushByte(byte) : null;
    if (received?.ok !== true || !isIt(received.message)) return;
    due = false;
    then();
  };
}
