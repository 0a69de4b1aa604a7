import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { BoardConfig, Config } from '../config/config.js';
import { isProgram, missingProgram } from '../programs/find-program.js';
import { dialectOf } from './board-dialect.js';

/** Many times what the largest flash of a board takes as text. */
const LARGEST_BYTES = 16 * 1024 * 1024;
/** The last record of every file in Intel's format. */
const END_OF_FILE = ':00000001FF';
const TAIL_BYTES = 64;

/**
 * Why a board cannot be given an image, as far as that is known without touching the board; null: nothing speaks against it. Asked by
 * the gateway, as its own user, before the backup leaves the pair for it.
 */
export function flashTrouble(board: BoardConfig, image: string): string | null {
  const never = neverFlashed(board);
  const { flash } = board.facts;
  if (never !== null || flash == null) return never;
  const [flasher = ''] = flash.split(' ');
  if (!isProgram(flasher)) return missingProgram(flasher, `which flashes a board of kind ${board.kind}`);
  // avrdude takes `:` for its own: flash:w:IMAGE:i.
  if (image.includes(':')) return `the path of an image to flash may have no colon: ${image}`;
  return imageTrouble(image);
}

/** Why no board of this pair is flashed from here; null: they run the firmware harness. Of other firmware nothing tells whether it took, and none has a state to move. */
export function foreignFirmware(config: Config): string | null {
  if (dialectOf(config).wire.abilities.identity) return null;
  return "these boards run firmware of their own, which Copycat neither gives nor tells apart: set one aside, load it with its maker's tool and let it join, then the other (docs/protocols.md)";
}

/** Why a board is not flashed from here, whatever the image, and what to do instead; null: it is. */
export function neverFlashed({ board, kind, port, facts }: BoardConfig): string | null {
  if (port.type === 'emulated') {
    return `board ${board} is emulated and is not flashed: it runs the image that firmware: names in the configuration, from the next start of the gateway on`;
  }
  if (facts.flash === null) {
    return `board ${board} (${kind}) is a program of this machine and is not flashed: build its sketch, and start it in place of the old one`;
  }
  if (facts.flash === undefined) {
    return (
      `it is not known how board ${board} (${kind}) is flashed: stop the gateway, upload the sketch with its maker's tool (the Arduino IDE, arduino-cli), ` +
      'and start the gateway again; or say the command in a file of your own (flash; docs/boards.md)'
    );
  }
  return null;
}

/** Why a file is no image in Intel's format, or cannot be read by this process. */
export function imageTrouble(image: string): string | null {
  try {
    const file = openSync(image, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const facts = fstatSync(file);
      if (!facts.isFile()) return `the image ${image} is no file`;
      if (facts.size > LARGEST_BYTES) return `the image ${image} is larger than any board's flash`;
      const ends = [0, Math.max(0, facts.size - TAIL_BYTES)].map((at) => {
        const bytes = Buffer.alloc(TAIL_BYTES);
        return bytes.toString('latin1', 0, readSync(file, bytes, 0, TAIL_BYTES, at));
      });
      const [first = '', last = ''] = ends;
      if (first.startsWith(':') && last.trimEnd().toUpperCase().endsWith(END_OF_FILE)) return null;
      return `the image ${image} is no whole file in Intel's format (HEX): it begins with a colon and ends with ${END_OF_FILE}`;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') return `there is no image ${image} that the gateway could see`;
    return `the gateway cannot read the image ${image}: ${(error as Error).message}`;
  }
}

/** Why the program that lays out the state anew cannot be run; null: it can, or none is wanted. */
export function converterTrouble(converter: string | null): string | null {
  if (converter === null) return null;
  const [program = ''] = converter.split(' ').filter((word) => word !== '');
  return isProgram(program) ? null : `the converter ${program} cannot be run: there is no such program`;
}
