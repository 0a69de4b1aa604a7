import { EmulatedBoard } from '../../emulator/emulated-board.js';
import type { BoardName } from '../bench-board.js';
import type { BenchWorld } from '../world/world.js';

/** How often the voltage follows the oven: far faster than the oven changes. */
const EVERY_US = 5_000;
/** 0 to 250 degC are 0 to 5 V, as the heater's sketch reads them. */
const VOLTS_PER_DEGREE = 5 / 250;
const CHANNEL_A0 = 0;

/** By how much each board's thermometer is wrong, in degC. */
export type ThermometerErrors = Record<BoardName, number>;

/** Wires a thermometer in the oven to A0 of each board. */
export function wireThermometer(world: BenchWorld, errors: Readonly<ThermometerErrors> = { a: 0, b: 0 }): void {
  const temperatureC = world.plant.temperatureC(world.nowUs());
  for (const name of ['a', 'b'] as const) {
    const { board } = world.boards[name];
    const volts = Math.max(0, (temperatureC + errors[name]) * VOLTS_PER_DEGREE);
    if (board instanceof EmulatedBoard) board.setVolts(CHANNEL_A0, volts);
  }
  world.at(world.nowUs() + EVERY_US, () => wireThermometer(world, errors));
}
