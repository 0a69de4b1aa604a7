import type { CharacterFormat } from './character-format.js';

/** A byte leaves the board: its last bit ended at `atUs`; `baudRate` and `format` are what the board really sends in. */
export type TransmitListener = (byte: number, atUs: number, baudRate: number, format: CharacterFormat) => void;

/** What a pin drives has changed: `duty` is 0 (low or not driven) to 255 (high). */
export type OutputListener = (atUs: number, pin: number, duty: number) => void;
