import { emulatedMcu } from '../../config/board-facts.js';
import type { BoardConfig, Config } from '../../config/config.js';
import { emulatedKinds } from '../../config/load/board-files.js';
import type { Mcu } from '../../emulator/mcu.js';
import { mcuNamed } from '../../emulator/mcu-named.js';
import { CopycatError } from '../../errors/copycat-error.js';
import type { HandledBoards } from './read-hand.js';

/**
 * The boards of an emulated pair, as hands are laid on them; the first of the file is the world's a. Throws CONFIG_INVALID for a kind
 * that is not emulated.
 */
export function handledBoards({ boards: [first, second] }: Config): HandledBoards {
  return [
    { name: first.board, at: 'a', facts: first.facts, mcu: mcuOf(first) },
    { name: second.board, at: 'b', facts: second.facts, mcu: mcuOf(second) },
  ];
}

function mcuOf({ board, kind, facts }: BoardConfig): Mcu {
  const mcu = emulatedMcu(facts);
  if (mcu !== null) return mcuNamed(mcu);
  throw new CopycatError('CONFIG_INVALID', `board ${board}: a board of kind ${kind} is not emulated here`, {
    value: kind,
    expected: `one of the kinds ${emulatedKinds().join(', ')} with port: emulated`,
  });
}
