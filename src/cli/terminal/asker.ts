import { createInterface, type Interface } from 'node:readline';
import { CopycatError } from '../../errors/copycat-error.js';

/** Asks a person one question after the other. */
export interface Asker {
  /** What was typed, or `otherwise` when nothing was; asked again until `check` has nothing to say against it. */
  ask(question: string, otherwise: string, check?: (said: string) => string | null): Promise<string>;
  close(): void;
}

const MAX_TRIES = 5;

/**
 * Questions to standard error, answers from standard input, so that a script can answer too: one line for each question,
 * and the default where it has no more. A person who ends the input (Ctrl-D) wants no more questions and nothing written:
 * USAGE.
 */
export function createAsker(
  input: NodeJS.ReadableStream & { readonly isTTY?: boolean } = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Asker {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const said = readLines(lines);
  return {
    ask: async (question, otherwise, check = () => null) => {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        output.write(`${question}${otherwise === '' ? '' : ` [${otherwise}]`}: `);
        const line = await said();
        if (line === null && input.isTTY === true) {
          output.write('\n');
          throw new CopycatError('USAGE', 'no more answers: nothing was done');
        }
        const typed = line?.trim() ?? '';
        const answer = typed === '' ? otherwise : typed;
        const wrong = check(answer);
        if (wrong === null) return answer;
        output.write(`  ${wrong}\n`);
      }
      throw new CopycatError('USAGE', `no answer to "${question}" that can be used`);
    },
    close: () => lines.close(),
  };
}

/** Every question takes its default. */
export const silentAsker: Asker = {
  ask: async (question, otherwise, check = () => null) => {
    const wrong = check(otherwise);
    if (wrong !== null) throw new CopycatError('USAGE', `${question}? ${wrong}`);
    return otherwise;
  },
  close: () => undefined,
};

/** Lines that come faster than they are asked for are kept; after the last one there is null. */
function readLines(lines: Interface): () => Promise<string | null> {
  const kept: string[] = [];
  const waiting: ((line: string | null) => void)[] = [];
  let isOver = false;
  lines.on('line', (line) => {
    const next = waiting.shift();
    if (next === undefined) kept.push(line);
    else next(line);
  });
  lines.on('close', () => {
    isOver = true;
    for (const next of waiting.splice(0)) next(null);
  });
  return () => {
    const line = kept.shift();
    if (line !== undefined || isOver) return Promise.resolve(line ?? null);
    return new Promise((resolve) => waiting.push(resolve));
  };
}
