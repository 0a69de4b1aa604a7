import { createInterface, type Interface } from 'node:readline';
import { CopycatError } from '../../errors/copycat-error.js';

/** Asks a person one question after the other. */
export interface Asker {
  /** What was typed, or `otherwise` when nothing was; asked again until `check` has nothing to say against it. */
  ask(question: string, otherwise: string, check?: (said: string) => string | null): Promise<string>;
  close(): void;
}

const MAX_TRIES = 5;
const NO_TERMINAL =
  'nobody is at a terminal here: give a line for each question, an empty one for its default, or --yes to be asked nothing';

/**
 * Questions to standard error, answers from standard input, so that a script can answer too: one line for each question, an empty one
 * for the default. Input that ends before the questions do (Ctrl-D, or no terminal at all) is no consent to what was not answered:
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
        if (line === null) {
          output.write('\n');
          const hint = input.isTTY === true ? '' : ` (${NO_TERMINAL})`;
          throw new CopycatError('USAGE', `no more answers: nothing was done${hint}`);
        }
        const typed = line.trim();
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
