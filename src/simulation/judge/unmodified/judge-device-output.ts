import type { Sight } from '../../parts/actuator.js';
import type { DeviceObservations } from './device-observations.js';
import type { DeviceRecord } from './device-record.js';

/** Where RESET is a line that stands late (parts/reset-fence.ts). */
const RESET_TAKES_US = 15_000;
const STOP_TAKES_US = 1_000;

/** Judges what the actuator sees. */
export function judgeDeviceSight(observations: DeviceObservations, sight: Sight): void {
  const { level, board } = sight;
  if (level === null || board === null) return;
  const record = observations.recordOfLevel.get(level);
  if (record === undefined || record.order < 0)
    return observations.breaks('actuatorSeesOnlyInputs', `level ${level} from board ${board}`);
  const { seen } = observations.world.actuator;
  const hasMoved = seen[seen.length - 2]?.board !== board;
  // Nobody notices that it sticks; and without a relay the new primary shows what it has carried out itself.
  const isUnnoticed =
    observations.relayFailed && !observations.world.options.relay.feedback && board !== observations.owner;
  if (isUnnoticed || (hasMoved && observations.world.options.config.handover === 'reset'))
    observations.latestOrder = -1;
  if (record.order < observations.latestOrder) {
    const text = `from the ${observations.latestOrder}th write back to the ${record.order}th (board ${board})`;
    observations.breaks('actuatorNeverGoesBack', text);
  }
  noteShown(observations, record, board);
}

/** What a primary did and nobody heard of may be done again by the next one: from there the actuator may go back (R31). */
function noteShown(observations: DeviceObservations, record: DeviceRecord, board: string): void {
  // What stands behind an answer that is missing counts for nothing yet (R3).
  const isHeard = record.isCommitted && record.told.some((told) => told.board === board && told.isLeading);
  if (isHeard) observations.latestOrder = Math.max(observations.latestOrder, record.order);
}

/** The gateway hears of what the actuator sees. */
export function noteHeardOf(observations: DeviceObservations, record: DeviceRecord, board: string): void {
  const last = observations.world.actuator.seen.at(-1);
  if (last?.board !== board || last.level === null) return;
  if (observations.recordOfLevel.get(last.level) === record) noteShown(observations, record, board);
}

/** R13, as with any boards: who is locked out does not drive, nor anybody in a stop that has a means. */
export function judgeDeviceDriver(observations: DeviceObservations): void {
  const { contact, gateway, boards, schedule, options, actuator } = observations.world;
  const isAlive = gateway?.alive === true;
  const level = actuator.seen.at(-1)?.level ?? null;
  const isDrivenStopped =
    isAlive && gateway.pair.phase === 'stopped' && options.config.stopMeans !== 'firmware-only' && level !== null;
  observations.drivenStoppedSinceUs = isDrivenStopped ? (observations.drivenStoppedSinceUs ?? schedule.nowUs) : null;
  const stopTakesUs = options.config.handover === 'reset' ? RESET_TAKES_US : STOP_TAKES_US;
  if (isDrivenStopped && schedule.nowUs > (observations.drivenStoppedSinceUs ?? 0) + stopTakesUs)
    observations.breaks('stoppedDrivesNothing', `level ${level} reaches the actuator of a stopped pair`);
  const { at } = contact;
  const drives =
    (at === 'a' || at === 'b') && boards[at].level !== null && observations.memberStates.get(at) === 'locked-out';
  const isExcused = contact.stuck || contact.slowerUs > 0 || !isAlive;
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
