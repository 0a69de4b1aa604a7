import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kindOf } from '../../bench/image/load-subject.js';
import { WORLD_FILE } from '../../bench/world-file/load-world.js';
import { factsOfKind } from '../../config/load/board-files.js';
import { loadConfig } from '../../config/load/load-config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { buildSketch } from '../../sketch/build-sketch.js';
import { portingList } from '../../sketch/porting/porting-list.js';
import { isSketchNamed, sketchNamed } from '../../sketch/source/named-sketch.js';
import { readSketch } from '../../sketch/source/sketch-folder.js';
import { benchFolder } from '../arguments/last-bench.js';
import { commandName } from '../terminal/command-name.js';
import type { BenchArguments } from './bench-arguments.js';
import { boardKindOf } from './bench-sketch.js';

/**
 * What was said, with an image where `--firmware` names a sketch: its folder, its .ino file, or an example that comes along. It is
 * built, and the world that lies beside it is its world where nobody says another.
 * @throws CopycatError USAGE for a sketch that is none of a pair, BUILD_FAILED where it does not compile
 */
export function withBuiltSketch(options: BenchArguments): BenchArguments {
  const { firmware } = options;
  if (firmware === undefined || !isSketchNamed(firmware)) return options;
  const sketch = readSketch(sketchNamed(firmware));
  const notBegun = portingList(sketch).find(({ kind }) => kind === 'not-begun');
  if (notBegun !== undefined) {
    throw new CopycatError('USAGE', `${notBegun.file}:${notBegun.line}: ${notBegun.advice}`, {
      expected: 'a sketch that speaks to a gateway',
    });
  }
  const kind = boardKindOf(options) ?? kindOf(options.config === undefined ? null : loadConfig(options.config));
  const { fqbn } = factsOfKind(kind);
  const built = buildSketch(sketch, { fqbn: fqbn ?? '', defines: [] });
  if (!built.isBuilt) {
    throw new CopycatError('BUILD_FAILED', `${sketch.inos[0]?.shown} was not built`, {
      expected: `a sketch that compiles: ${commandName()} build ${firmware} shows what the compiler says`,
    });
  }
  const image = join(benchFolder(), `${sketch.name}.hex`);
  writeFileSync(image, built.hex);
  const world = join(sketch.path, WORLD_FILE);
  const hasOwnWorld = options.world !== undefined || existsSync(WORLD_FILE) || !existsSync(world);
  return { ...options, firmware: image, ...(hasOwnWorld ? {} : { world }) };
}
