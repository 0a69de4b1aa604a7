import type { Socket } from 'node:net';
import { type BoardLines, type BoardLinesRequest, boardLinesRequestFrom } from '../../control/contract/board-line.js';
import { type Command, type CommandOutcome, commandFrom } from '../../control/contract/command.js';
import type { Status } from '../../control/contract/status.js';
import { versionTrouble } from '../../control/contract/version.js';
import { type ControlAnswer, MAX_REQUEST_BYTES } from './control-channel.js';
import type { Turns } from './fair-turns.js';

/** Who knows the answers. */
export interface Answerers {
  readonly status: () => Status;
  /** What became of a command; in bounded time. */
  readonly command: (command: Command) => Promise<CommandOutcome>;
  /** What its boards said for people; absent: nobody keeps it. */
  readonly boardLines?: (request: BoardLinesRequest) => BoardLines;
}

const MAX_UNSENT_BYTES = 0x100000;

/**
 * Answers one request after another, in order, each in a turn of its own, which all clients share (R32). R6: while one is
 * under way or waits for its turn nothing more is read from its client.
 */
export function answerLines(socket: Socket, answerers: Answerers, turns: Turns): { readonly isBusy: boolean } {
  let held = '';
  let isBusy = false;
  const work = async (): Promise<void> => {
    isBusy = true;
    for (let line = takeLine(); line !== null; line = takeLine()) {
      await turns.take();
      if (socket.destroyed) return;
      const text = JSON.stringify(await answerTo(line, answerers));
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

function answerTo(line: string, { status, command, boardLines }: Answerers): ControlAnswer | Promise<ControlAnswer> {
  try {
    const request: unknown = JSON.parse(line);
    if (typeof request === 'object' && request !== null) {
      const trouble = 'version' in request ? versionTrouble(request.version) : null;
      if (trouble !== null) return { error: trouble };
      if ('get' in request && request.get === 'status') return { status: status() };
      if ('get' in request && request.get === 'log' && boardLines !== undefined) {
        const asked = boardLinesRequestFrom(request);
        return typeof asked === 'string' ? { error: asked } : { log: boardLines(asked) };
      }
      if ('do' in request) {
        const asked = commandFrom({ ...request });
        return typeof asked === 'string' ? { error: asked } : command(asked);
      }
    }
    return { error: 'unknown request; expected {"get":"status"}, {"get":"log"} or {"do":"switch"}' };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
