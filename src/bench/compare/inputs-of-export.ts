import { inputSchema } from '../../control/contract/input.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { inExecutionOrder } from './execution-order.js';
import type { Recording } from './recording.js';

const EXPECTED = 'what copycat inputs list --all --limit 1000000 --json prints';

/**
 * The same from what `copycat inputs list --all --json` has printed: the way from a gateway's host to another one, for
 * a part of the ledger is in the memory of that host.
 * @throws CopycatError USAGE for a text that is something else
 */
export function inputsOfExport(text: string, shown: string): Recording {
  const listed = arrayIn(text, shown);
  const inputs = listed.map((one, index) => {
    const read = inputSchema.safeParse(one);
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? '' : `, ${issue.path.join('.')}`;
    throw new CopycatError('USAGE', `${shown} has something else than an input: entry ${index + 1}${where}`, {
      expected: EXPECTED,
    });
  });
  const kept = inputs.flatMap(({ seq: number, kind, payload, pairTimeMs, commit }) => {
    if (commit === null || kind === 'recovered') return [];
    const { observed, executionCount, digest } = commit;
    const parts = commit.parts.map(({ body, rejected }) => ({ body: bytesOf(body), rejected }));
    return [
      { ...{ number, pairTimeMs, observed, executionCount }, payload: bytesOf(payload), result: { parts, digest } },
    ];
  });
  return { from: shown, inputs: inExecutionOrder(kept), leftOut: inputs.length - kept.length, fields: null };
}

function arrayIn(text: string, shown: string): readonly unknown[] {
  let said: unknown = null;
  let why = '';
  try {
    said = JSON.parse(text);
  } catch (error) {
    why = ` (${error instanceof Error ? error.message : String(error)})`;
  }
  if (Array.isArray(said)) return said;
  throw new CopycatError('USAGE', `${shown} is no list of inputs in JSON${why}`, { expected: EXPECTED });
}

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
