import { driveAt } from './drive.js';
import type { SketchWorld } from './sketch-world.js';

/** What a world can be wired to. */
export interface WiredBoard {
  setVolts(channel: number, volts: number): void;
  setLevel(pin: number, level: 0 | 1 | null): void;
  setTwiDevice(address: number, answer: Uint8Array): void;
}

/** Sets every pin, channel and thermometer of a board to what the world says at that time. */
export function wireTo(board: WiredBoard, { pins, channels, i2c }: SketchWorld, atUs: number, plant: number): void {
  for (const { pin, drive } of pins) board.setLevel(pin, driveAt(drive, atUs, plant) >= 0.5 ? 1 : 0);
  for (const { channel, drive } of channels) board.setVolts(channel, Math.max(0, driveAt(drive, atUs, plant)));
  for (const { address, drive } of i2c) board.setTwiDevice(address, thermometerBytes(driveAt(drive, atUs, plant)));
}

/** What an LM75 answers, and a TMP102 to half a degree: degrees in the first byte, halves in the highest bit of the second. */
function thermometerBytes(degC: number): Uint8Array {
  const halves = Math.max(-110, Math.min(250, Math.round(2 * degC)));
  return Uint8Array.of((halves >> 1) & 0xff, (halves & 1) << 7);
}
