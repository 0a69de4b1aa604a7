import { encodeWork, type Work, type Wrongness } from '../boards/history-application.js';
import type { BoardName, SimulatedWorld } from '../world.js';
import type { PlannedFault } from './fault-kinds.js';

/** Which boards may rightly be declared failed, or set aside, after a fault. */
export type Blame = readonly BoardName[];

const POISON: Work = { number: 0, parts: 1, reads: false, rejected: false, poison: true };
const BOTH: Blame = ['a', 'b'];
const NOBODY: Blame = [];
/** R14: so many of one exchange may be lost or late; with more a board is silent, by one fault or by several. */
const BORNE_FRAMES = 2;

function disturbedFrames(world: SimulatedWorld, name: BoardName): number {
  const { toBoard, fromBoard } = world.links[name];
  return toBoard.disturbed + fromBoard.disturbed;
}

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

/** A link that is lost is noticed, and opened again, and its board's handshake begun, within this. */
const NOTICE_AND_OPEN_US = 40_000;

const LEDGER_TROUBLE = {
  'ledger-slow': 'slow',
  'ledger-stalled': 'stalled',
  'ledger-full': 'full',
  'ledger-failing': 'failing',
  'ledger-read-only': 'read-only',
} as const;

const LOST_TAILS = { 'journal-damaged': 'deciding', 'disk-damaged': 'disk', 'memory-lost': 'both' } as const;

/** Makes it happen now. Returns whom it may be blamed on. */
export function injectFault(world: SimulatedWorld, fault: PlannedFault, name: BoardName): Blame {
  const board = world.boards[name];
  const link = world.links[name];
  const lane = fault.direction === 'to' ? link.toBoard : link.fromBoard;
  const file = fault.direction === 'to' ? 'disk' : 'hot';
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
    case 'link-cut':
      world.unplug(name);
      undo(() => world.plug(name));
      return [name];
    case 'link-flaps':
      for (let n = 0; n < fault.count; n++) {
        world.schedule.after(n * 30_000, () => world.unplug(name));
        world.schedule.after(n * 30_000 + 12_000, () => world.plug(name));
      }
      return [name];
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
    case 'relay-stuck':
      if (world.options.config.handover !== 'relay') return NOBODY;
      world.contact.stuck = true;
      undo(() => world.contact.release());
      return NOBODY;
    case 'relay-slow':
      if (world.options.config.handover !== 'relay') return NOBODY;
      world.contact.slowerUs = 30_000;
      undo(() => {
        world.contact.slowerUs = 0;
      });
      return NOBODY;
    case 'relay-disturbs': {
      if (world.options.config.handover !== 'relay') return NOBODY;
      world.disturbance = { boards: fault.count === 5 ? BOTH : [name], forUs: fault.forUs };
      // Twice the disturbance is borne; noticing and opening take their part of it.
      const isBorne = fault.forUs + NOTICE_AND_OPEN_US < 2 * world.options.config.relayDisturbsUs;
      return isBorne ? NOBODY : BOTH;
    }
    case 'ledger-slow':
    case 'ledger-stalled':
    case 'ledger-full':
    case 'ledger-failing':
    case 'ledger-read-only':
      world.ledger.trouble(LEDGER_TROUBLE[fault.kind], file, fault.forUs);
      return NOBODY;
    case 'journal-damaged':
    case 'disk-damaged':
    case 'memory-lost': {
      const which = LOST_TAILS[fault.kind];
      world.ledger.startLosing(which);
      undo(() => world.killAndLoseTail(which));
      return NOBODY;
    }
    case 'gateway-killed':
      world.killGateway();
      undo(() => world.startGateway());
      return NOBODY;
    case 'gateway-killed-at-effect': {
      const { gateway } = world;
      if (gateway === null) return NOBODY;
      gateway.effectsToLive = fault.count * 3;
      world.restartsAfterUs = fault.forUs;
      return NOBODY;
    }
    case 'gateway-stalled':
      world.gateway?.stall(fault.forUs);
      // Boards that hear nothing for so long are parked: of what they say then fewer frames may be lost.
      return BOTH.filter(
        (one) => fault.forUs >= world.options.silenceUs && disturbedFrames(world, one) >= BORNE_FRAMES,
      );
    case 'host-power-cut':
      world.losePower();
      undo(() => {
        world.restorePower();
        world.startGateway();
      });
      return BOTH;
    case 'client-gone':
      world.client.disconnect();
      undo(() => {
        if (world.gateway?.alive === true) world.client.connect();
      });
      return NOBODY;
    case 'switch-asked':
      world.command(`switch ${world.schedule.nowUs}`, { command: 'switch' });
      return NOBODY;
  }
}
