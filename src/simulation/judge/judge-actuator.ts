import type { SimulatedBoard } from '../boards/simulated-board.js';
import type { Sight } from '../parts/actuator.js';
import type { BoardName } from '../world/world.js';
import { judgeLevel } from './judge-arbitration.js';
import type { Observations } from './observations.js';

const CORRUPTED_LEVEL = 31_000;
const BOUNCES_US = 1_000;

/** Judges what the actuator sees. */
export function judgeSight(observations: Observations, sight: Sight): void {
  const { level, board } = sight;
  judgeSwitch(observations, sight);
  if (level === null || board === null) return;
  if (level >= CORRUPTED_LEVEL && observations.corruptedOutputs.has(board)) return;
  const ofLevel = observations.orderOfLevel.get(level);
  if (ofLevel === undefined)
    return observations.breaks('actuatorSeesOnlyCommitted', `level ${level} from board ${board}`);
  const order = orderShown(observations, sight) ?? ofLevel;
  // R13: nobody notices that it sticks: the board at the contact joins as any other, and drives meanwhile; where it comes free, who leads may
  // be behind that one.
  const isNoticed = !observations.relayFailed || observations.world.options.relay.feedback;
  if (!isNoticed && (board !== observations.owner || hasMoved(observations, sight))) observations.latestOrder = -1;
  // Without a relay nothing waits for the new primary to catch up: it shows what it has acted on itself.
  if (observations.world.options.config.handover === 'reset' && hasMoved(observations, sight))
    observations.latestOrder = -1;
  if (order < observations.latestOrder) {
    const text = `from the ${observations.latestOrder}th commit back to the ${order}th (board ${board})`;
    observations.breaks('actuatorNeverGoesBack', text);
  }
  observations.orderBefore = observations.latestOrder;
  observations.latestOrder = order;
  judgeLevel(observations, level);
}

/**
 * The contact has come to a board: its level is that of what this board acted on last, whatever other commits set the same
 * one. Null where it stands by a state that it was given, or has just written: then it says what for in the next moment.
 */
function orderShown(observations: Observations, sight: Sight): number | null {
  const shown = observations.shown.get(sight.board ?? '');
  return hasMoved(observations, sight) && shown?.life === sight.life ? shown.order : null;
}

function hasMoved({ world }: Observations, { board }: Sight): boolean {
  const { seen } = world.actuator;
  return seen[seen.length - 2]?.board !== board;
}

/** R7: a board has acted on an input: its output shows what was committed for that very one. */
export function judgeActed(
  observations: Observations,
  { life, level }: SimulatedBoard,
  board: BoardName,
  seq: number,
): void {
  const order = observations.inputs.get(seq)?.order ?? -1;
  const committed = observations.levels.get(seq) ?? null;
  // Of an output that somebody else wrote to it is not known what it shows, until all is well again.
  // R27: nor is it known what was committed for an input whose commit is lost, and which somebody else has committed anew.
  const isUnknown = observations.corruptedOutputs.has(board) || observations.leaseMayBeLost;
  if (isUnknown) observations.shown.delete(board);
  if (order < 0 || committed === null || isUnknown) return;
  observations.shown.set(board, { life, order });
  if (level !== committed) {
    observations.breaks(
      'actsOnlyOnGrants',
      `board ${board} acted on seq ${seq}, and shows ${level} instead of ${committed}`,
    );
  }
  if (observations.world.contact.at !== board || observations.orderOfLevel.get(committed) === order) return;
  // A later commit has set the same level: this is not that one.
  if (order < observations.orderBefore) {
    const text = `from the ${observations.orderBefore}th commit back to the ${order}th (board ${board})`;
    observations.breaks('actuatorNeverGoesBack', text);
  }
  observations.latestOrder = order;
}

/** R10, R13: without a relay the new primary is granted nothing while the old one is neither in RESET nor without power. */
export function judgeGrant(observations: Observations, board: string, seq: number): void {
  const { gateway, boards, options } = observations.world;
  const takeover = gateway?.alive === true ? gateway.pair.takeover : null;
  if (options.config.handover !== 'reset' || takeover === null || takeover.reason === null || board !== takeover.to)
    return;
  // R14: it was granted while nobody had failed, and is only said again.
  const isRepeat = (gateway?.pair.boards.get(board)?.work.exchanges.get(seq)?.repeats ?? 0) > 0;
  const from = boards[takeover.from as BoardName];
  if (isRepeat || from.isHeld || from.condition === 'off') return;
  observations.breaks(
    'lockedOutDoesNotDrive',
    `board ${board} is granted seq ${seq} in its takeover, while board ${from.id} is not in RESET`,
  );
}

/** R26: the old level, one gap no longer than the relay takes, and the same level. */
function judgeSwitch(observations: Observations, { level, board, atUs }: Sight): void {
  const { switching, world } = observations;
  if (switching === null) return;
  // R11: one that has heard nothing for so long, because nothing could be recorded, takes its safe level whatever the relay does.
  const isDark = switching.level === null || world.boards[switching.to as BoardName].core?.isParked === true;
  if (isDark || observations.hasCause('a') || observations.hasCause('b') || observations.relayFailed) {
    observations.switching = null;
    return;
  }
  if (level === null) {
    switching.gapFromUs ??= atUs;
    return;
  }
  if (board !== switching.to) return;
  observations.switching = null;
  const gapUs = atUs - (switching.gapFromUs ?? atUs);
  const allowedUs = world.options.relay.operateUs * 2 + BOUNCES_US;
  if (gapUs > allowedUs)
    observations.breaks('switchoverIsOneGap', `the gap took ${gapUs} us, ${allowedUs} are allowed`);
  if (level !== switching.level)
    observations.breaks('switchoverIsOneGap', `${switching.level} before it, ${level} after it`);
}

/**
 * R13: a locked-out board does not drive the actuator once the relay has had its time. Allowed are a relay that is stuck
 * or slow (then the pair stops with an alarm), a gateway that is down (nothing moves), and a coil without supply.
 */
export function judgeDriver(observations: Observations): void {
  const { contact, gateway, boards, schedule, options } = observations.world;
  judgeStopped(observations);
  const { at } = contact;
  const drives =
    (at === 'a' || at === 'b') && boards[at].level !== null && observations.memberStates.get(at) === 'locked-out';
  const isExcused = contact.stuck || contact.slowerUs > 0 || gateway?.alive !== true;
  if (!drives || isExcused || gateway.pair.phase === 'stopped' || gateway.pair.phase === 'starting') {
    observations.wronglyDrivenSinceUs = null;
    return;
  }
  observations.wronglyDrivenSinceUs ??= schedule.nowUs;
  const allowedUs = options.config.drainUs + 4 * options.relay.settleUs;
  if (schedule.nowUs <= observations.wronglyDrivenSinceUs + allowedUs) return;
  observations.breaks(
    'lockedOutDoesNotDrive',
    `board ${at} drives the actuator ${allowedUs / 1000} ms after its fence`,
  );
}

/** The means are asked for in the very step that stops the pair. */
const STOP_TAKES_US = 1_000;
/** Where RESET is a line that stands late (parts/reset-fence.ts). */
const RESET_TAKES_US = 15_000;

/** R13 */
function judgeStopped(observations: Observations): void {
  const { gateway, actuator, options, schedule } = observations.world;
  const isStopped = gateway?.alive === true && gateway.pair.phase === 'stopped';
  const level = actuator.seen.at(-1)?.level ?? null;
  if (!isStopped || options.config.stopMeans === 'firmware-only' || level === null) {
    observations.drivenStoppedSinceUs = null;
    return;
  }
  observations.drivenStoppedSinceUs ??= schedule.nowUs;
  const allowedUs = options.config.handover === 'reset' ? RESET_TAKES_US : STOP_TAKES_US;
  if (schedule.nowUs <= observations.drivenStoppedSinceUs + allowedUs) return;
  observations.breaks('stoppedDrivesNothing', `level ${level} reaches the actuator of a stopped pair`);
}
