// Builds sketches of this repository as `copycat build` does, but so that a warning in one of our files is an error.
import { readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { compileSketch } from '#built/sketch/compile/compile-sketch.js';
import { addressIn as addressOnBoard, putImageHash as putHash } from '#built/sketch/compile/link.js';
import { boardOfCore } from '#built/sketch/toolchain/board-of-core.js';
import { findToolchain, INSTALL_TOOLCHAIN } from '#built/sketch/toolchain/toolchain.js';

/** What the IDE shows with its warnings at "All", as errors; the library has one more. */
const WARNINGS = { sketch: '-Wall -Wextra -Werror', copycat: '-Wall -Wextra -Wconversion -Werror' };
const FQBN = { uno: 'arduino:avr:uno', mega: 'arduino:avr:mega:cpu=atmega2560' };

export const INSTALL_ARDUINO_CORE = INSTALL_TOOLCHAIN;

export function hasArduinoCore() {
  try {
    findToolchain();
    return true;
  } catch {
    return false;
  }
}

/** The files of a sketch, whatever lies beside them. */
function sketchOf({ name, files }) {
  const path = dirname(files[0]);
  const read = (file) => ({ path: file, name: basename(file), shown: file, text: readFileSync(file, 'utf8') });
  const isIno = (file) => extname(file) === '.ino';
  return {
    ...{ name, path, headers: [] },
    inos: files.filter(isIno).map(read),
    sources: files.filter((file) => !isIno(file)).map(read),
  };
}

/**
 * Builds sketches for one board of the core (`uno`, `mega`). Gives for each its .hex and .elf, and how much of the memories
 * it takes. Throws with the compiler's own words; a warning in one of our files is an error.
 */
export function buildSketches({ board: name, sketches, folder, defines = [] }) {
  const board = boardOfCore(findToolchain(), FQBN[name], defines);
  return sketches.map((wanted) => {
    const place = join(folder, name, wanted.name);
    const built = compileSketch({ sketch: sketchOf(wanted), board, folder: place, warnings: WARNINGS });
    return { ...built, name: wanted.name, board: name };
  });
}

/** Puts the image's hash into a sketch's .hex, in place. */
export function putImageHash(built) {
  putHash(boardOf(built), built);
}

/** The address of a symbol in a sketch's .elf: data begins at 0x800000. */
export function addressIn(built, symbol) {
  const address = addressOnBoard(boardOf(built), built.elf, symbol);
  if (address === null) throw new Error(`${built.elf} has no ${symbol}`);
  return address;
}

function boardOf({ board }) {
  return boardOfCore(findToolchain(), FQBN[board]);
}
