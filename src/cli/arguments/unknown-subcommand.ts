import { CopycatError } from '../../errors/copycat-error.js';
import { nearestWord } from '../../words/nearest-word.js';

/** The default command below another one also gets what was meant as the name of one of its neighbours. */
export function unknownSubcommand(above: string, word: string, known: readonly string[]): CopycatError {
  const near = nearestWord(word, known);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return new CopycatError('USAGE', `unknown command '${above} ${word}'${hint}`, {
    expected: `one of ${known.join(', ')}`,
  });
}
