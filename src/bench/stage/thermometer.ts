import { EmulatedUno } from '../../emulator/emulated-uno.js';
import type { World } from '../world/world.js';

/** How often the voltage follows the oven: far faster than the oven changes. */
const EVERY_US = 5_000;
/** 0 to 250 degC are 0 to 5 V, as the heater's sketch reads them. */
const VOLTS_PER_DEGREE = 5 / 250;
const CHANNEL_A0 = 0;

/** Wires the oven's thermometer to A0 of both boards. */
export function wireThermometer(world: World): void {
  const volts = Math.max(0, world.plant.temperatureC(world.nowUs()) * VOLTS_PER_DEGREE);
  for (const { board } of [world.boards.a, world.boards.b]) {
    if (board instanceof EmulatedUno) board.setVolts(CHANNEL_A0, volts);
  }
  world.at(world.nowUs() + EVERY_US, () => wireThermometer(world));
}
