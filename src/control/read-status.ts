import { connect } from 'node:net';
import { CopycatError } from '../errors/copycat-error.js';
import type { Status } from './status.js';
import { MAX_ANSWER_BYTES, STATUS_REQUEST } from './status-channel.js';

export interface ReadStatusOptions {
  /** How long a gateway may take to answer before it is called unresponsive. */
  readonly timeoutMs?: number;
}

/**
 * Asks a running gateway for its status. Rejects with USAGE when none runs at this path, and when it does not answer.
 */
export async function readStatus(path: string, options: ReadStatusOptions = {}): Promise<Status> {
  const { timeoutMs = 2000 } = options;
  const line = await new Promise<string>((resolve, reject) => {
    const socket = connect(path);
    let held = '';
    const fail = (message: string, expected: string, cause?: unknown): void => {
      socket.destroy();
      reject(new CopycatError('USAGE', message, { value: path, expected, cause }));
    };
    socket.setEncoding('utf8');
    socket.setTimeout(timeoutMs, () =>
      fail(`the gateway at ${path} does not answer`, `an answer within ${timeoutMs} ms`),
    );
    socket.once('connect', () => socket.write(`${STATUS_REQUEST}\n`));
    socket.once('error', (cause) => fail(noGateway(path, cause), 'a running gateway: copycat run -c FILE', cause));
    socket.once('end', () => fail(`the gateway at ${path} hung up`, 'an answer'));
    socket.on('data', (chunk: string) => {
      held += chunk;
      const end = held.indexOf('\n');
      if (end >= 0) {
        socket.destroy();
        resolve(held.slice(0, end));
      } else if (held.length > MAX_ANSWER_BYTES) {
        fail(`what answers at ${path} is no gateway`, 'one line of JSON');
      }
    });
  });
  return statusIn(line, path);
}

function statusIn(line: string, path: string): Status {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch (cause) {
    throw new CopycatError('USAGE', `what answers at ${path} is no gateway`, { value: line.slice(0, 100), cause });
  }
  if (typeof read === 'object' && read !== null && 'status' in read) return read.status as Status; // written by serveStatus
  throw new CopycatError('USAGE', `the gateway at ${path} could not tell its status`, { value: line.slice(0, 200) });
}

function noGateway(path: string, cause: Error): string {
  const code = 'code' in cause ? cause.code : '';
  if (code === 'ENOENT') return `no gateway is running: there is no ${path}`;
  if (code === 'ECONNREFUSED') return `no gateway is running: the one that made ${path} is gone`;
  if (code === 'EACCES') return `this user may not ask the gateway at ${path}`;
  return `cannot ask the gateway at ${path}: ${cause.message}`;
}
