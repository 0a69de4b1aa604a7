import type { Socket } from 'node:net';
import { MAX_REQUEST_BYTES } from './control-channel.js';
import type { Turns } from './fair-turns.js';

/** What one line is answered by, as JSON; in bounded time. */
export type AnswerLine = (line: string) => object | Promise<object>;

const MAX_UNSENT_BYTES = 0x100000;

/**
 * Answers one request after another, in order, each in a turn of its own, which all clients share (R32). R6: while one is
 * under way or waits for its turn nothing more is read from its client.
 */
export function answerLines(socket: Socket, answer: AnswerLine, turns: Turns): { readonly isBusy: boolean } {
  let held = '';
  let isBusy = false;
  const work = async (): Promise<void> => {
    isBusy = true;
    for (let line = takeLine(); line !== null; line = takeLine()) {
      await turns.take();
      if (socket.destroyed) return;
      const text = JSON.stringify(await answer(line));
      // A client that went away has no use for it.
      if (socket.writable) socket.write(`${text}\n`);
    }
    isBusy = false;
    if (held.length > MAX_REQUEST_BYTES || socket.writableLength > MAX_UNSENT_BYTES) socket.destroy();
    else socket.resume();
  };
  const takeLine = (): string | null => {
    for (let end = held.indexOf('\n'); end >= 0; end = held.indexOf('\n')) {
      const line = held.slice(0, end);
      held = held.slice(end + 1);
      if (line.trim() !== '') return line;
    }
    return null;
  };
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy()); // a client that went away
  socket.on('data', (chunk: string) => {
    held += chunk;
    // One chunk more than what is being answered is held at most.
    socket.pause();
    if (!isBusy) work().catch(() => socket.destroy()); // whoever knows the answer has failed, and said so itself
  });
  return {
    get isBusy() {
      return isBusy;
    },
  };
}
