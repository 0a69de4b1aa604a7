import type { BoardConfig, BoardKind } from './config.js';

/** What the link of a board kind costs from the input to DONE, at 500000 baud with 24-byte frames (microseconds). */
interface LinkCost {
  readonly link: string;
  readonly typicalUs: number;
  readonly worstUs: number;
  /** Bit rates that its crystal makes without an error. */
  readonly exactBauds: readonly number[];
}

const AVR_BAUDS = [250_000, 500_000, 1_000_000];
/** DESIGN section 4: an FTDI chip with a latency timer of 1 ms, and chips that do not wait. */
const CONVERTER: LinkCost = { link: 'the USB chip of a Nano', typicalUs: 5000, worstUs: 16_000, exactBauds: AVR_BAUDS };

const LINK_COSTS: Readonly<Record<BoardKind, LinkCost>> = {
  // The USB chip sends what it has every 4 ms: that dominates.
  uno: { link: 'the USB chip of an Uno R3', typicalUs: 8000, worstUs: 22_000, exactBauds: AVR_BAUDS },
  mega2560: { link: 'the USB chip of a Mega 2560', typicalUs: 8000, worstUs: 22_000, exactBauds: AVR_BAUDS },
  nano: CONVERTER,
  'nano-old': CONVERTER,
  // No wire at all: what a busy host costs.
  posix: { link: 'a pseudo-terminal', typicalUs: 2400, worstUs: 12_000, exactBauds: [] },
};

/** INPUT, RESULT, COMMIT and DONE, 24 bytes each, ten bits a byte. */
const BITS_ON_THE_WIRE = 4 * 24 * 10;
const REFERENCE_BAUD = 500_000;

export interface LinkFloor {
  readonly link: string;
  readonly typicalUs: number;
  readonly worstUs: number;
  readonly baudIsExact: boolean;
  readonly exactBauds: readonly number[];
}

/** Below `worstUs` a sound board would be declared failed now and then. */
export function linkFloor(board: BoardConfig): LinkFloor {
  const cost = LINK_COSTS[board.kind];
  const extraUs = Math.max(0, BITS_ON_THE_WIRE * (1e6 / board.baudRate - 1e6 / REFERENCE_BAUD));
  return {
    link: cost.link,
    typicalUs: Math.round(cost.typicalUs + extraUs),
    worstUs: Math.round(cost.worstUs + extraUs),
    baudIsExact: cost.exactBauds.length === 0 || cost.exactBauds.includes(board.baudRate),
    exactBauds: cost.exactBauds,
  };
}
