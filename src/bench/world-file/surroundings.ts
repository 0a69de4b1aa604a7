import { driveAt } from './drive.js';
import type { SketchWorld } from './sketch-world.js';

/** What a world can be wired to. */
export interface WiredBoard {
  setVolts(channel: number, volts: number): void;
  setLevel(pin: number, level: 0 | 1 | null): void;
}

/** Sets every pin and channel of a board to what the world says at that time. */
export function wireTo(board: WiredBoard, { pins, channels }: SketchWorld, atUs: number, plant: number): void {
  for (const { pin, drive } of pins) board.setLevel(pin, driveAt(drive, atUs, plant) >= 0.5 ? 1 : 0);
  for (const { channel, drive } of channels) board.setVolts(channel, Math.max(0, driveAt(drive, atUs, plant)));
}
