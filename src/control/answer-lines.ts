import type { Socket } from 'node:net';
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

/** Answers one request after another, in order. R6: while a command is under way nothing more is read from its client. */
export function answerLines(socket: Socket, answerers: Answerers): void {
  let held = '';
  let isBusy = false;
  const waiting: string[] = [];
  const work = async (): Promise<void> => {
    isBusy = true;
    for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
      const answer = answerTo(line, answerers);
      if (answer instanceof Promise) socket.pause();
      const text = JSON.stringify(answer instanceof Promise ? await answer : answer);
      // A client that went away has no use for it.
      if (socket.writable) socket.write(`${text}\n`);
      socket.resume();
    }
    isBusy = false;
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
