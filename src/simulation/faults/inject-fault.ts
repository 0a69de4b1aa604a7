import { encodeWork, type Work, type Wrongness } from '../boards/history-application.js';
import type { BoardName, SimulatedWorld } from '../world/world.js';
import type { PlannedFault } from './fault-kinds.js';
import { type Blame, BORNE_FRAMES, BOTH, disturbedFrames, injectAround, NOBODY } from './inject-around.js';

const POISON: Work = { number: 0, parts: 1, reads: false, rejected: false, poison: true };
/** A board that has heard nothing for its silence time, or will have while the ledger is in trouble, is parked, and says so less often than it is asked. */
function borneFrames(world: SimulatedWorld, name: BoardName): number {
  const isParked = world.boards[name].core?.isParked === true;
  return world.ledger.isTroubled || isParked ? BORNE_FRAMES - 1 : BORNE_FRAMES;
}

/** What a board that is wrong for good computes. */
const LASTING: Partial<Record<number, Wrongness>> = { 1: 'body', 2: 'state', 5: 'wild' };
/** Of a sensor's readings: far beyond the tolerance. */
const DRIFT = 50;

/** A cable that was pulled out is plugged in somewhere; and where somebody is slow about the other one. */
const PLUG_US = 10_000;
const LATE_PLUG_US = 150_000;

/** Makes it happen now. Returns whom it may be blamed on. */
export function injectFault(world: SimulatedWorld, fault: PlannedFault, name: BoardName): Blame {
  const board = world.boards[name];
  const link = world.links[name];
  const lane = fault.direction === 'to' ? link.toBoard : link.fromBoard;
  const undo = (run: () => void): void => world.schedule.after(fault.forUs, run);
  switch (fault.kind) {
    case 'board-halted':
      board.halt();
      return [name];
    case 'board-restarted':
      board.restart();
      return [name];
    case 'board-slow': {
      const { life } = board;
      board.executeUs = 40_000 + fault.forUs;
      undo(() => {
        if (life === board.life) board.executeUs = board.options.executeUs;
      });
      return [name];
    }
    case 'board-gives-up':
      board.fail();
      return [name];
    case 'state-corrupted':
      board.corruptState();
      return [name];
    case 'output-corrupted':
      board.corruptOutput();
      return [name];
    case 'wrong-result':
      board.application.wrong = fault.count === 2 ? 'wild' : 'body';
      return BOTH;
    case 'wrong-state':
      board.application.wrong = fault.count === 1 ? 'latent' : 'state';
      return BOTH;
    case 'wrong-from-now-on':
      board.application.broken = LASTING[fault.count] ?? 'body';
      // One that nothing in the board finds is left.
      if (fault.count === 1) board.defects.wrongCpu = true;
      if (fault.count === 2) board.defects.stuckCells.add(300);
      return BOTH;
    case 'sensor-drifts':
      board.driftedBy = DRIFT;
      return NOBODY;
    case 'third-copy-wrong': {
      const application = world.third?.board.application;
      if (application === undefined) return NOBODY;
      if (fault.count === 5) application.broken = 'body';
      else application.wrong = fault.count === 2 ? 'latent' : 'state';
      return NOBODY;
    }
    case 'third-copy-ends':
      world.endThird(fault.forUs);
      return NOBODY;
    case 'third-copy-slow': {
      const third = world.third?.board;
      if (third === undefined) return NOBODY;
      const { life } = third;
      third.executeUs = 10_000 + fault.forUs;
      undo(() => {
        if (life === third.life) third.executeUs = third.options.executeUs;
      });
      return NOBODY;
    }
    case 'result-of-nothing':
      board.babble({
        kind: 'result',
        session: 0,
        seq: 4_000_000 + fault.count,
        executionCount: 1,
        part: 0,
        last: true,
        rejected: false,
        inputCrc: 0,
        digest: 0,
        observed: [],
        body: new Uint8Array(),
      });
      return [name];
    case 'done-of-nothing':
      board.babble({ kind: 'done', session: 0, seq: 4_000_000 + fault.count, stale: false, readBack: [] });
      return [name];
    case 'board-babbles':
      for (let n = 0; n < fault.count * 10; n++) {
        world.schedule.after(n * 300, () => board.babble({ kind: 'log', session: 0, seq: 0, text: Uint8Array.of(n) }));
      }
      return NOBODY;
    case 'poison-input':
      world.client.ask(`poison${world.schedule.nowUs}`, encodeWork({ ...POISON, number: world.schedule.nowUs }));
      return BOTH;
    case 'frames-lost':
      lane.disturb('lost', fault.count);
      return disturbedFrames(world, name) > borneFrames(world, name) ? [name] : NOBODY;
    case 'frames-doubled':
      lane.disturb('doubled', fault.count);
      return NOBODY;
    case 'frames-late':
      lane.disturb('late', fault.count);
      return disturbedFrames(world, name) > borneFrames(world, name) ? [name] : NOBODY;
    case 'cables-swapped': {
      world.swapCables();
      const last = name === 'a' ? 'b' : 'a';
      const isEmpty = fault.count === 5;
      world.schedule.after(PLUG_US, () => world.plug(name));
      if (!isEmpty) world.schedule.after(fault.direction === 'to' ? PLUG_US : LATE_PLUG_US, () => world.plug(last));
      // Otherwise whoever comes to repair the pair has to see to it.
      if (fault.count === 2) undo(() => world.putCablesRight());
      return BOTH;
    }
    case 'board-replaced':
      world.unplug(world.cables.portOf(name));
      world.boards[name].replaceBySpare();
      undo(() => world.plug(world.cables.portOf(name)));
      return [name];
    default:
      return injectAround(world, fault, name);
  }
}
