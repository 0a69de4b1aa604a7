import { readFileSync } from 'node:fs';
import type { Clock } from '../../clock/clock.js';
import { emulatedMcu } from '../../config/board-facts.js';
import type { BoardConfig, ThirdCopyConfig } from '../../config/config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { openThirdCopy, type ThirdCopySession } from '../../third-copy/third-copy-session.js';

/** A program that does not sleep counts as waiting after so long without a byte: what the harness gives always sleeps. */
const QUIET_US = 50_000;
/** Longer than any restart, and a bound to what a board that goes mad costs the host. */
const MOST_UNREST_US = 10_000_000;

/** Starts the configured third copy, a board of the same kind as the others. Rejects with EMULATOR_FAILED where its image is missing or damaged. */
export async function openThirdCopyOf(
  thirdCopy: ThirdCopyConfig,
  clock: Clock,
  { kind, facts }: Pick<BoardConfig, 'kind' | 'facts'>,
): Promise<ThirdCopySession> {
  // No two moments are the same, so no two lives have the same boot number: that comes from what memory wakes up with.
  const seed = Math.floor(clock.nowUs()) >>> 0;
  const mcu = emulatedMcu(facts);
  if (mcu === null)
    throw new CopycatError('EMULATOR_FAILED', `boards of kind ${kind} are not emulated`, { value: kind });
  return openThirdCopy({ hex: readImage(thirdCopy.image), mcu, seed, quietUs: QUIET_US, mostUnrestUs: MOST_UNREST_US });
}

/** Read anew for every life: a new image may have been put there since. */
function readImage(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CopycatError('EMULATOR_FAILED', `the third copy's image ${path} cannot be read`, { value: path, cause });
  }
}
