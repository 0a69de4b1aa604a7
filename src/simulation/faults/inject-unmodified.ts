import type { UnmodifiedWorld } from '../world/unmodified-world.js';
import type { BoardName } from '../world/world.js';
import type { PlannedFault } from './fault-kinds.js';
import { type Blame, BOTH, injectAround, NOBODY } from './inject-around.js';

/** Makes it happen now to a board with firmware of its own, or around it. Returns whom it may be blamed on. */
export function injectUnmodified(world: UnmodifiedWorld, fault: PlannedFault, name: BoardName): Blame {
  const board = world.boards[name];
  const link = world.links[name];
  const lane = fault.direction === 'to' ? link.toBoard : link.fromBoard;
  switch (fault.kind) {
    case 'board-halted':
      board.halt();
      return [name];
    case 'board-restarted':
      board.restart();
      // Nobody says which of the two has lost what it had.
      return BOTH;
    case 'board-slow': {
      const { life } = board;
      board.executeUs = 40_000 + fault.forUs;
      world.schedule.after(fault.forUs, () => {
        if (life === board.life) board.executeUs = board.options.executeUs;
      });
      return [name];
    }
    case 'state-corrupted':
      board.corruptState();
      return BOTH;
    case 'wrong-result':
      board.whims.push('wrong');
      return BOTH;
    case 'answers-not-taken':
      for (let n = 0; n < fault.count; n++) board.whims.push('not-taken');
      // What it does not take it lacks where it has had what comes after it: then it joins anew (R3).
      return world.options.windows[name] > 1 ? [name] : NOBODY;
    case 'answers-in-doubt':
      board.whims.push(fault.direction === 'to' ? 'doubted-undone' : 'doubted-done');
      return BOTH;
    case 'board-says':
      for (let n = 0; n < fault.count; n++) {
        const body = Uint8Array.of(name === 'a' ? 1 : 2, world.schedule.nowUs, n);
        world.schedule.after(n * 1_000, () => board.say(body));
      }
      return NOBODY;
    case 'frames-lost':
    case 'frames-late':
      lane.disturb(fault.kind === 'frames-lost' ? 'lost' : 'late', fault.count);
      // R31: what cannot be given again is not asked for a second time, and its deadline tells.
      return [name];
    default:
      return injectAround(world, fault, name);
  }
}
