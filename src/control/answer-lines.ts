import type { Socket } from 'node:net';
import { setTimeout as pass } from 'node:timers/promises';
import { type Command, type CommandOutcome, commandFrom } from './command.js';
import { type ControlAnswer, MAX_REQUEST_BYTES } from './control-channel.js';
import type { Status } from './status.js';

/** Who knows the answers. */
export interface Answerers {
  readonly status: () => Status;
  /** What became of a command; in bounded time. */
  readonly command: (command: Command) => Promise<CommandOutcome>;
}

const MAX_UNSENT_BYTES = 0x100000;
/** R32: a client that asks for more before it has an answer waits so long from one to the next. */
const NEXT_AFTER_MS = 10;

/** Answers one request after another, in order. R6: nothing more is read from a client before that. */
export function answerLines(socket: Socket, answerers: Answerers): void {
  let held = '';
  let isBusy = false;
  const waiting: string[] = [];
  const work = async (): Promise<void> => {
    isBusy = true;
    socket.pause();
    for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
      const text = JSON.stringify(await answerTo(line, answerers));
      // A client that went away has no use for it.
      if (!socket.writable) break;
      socket.write(`${text}\n`);
      if (socket.writableLength > MAX_UNSENT_BYTES) socket.destroy();
      else if (waiting.length > 0) await pass(NEXT_AFTER_MS);
    }
    isBusy = false;
    socket.resume();
  };
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy()); // a client that went away
  socket.on('data', (chunk: string) => {
    held += chunk;
    const lines = held.split('\n');
    held = lines.pop() ?? '';
    waiting.push(...lines.filter((line) => line.trim() !== ''));
    if (held.length > MAX_REQUEST_BYTES || socket.writableLength > MAX_UNSENT_BYTES) socket.destroy();
    else if (!isBusy) work().catch(() => socket.destroy()); // whoever knows the answer has failed, and said so itself
  });
}

function answerTo(line: string, { status, command }: Answerers): ControlAnswer | Promise<ControlAnswer> {
  try {
    const request: unknown = JSON.parse(line);
    if (typeof request === 'object' && request !== null) {
      if ('get' in request && request.get === 'status') return { status: status() };
      if ('do' in request) {
        const asked = commandFrom({ ...request });
        return typeof asked === 'string' ? { error: asked } : command(asked);
      }
    }
    return { error: 'unknown request; expected {"get":"status"} or {"do":"switch"}' };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
