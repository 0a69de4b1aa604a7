import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The sketches that come along, each with the plain one it was made of, and its world for the bench. */
const EXAMPLES = fileURLToPath(new URL('../../../firmware-harness/examples', import.meta.url));

/** The path of the sketch that is called so: what is there, or else the example of this name. */
export function sketchNamed(named: string): string {
  if (existsSync(named) || !/^\w+$/.test(named)) return named;
  const example = join(EXAMPLES, named);
  return existsSync(example) ? example : named;
}

/** Whether a name means a sketch and not an image: a folder, an .ino file, or an example. */
export function isSketchNamed(named: string): boolean {
  const path = sketchNamed(named);
  return path !== named || ['.ino', '.pde', ''].includes(extname(named));
}
