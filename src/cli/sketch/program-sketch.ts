import type { Command } from 'commander';
import type { ExitCode } from '../terminal/report-failure.js';
import type { BuildArguments } from './build.js';

/** copycat build: from a sketch to an image. `again` runs another command in its place. */
export function addSketch(
  command: (name: string, description: string) => Command,
  finish: (code: ExitCode) => void,
  again: (words: readonly string[]) => Promise<void>,
): void {
  command('build', 'compile an Arduino sketch with the Copycat library, and list what of it has to change for a pair')
    .argument('<sketch>', 'its folder, its .ino file, or the name of an example (Tank)')
    // What is for the bench is looked at by the bench.
    .allowExcessArguments(true)
    .allowUnknownOption()
    .usage('[options] <sketch> [--bench scenario...]')
    .option('--board <kind>', 'for what: uno, nano, nano-old or mega2560', 'uno')
    .option('-o, --output <file>', 'where the image is written (default: ./NAME.hex)')
    .option('-D, --define <name=value>', 'for the compiler, again for each: CC_WINDOW=4', collected)
    .option('--bench', 'then play it: copycat bench --firmware, with the scenarios and options that follow')
    .option('--json', 'print JSON')
    .action(async (sketch: string, options: BuildArguments, { args }: Command) => {
      const { build } = await import('./build.js');
      const code = await build(sketch, args.slice(1), options, again);
      if (code !== null) finish(code);
    });
}

function collected(word: string, before: readonly string[] = []): readonly string[] {
  return [...before, word];
}
