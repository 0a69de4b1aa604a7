import type { Command } from 'commander';
import { CopycatError } from '../../errors/copycat-error.js';
import { nearestWord } from '../../words/nearest-word.js';

/** copycat help [COMMAND…]: what --help of it says. Throws USAGE for what is none. */
export function showHelp(program: Command, words: readonly string[]): void {
  let found = program;
  for (const word of words) {
    const below = found.commands.find((command) => command.name() === word);
    if (below === undefined) throw unknown(found, word);
    found = below;
  }
  found.outputHelp();
}

function unknown(above: Command, word: string): CopycatError {
  const known = above
    .createHelp()
    .visibleCommands(above)
    .map((command) => command.name());
  const near = nearestWord(word, known);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return new CopycatError('USAGE', `there is no command '${word}' to help with${hint}`, {
    expected: known.length === 0 ? `copycat help ${above.name()}` : `one of ${known.join(', ')}`,
  });
}
