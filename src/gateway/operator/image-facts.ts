import { readFile } from 'node:fs/promises';
import type { ImageFacts } from '../../control/contract/update-command.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { askWho } from '../../link/ask-who.js';
import { HARNESS } from '../../link/harness/harness-dialect.js';
import { openThirdCopy } from '../../third-copy/third-copy-session.js';

/** Wall time for an emulated board to come up and say who it is: half a second on a slow host. */
const LIMIT_MS = 20_000;
const QUIET_US = 50_000;
const MOST_UNREST_US = 10_000_000;

/**
 * What an image says of itself, asked of an emulated board with this processor before a real one is touched. Rejects with EMULATOR_FAILED
 * where the file cannot be read, is no image, or says nothing: it is then none that runs with Copycat.
 */
export async function readImageFacts(path: string, mcu: string): Promise<ImageFacts> {
  const hex = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CopycatError('EMULATOR_FAILED', `the image ${path} cannot be read`, { value: path, cause });
  });
  const board = await openThirdCopy({
    hex,
    mcu,
    seed: 1,
    quietUs: QUIET_US,
    mostUnrestUs: MOST_UNREST_US,
  });
  try {
    // Whatever the pair speaks: only firmware of the harness runs on an emulated board.
    const said = await askWho(board, HARNESS, LIMIT_MS);
    if (said.outcome === 'described') {
      const { imageHash, stateLayout, stateBytes } = said.board;
      if (imageHash !== null && stateLayout !== null) return { imageHash, stateLayout, stateBytes };
    }
  } finally {
    board.close();
  }
  throw new CopycatError('EMULATOR_FAILED', `the image ${path} does not say who it is`, {
    value: path,
    expected: 'firmware for this kind of board, built with the harness (firmware-harness)',
  });
}
