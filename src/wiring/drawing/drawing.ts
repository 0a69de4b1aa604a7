import type { Meaning, Part } from '../netlist/netlist.js';

/** A drawing in its own units: 1260 across an A4 page, so that one is 0.15 mm there; a fuller one is wider. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly parts: readonly PlacedPart[];
  /** Everything that is written, with the room it takes; nothing overlaps. */
  readonly texts: readonly DrawnText[];
  readonly tags: readonly Tag[];
  readonly wires: readonly DrawnWire[];
  /** Where wires of one node branch. */
  readonly joints: readonly Point[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedPart extends Box {
  readonly part: Part;
  readonly terminals: readonly PlacedTerminal[];
}

export interface PlacedTerminal extends Point {
  readonly id: string;
  readonly side: 'left' | 'right';
}

export interface DrawnText extends Box {
  readonly text: string;
  /** Height of the letters' line, in units. */
  readonly size: number;
  readonly weight: 'normal' | 'bold' | 'faint';
}

/** The number of a wire at one of its ends. */
export interface Tag extends Box {
  readonly number: number;
  readonly meaning: Meaning;
}

export interface DrawnWire {
  readonly number: number;
  readonly meaning: Meaning;
  readonly points: readonly Point[];
}
