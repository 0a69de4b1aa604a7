// Builds the library's examples, and the plain sketches they come from, for an Uno and a Mega, as the Arduino IDE would:
//   node tools/build-examples.mjs
// Images are left in firmware-harness/build/examples; with no Arduino core it says how to install it and exits 3.
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSketches, hasArduinoCore, INSTALL_ARDUINO_CORE } from './arduino-build.mjs';
import { EXIT_NO_COMPILER } from './build-firmware.mjs';
import { EXAMPLES } from './generate-examples.mjs';

const harness = join(dirname(fileURLToPath(import.meta.url)), '../firmware-harness');
export const EXAMPLE_BOARDS = ['uno', 'mega'];

/** The example of this name, for `buildSketches`. */
export function exampleSketch(name) {
  return { name, files: [join(harness, 'examples', name, `${name}.ino`)] };
}

function plainSketch(name) {
  return { name: `${name}-plain`, files: [join(harness, 'examples', name, 'plain/plain.ino')] };
}

/** Builds everything, and says how much each takes. Throws where anything does not compile without a warning. */
export function buildExamples(folder) {
  const sketches = EXAMPLES.flatMap((name) => [exampleSketch(name), plainSketch(name)]);
  return EXAMPLE_BOARDS.flatMap((board) => buildSketches({ board, sketches, folder }));
}

function main() {
  if (!hasArduinoCore()) {
    console.error(`the Arduino core is missing. Install it with: ${INSTALL_ARDUINO_CORE}`);
    process.exitCode = EXIT_NO_COMPILER;
    return;
  }
  const folder = join(harness, 'build/examples');
  rmSync(folder, { recursive: true, force: true });
  for (const { name, board, flashBytes, ramBytes, hex } of buildExamples(folder))
    console.log(`${name} on ${board}: ${flashBytes} bytes of flash, ${ramBytes} bytes of RAM before the stack: ${hex}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
