import { factsOfKind } from '../../config/board-facts.js';
import type { BoardConfig, BoardKind } from '../../config/config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { flashSerial } from '../../serial/flash-serial.js';
import { locatePort } from '../../serial/ports/find-port.js';
import { wishOf } from '../ports/open-serial-port.js';

/** Flashes a board on a port of this machine, as its kind is flashed. Rejects with FLASH_FAILED or PORT_UNAVAILABLE. */
export async function flashBoard(board: BoardConfig, image: string): Promise<void> {
  const { port, kind } = board;
  if (port.type === 'emulated') {
    throw new CopycatError('FLASH_FAILED', `board ${board.board} is emulated: only what emulates it can flash it`);
  }
  const { path } = await locatePort(wishOf(board));
  await flashSerial({ template: flasherOf(kind), port: path, image });
}

function flasherOf(kind: BoardKind): string {
  const { flash } = factsOfKind(kind);
  if (flash === null) {
    throw new CopycatError('FLASH_FAILED', `it is not known how a board of kind ${kind} is flashed`, { value: kind });
  }
  return flash;
}
