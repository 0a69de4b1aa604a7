import type { BoardName } from '../../bench-board.js';
import type { BenchWorld } from '../../world/world.js';
import { defaultPins } from '../../world/world-options.js';

/** What one board shows on its pins, whether or not the actuator sees it: of its last `MOST` changes. */
const MOST = 1000;

export class PinWatch {
  readonly levels: { readonly atUs: number; readonly duty: number; readonly trip: boolean }[] = [];

  constructor(world: BenchWorld, name: BoardName) {
    const { board } = world.boards[name];
    const pass = board.onOutput;
    board.onOutput = (atUs, pin, duty) => {
      this.levels.push({ atUs, duty: board.duty(defaultPins.duty), trip: board.duty(defaultPins.trip) > 0 });
      if (this.levels.length > MOST) this.levels.shift();
      pass(atUs, pin, duty);
    };
  }
}
