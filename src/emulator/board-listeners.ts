/** A byte leaves the board: its last bit ended at `atUs`; `baudRate` is what the board really sends. */
export type TransmitListener = (byte: number, atUs: number, baudRate: number) => void;

/** What a pin drives has changed: `duty` is 0 (low or not driven) to 255 (high). */
export type OutputListener = (atUs: number, pin: number, duty: number) => void;
