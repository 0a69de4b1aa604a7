import { readFile } from 'node:fs/promises';
import { filter, firstValueFrom, map, take, takeUntil, timer } from 'rxjs';
import { factsOfKind } from '../../config/board-facts.js';
import type { BoardKind } from '../../config/config.js';
import type { ImageFacts } from '../../control/contract/update-command.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { decodeFrame, encodeFrame } from '../../protocol/frame-codec.js';
import { openThirdCopy } from '../../third-copy/third-copy-session.js';

/** Wall time for an emulated board to come up and say who it is: half a second on a slow host. */
const LIMIT_MS = 20_000;
const QUIET_US = 50_000;
const MOST_UNREST_US = 10_000_000;

/**
 * What an image says of itself, asked of an emulated board before a real one is touched. Rejects with EMULATOR_FAILED
 * where the file cannot be read, is no image, or says nothing: it is then none that runs with Copycat.
 */
export async function readImageFacts(path: string, kind: BoardKind = 'uno'): Promise<ImageFacts> {
  const hex = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CopycatError('EMULATOR_FAILED', `the image ${path} cannot be read`, { value: path, cause });
  });
  const board = await openThirdCopy({
    hex,
    mcu: factsOfKind(kind).mcu.name,
    seed: 1,
    quietUs: QUIET_US,
    mostUnrestUs: MOST_UNREST_US,
  });
  try {
    const hellos = board.frames.pipe(
      map((frame) => decodeFrame(frame)),
      map((decoded) => (decoded.ok && decoded.message.kind === 'hello' ? decoded.message : null)),
      filter((hello) => hello !== null),
      take(1),
      takeUntil(timer(LIMIT_MS)),
    );
    const heard = firstValueFrom(hellos, { defaultValue: null });
    board.write(encodeFrame({ kind: 'helloRequest', session: 0, seq: 0 }));
    const hello = await heard;
    if (hello !== null) {
      const { imageHash, stateLayout, stateBytes } = hello;
      return { imageHash, stateLayout, stateBytes };
    }
  } finally {
    board.close();
  }
  throw new CopycatError('EMULATOR_FAILED', `the image ${path} does not say who it is`, {
    value: path,
    expected: 'firmware for this kind of board, built with the harness (firmware-harness)',
  });
}
