import { connect } from 'node:net';
import { CopycatError } from '../../errors/copycat-error.js';
import { foreignOwnerText } from '../../private-files/foreign-owner.js';
import { MAX_ANSWER_BYTES } from './control-channel.js';

/**
 * Sends one request to the gateway at this socket and gives the object that it answers. Rejects with USAGE when none
 * runs there, when it does not answer in time, and when what answers is no gateway.
 */
export async function askGateway(path: string, request: string, timeoutMs: number): Promise<object> {
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
    socket.once('connect', () => socket.write(`${request}\n`));
    socket.once('error', (cause) => fail(noGateway(path, cause), 'a running gateway: copycat run -c FILE', cause));
    socket.once('end', () => fail(`the gateway at ${path} hung up before it answered`, 'an answer'));
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
  return objectIn(line, path);
}

/** A gateway that answers, but not what was asked for. */
export function strangeAnswer(path: string, what: string, answer: object): CopycatError {
  const said = 'error' in answer ? answer.error : answer;
  return new CopycatError('USAGE', `the gateway at ${path} could not ${what}`, {
    value: typeof said === 'string' ? said : JSON.stringify(said).slice(0, 200),
  });
}

function objectIn(line: string, path: string): object {
  let read: unknown = null;
  let cause: unknown;
  try {
    read = JSON.parse(line);
  } catch (error) {
    cause = error;
  }
  if (typeof read === 'object' && read !== null) return read;
  throw new CopycatError('USAGE', `what answers at ${path} is no gateway`, { value: line.slice(0, 100), cause });
}

function noGateway(path: string, cause: Error): string {
  const code = 'code' in cause ? cause.code : '';
  if (code === 'ENOENT') return `no gateway is running: there is no ${path}`;
  if (code === 'ECONNREFUSED') return `no gateway is running: the one that made ${path} is gone`;
  if (code === 'EACCES')
    return `this user may not ask the gateway at ${path}. ${foreignOwnerText(path) ?? ''}`.trimEnd();
  return `cannot ask the gateway at ${path}: ${cause.message}`;
}
