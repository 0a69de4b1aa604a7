import { factsOfKind } from '../board-facts.js';
import type { BoardConfig } from '../config.js';

/** INPUT, RESULT, COMMIT and DONE, 24 bytes each, ten bits a byte. */
const BITS_ON_THE_WIRE = 4 * 24 * 10;
const REFERENCE_BAUD = 500_000;

export interface LinkFloor {
  readonly link: string;
  readonly typicalUs: number;
  readonly worstUs: number;
  readonly baudIsExact: boolean;
  /** Bit rates that its crystal makes without an error; empty: any. */
  readonly exactBauds: readonly number[];
}

/** What the link of a board costs from the input to DONE. Below `worstUs` a sound board would be declared failed now and then. */
export function linkFloor(board: BoardConfig): LinkFloor {
  const { link, exactBaudRates } = factsOfKind(board.kind).uart;
  const extraUs = Math.max(0, BITS_ON_THE_WIRE * (1e6 / board.baudRate - 1e6 / REFERENCE_BAUD));
  return {
    link: link.name,
    typicalUs: Math.round(link.typicalUs + extraUs),
    worstUs: Math.round(link.worstUs + extraUs),
    baudIsExact: exactBaudRates.length === 0 || exactBaudRates.includes(board.baudRate),
    exactBauds: exactBaudRates,
  };
}
