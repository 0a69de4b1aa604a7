import { spawn } from 'node:child_process';
import type { PairEvent } from '../../pair/state/events.js';
import { endAfter } from '../../programs/end-after.js';
import type { ConvertWanted } from '../perform.js';

/** Longer than a program takes to start; a board that joins waits for it no longer than its silence time. */
const LIMIT_MS = 10_000;
const MAX_STATE_BYTES = 65_536;
const MAX_SAID = 500;

type Converted = Extract<PairEvent, { type: 'stateConverted' }>;

/** Runs the user's converter: the old state on its input, the new one on its output; no shell reads it. Never rejects. */
export function convertState({ board, converter, executionCount, bytes }: ConvertWanted): Promise<Converted> {
  const [program = '', ...words] = converter.split(' ').filter((word) => word !== '');
  const converted = (outcome: Uint8Array | string): Converted => {
    const failure = typeof outcome === 'string' ? outcome : '';
    return {
      type: 'stateConverted',
      board,
      executionCount,
      bytes: typeof outcome === 'string' ? null : outcome,
      failure,
    };
  };
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: 'pipe' });
    endAfter(child, LIMIT_MS);
    const out: Buffer[] = [];
    let outBytes = 0;
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      outBytes += chunk.length;
      if (outBytes <= MAX_STATE_BYTES) out.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(0, MAX_SAID);
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ENOENT' ? 'there is no such program' : error.message;
      resolve(converted(`${program} cannot be run: ${why}`));
    });
    child.once('close', (code) => {
      if (code === 0) return resolve(converted(new Uint8Array(Buffer.concat(out))));
      const ended = code === null ? 'was ended' : `ended with exit code ${code}`;
      resolve(converted(`${program} ${ended}${said === '' ? '' : `: ${said.trim()}`}`));
    });
    child.stdin.on('error', () => undefined); // it does not read: its exit code says what it thinks of that
    child.stdin.end(bytes);
  });
}
