import type { AnyWorld, BoardName } from '../world/world.js';
import type { PlannedFault } from './fault-kinds.js';

/** Which boards may rightly be declared failed, or set aside, after a fault. */
export type Blame = readonly BoardName[];

export const BOTH: Blame = ['a', 'b'];
export const NOBODY: Blame = [];
/** R14: so many of one exchange may be lost or late; with more a board is silent, by one fault or by several. */
export const BORNE_FRAMES = 2;

export function disturbedFrames(world: AnyWorld, name: BoardName): number {
  const { toBoard, fromBoard } = world.links[name];
  return toBoard.disturbed + fromBoard.disturbed;
}

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

/** What befalls whatever is around the boards: links, relay, ledger, gateway, host, client. Returns whom it may be blamed on. */
export function injectAround(world: AnyWorld, fault: PlannedFault, name: BoardName): Blame {
  const file = fault.direction === 'to' ? 'disk' : 'hot';
  const undo = (run: () => void): void => world.schedule.after(fault.forUs, run);
  switch (fault.kind) {
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
    default:
      throw new Error(`${fault.kind} befalls no pair of this kind`);
  }
}
