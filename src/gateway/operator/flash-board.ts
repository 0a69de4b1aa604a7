import type { BoardConfig } from '../../config/config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { flashSerial } from '../../serial/flash-serial.js';
import { locatePort } from '../../serial/ports/find-port.js';
import { flashTrouble } from '../check-update.js';
import { wishOf } from '../ports/open-serial-port.js';

/** Flashes a board on a port of this machine, as its kind is flashed. Rejects with FLASH_FAILED or PORT_UNAVAILABLE. */
export async function flashBoard(board: BoardConfig, image: string): Promise<void> {
  const { flash } = board.facts;
  const trouble = flashTrouble(board, image);
  if (trouble !== null || flash == null) throw new CopycatError('FLASH_FAILED', trouble ?? '', { value: board.board });
  const { path } = await locatePort(wishOf(board));
  await flashSerial({ template: flash, port: path, image });
}
