import { EmulatedBoard } from '../../emulator/emulated-board.js';
import type { BenchWorld } from '../world/world.js';
import type { SketchWorld } from '../world-file/sketch-world.js';
import { wireTo } from '../world-file/surroundings.js';

/** How often pins and voltages follow: what a world file says is no faster. */
const EVERY_US = 5_000;

/** Wires what the world file says to both boards, from now on; its times count from here. */
export function wireWorld(world: BenchWorld, sketchWorld: SketchWorld, sinceUs = world.nowUs()): void {
  const nowUs = world.nowUs();
  const plant = world.plant.temperatureC(nowUs);
  for (const name of ['a', 'b'] as const) {
    const { board } = world.boards[name];
    if (board instanceof EmulatedBoard) wireTo(board, sketchWorld, nowUs - sinceUs, plant);
  }
  world.at(nowUs + EVERY_US, () => wireWorld(world, sketchWorld, sinceUs));
}
