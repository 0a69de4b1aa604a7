import type { Schematic } from './schematic.js';

/** Room of one enlarged circuit. */
export const DETAIL_WIDTH = 380;
export const DETAIL_HEIGHT = 250;

export interface Detail {
  readonly title: string;
  /** Below the circuit, a sentence or two. */
  readonly text: string;
  readonly draw: (sheet: Schematic) => Schematic;
}
