import type { Command } from 'commander';
import { HANDS } from '../../bench/hands/hand.js';
import { wrap } from '../../faults/wrap-text.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { textWidth } from '../terminal/terminal.js';
import type { TryOptions } from './try.js';

const INDENT = 22;

/** copycat try: hands on a running emulated pair. */
export function addHands(command: Command, finish: (code: ExitCode) => void): void {
  command
    .argument('[word...]', 'what is done to which board')
    .option('-c, --config <file>', 'configuration of the pair (default: ./copycat.yaml)')
    .option('--json', 'print JSON')
    .addHelpText('after', () => ['', 'What can be tried:', ...handLines(textWidth())].join('\n'))
    .action(async (words: readonly string[], options: TryOptions) => {
      const { tryHand } = await import('./try.js');
      finish(await tryHand(words, options));
    });
}

/** A line for each, as it is typed and what it does. */
function handLines(width: number): readonly string[] {
  return Object.values(HANDS).flatMap(({ typed, does }) =>
    wrap(does, width - INDENT).map((line, row) => `  ${(row === 0 ? typed : '').padEnd(INDENT - 2)}${line}`),
  );
}
