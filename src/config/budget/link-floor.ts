import { characterUs } from '../../values/line-settings.js';
import type { BoardConfig } from '../config.js';

/** INPUT, RESULT, COMMIT and DONE, 24 bytes each. */
const CHARACTERS_ON_THE_WIRE = 4 * 24;
/** At 500000 baud, ten bits a byte: what the figures of a kind include. */
const REFERENCE_US = (CHARACTERS_ON_THE_WIRE * 10) / 0.5;
/** Where nothing is known of a link: as of an Uno, whose USB chip is the slowest of those that come along. */
const NOT_KNOWN = { name: 'a link that nothing is known of', typicalUs: 8000, worstUs: 22_000 };

export interface LinkFloor {
  readonly link: string;
  readonly typicalUs: number;
  readonly worstUs: number;
}

/** What the link of a board costs from the input to DONE. Below `worstUs` a sound board would be declared failed now and then. */
export function linkFloor(board: Pick<BoardConfig, 'facts' | 'line'>): LinkFloor {
  const { link } = board.facts.uart;
  const { name, typicalUs, worstUs } = link ?? NOT_KNOWN;
  const wireUs = CHARACTERS_ON_THE_WIRE * characterUs(board.line);
  const extraUs = Math.max(0, wireUs - REFERENCE_US);
  return {
    link: name,
    typicalUs: Math.round(typicalUs + extraUs),
    worstUs: Math.round(worstUs + extraUs),
  };
}
